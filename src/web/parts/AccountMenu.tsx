/** Who is signed in, the change of password, and the way out; on a phone also the pages. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../http/api/index.ts';
import { useTexts } from '../state/language.ts';
import { PAGES_OF } from '../state/route.ts';
import { endViewing, purpose, signOut } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { Icon } from './Icon.tsx';
import { PasswordChange } from './PasswordChange.tsx';

export function AccountMenu({ session }: { session: Session }): JSX.Element {
  const texts = useTexts();
  const [open, setOpen] = useState(false);
  const [changing, setChanging] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  useCloseOutside(element, open, () => {
    setOpen(false);
  });
  return (
    <div class="who" ref={element}>
      <span class="name">
        {session.displayName}
        <small>{texts.shared.roles[session.role]}</small>
      </span>
      <button
        class="button ghost square"
        aria-label={texts.shared.account}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Icon name="down" />
      </button>
      {open ? (
        <Menu
          session={session}
          onChangePassword={() => {
            setOpen(false);
            setChanging(true);
          }}
        />
      ) : null}
      {changing ? (
        <PasswordChange
          onClose={() => {
            setChanging(false);
          }}
        />
      ) : null}
    </div>
  );
}

function Menu({
  session,
  onChangePassword,
}: {
  session: Session;
  onChangePassword: () => void;
}): JSX.Element {
  const texts = useTexts();
  const looking = useStore(purpose, (p) => p !== null);
  return (
    <div class="menu">
      <nav class="pages" aria-label={texts.shared.pages}>
        {PAGES_OF[session.role].map((p) => (
          <a key={p} href={`#/${p}`}>
            {texts.shared[p]}
          </a>
        ))}
      </nav>
      <button onClick={onChangePassword}>
        <Icon name="key" />
        {texts.shared.changePassword}
      </button>
      {looking ? (
        <button
          onClick={() => {
            void endViewing();
          }}
        >
          <Icon name="noEye" />
          {texts.shared.endViewing}
        </button>
      ) : null}
      <button
        onClick={() => {
          void signOut();
        }}
      >
        <Icon name="out" />
        {texts.shared.signOut}
      </button>
    </div>
  );
}

function useCloseOutside(element: { current: HTMLElement | null }, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && element.current?.contains(event.target) === true) return;
      close();
    };
    addEventListener('pointerdown', outside, { signal, capture: true });
    addEventListener('hashchange', close, { signal });
    addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape') close();
      },
      { signal },
    );
    return () => {
      stop.abort();
    };
  }, [open]);
}
