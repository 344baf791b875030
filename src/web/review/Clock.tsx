/** The moment under the needle, its day, and when its pictures go. Pressed, it takes a typed time. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { useStore, useValue } from '../state/store.ts';
import { parseTime } from '../time/parse.ts';
import type { Desk } from './desk.ts';
import { fateOf } from './fate.ts';
import { useNarrow } from './narrow.ts';

export interface ClockProps {
  readonly desk: Desk;
  readonly jumping: boolean;
  readonly onJumping: (jumping: boolean) => void;
}

export function Clock({ desk, jumping, onJumping }: ClockProps): JSX.Element {
  return (
    <div class="clock">
      {jumping ? (
        <Jump
          desk={desk}
          onClose={() => {
            onJumping(false);
          }}
        />
      ) : (
        <Digits
          desk={desk}
          onPress={() => {
            onJumping(true);
          }}
        />
      )}
      <Sentence desk={desk} />
    </div>
  );
}

function Digits({ desk, onPress }: { desk: Desk; onPress: () => void }): JSX.Element {
  const { texts, time } = useWords();
  const atMs = useValue(desk.atMs);
  return (
    <button
      class="clock-digits"
      aria-label={texts.review.jump}
      title={`${texts.review.jump}  T`}
      onClick={onPress}
    >
      {time.second(atMs)}
      <small>.{time.hundredths(atMs)}</small>
    </button>
  );
}

function Sentence({ desk }: { desk: Desk }): JSX.Element {
  const words = useWords();
  const narrow = useNarrow();
  const second = useStore(desk.atMs, (ms) => Math.floor(ms / 1000) * 1000);
  useValue(desk.stage);
  useValue(desk.clipsKnown);
  const camera = desk.activeCamera;
  const at = { moment: desk.moment(camera, second), dueMs: desk.dueMs(camera, second), nowMs: serverNow() };
  const fate = fateOf(at, words, narrow);
  return (
    <p>
      <b>{narrow ? words.time.day(second) : words.time.longDay(second)}</b>
      <span data-tone={fate.tone}>{fate.text}</span>
    </p>
  );
}

function Jump({ desk, onClose }: { desk: Desk; onClose: () => void }): JSX.Element {
  const { texts, time } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [unread, setUnread] = useState(false);
  useEffect(() => {
    input.current?.select();
  }, []);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const now = { atMs: desk.atMs.get(), nowMs: serverNow() };
        const ms = parseTime(input.current?.value ?? '', now, time);
        if (ms === undefined) {
          setUnread(true);
          return;
        }
        desk.seek(ms);
        onClose();
      }}
    >
      <input
        ref={input}
        class="clock-jump"
        aria-label={texts.review.jump}
        aria-invalid={unread}
        title={unread ? texts.review.jumpUnread : undefined}
        defaultValue={time.second(desk.atMs.get())}
        onBlur={onClose}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') onClose();
        }}
      />
      {unread ? (
        <small class="clock-unread" role="alert">
          {texts.review.jumpUnread}
        </small>
      ) : null}
    </form>
  );
}
