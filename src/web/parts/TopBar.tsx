/** The bar over every page: where one is, why one looks, who one is. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session, Site } from '../../http/api/index.ts';
import { chooseLanguage, useWords } from '../state/language.ts';
import { PAGES_OF, type Page } from '../state/route.ts';
import { canProlong, refresh, sessionLeftMs } from '../state/session.ts';
import { isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../texts/language.ts';
import { MINUTE_MS, SECOND_MS } from '../time/zone.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { Brand } from './Mark.tsx';

export interface TopBarProps {
  readonly site: Site;
  readonly session: Session;
  readonly page: Page | undefined;
  /** What stands in the middle: the purpose, or that no pictures are seen. */
  readonly children: ComponentChildren;
}

export function TopBar({ site, session, page, children }: TopBarProps): JSX.Element {
  const { texts } = useWords();
  return (
    <header class="top">
      <Brand name={site.name} city={site.city} />
      <nav aria-label={texts.shared.pages}>
        {PAGES_OF[session.role].map((p) => (
          <a key={p} href={`#/${p}`} aria-current={p === page ? 'page' : undefined}>
            {texts.shared[p]}
          </a>
        ))}
      </nav>
      <span class="spring" />
      {children}
      <span class="spring" />
      <SessionEnd session={session} />
      <LanguageSwitch short />
      <AccountMenu session={session} />
    </header>
  );
}

export function LanguageSwitch({ short }: { short?: boolean }): JSX.Element {
  const { texts, language } = useWords();
  return (
    <select
      class="language"
      aria-label={texts.shared.language}
      value={language}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        if (isLanguage(chosen)) chooseLanguage(chosen);
      }}
    >
      {LANGUAGES.map((l) => (
        <option key={l} value={l}>
          {short === true ? l.toUpperCase() : LANGUAGE_NAMES[l]}
        </option>
      ))}
    </select>
  );
}

const NOTICE_MS = 2 * MINUTE_MS;

/** Two minutes before the session ends it says so, and offers to stay where that can still be had. */
function SessionEnd({ session }: { session: Session }): JSX.Element | null {
  const { texts, time } = useWords();
  const [left, setLeft] = useState(Infinity);
  useEffect(() => {
    const look = (): void => {
      const ms = sessionLeftMs(session);
      setLeft(ms < NOTICE_MS ? Math.max(0, Math.ceil(ms / SECOND_MS) * SECOND_MS) : Infinity);
    };
    look();
    const timer = setInterval(look, SECOND_MS);
    return () => {
      clearInterval(timer);
    };
  }, [session]);
  if (left === Infinity) return null;
  return (
    <span class="ending" role="status">
      {texts.shared.sessionEnds(time.span(left))}{' '}
      {canProlong(session) ? (
        <button
          class="link"
          onClick={() => {
            void refresh();
          }}
        >
          {texts.shared.staySignedIn}
        </button>
      ) : null}
    </span>
  );
}
