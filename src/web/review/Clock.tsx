/** The moment under the needle, its day, and when its pictures go. Pressed, it takes a typed time. */
import type { JSX } from 'preact';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { useStore, useValue } from '../state/store.ts';
import type { Desk } from './desk.ts';
import { fateOf } from './fate.ts';
import { Jump } from './Jump.tsx';
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
