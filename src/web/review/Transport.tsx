/** The clock with its sentence, the keys of playback, speed and layout. */
import type { JSX } from 'preact';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { useTexts } from '../state/language.ts';
import { useValue } from '../state/store.ts';
import { SECOND_MS } from '../time/zone.ts';
import { Clock } from './Clock.tsx';
import { SPEEDS, type Desk, type Layout } from './desk.ts';
import { jump, setLayout, setSpeed, step, togglePlay } from './moves.ts';

const FIVE_MS = 5 * SECOND_MS;
const SPEED_LABELS: readonly string[] = ['⅛', '¼', '½', '1×', '2', '4', '8', '16'];
const LAYOUTS: readonly { count: Layout; icon: IconName }[] = [
  { count: 1, icon: 'one' },
  { count: 2, icon: 'two' },
  { count: 4, icon: 'four' },
];

export interface TransportProps {
  readonly desk: Desk;
  readonly jumping: boolean;
  readonly onJumping: (jumping: boolean) => void;
  readonly onHelp: () => void;
}

export function Transport({ desk, jumping, onJumping, onHelp }: TransportProps): JSX.Element {
  const { review } = useTexts();
  return (
    <section class="transport" aria-label={review.playback}>
      <Clock desk={desk} jumping={jumping} onJumping={onJumping} />
      <Keys desk={desk} />
      <div class="transport-right">
        <Speed desk={desk} />
        <span class="separator" />
        <Layouts desk={desk} />
        <button
          class="button ghost square"
          aria-label={review.keys}
          title={`${review.keys}  ?`}
          onClick={onHelp}
        >
          <Icon name="help" />
        </button>
      </div>
    </section>
  );
}

function Keys({ desk }: { desk: Desk }): JSX.Element {
  const { review } = useTexts();
  const { direction } = useValue(desk.motion);
  const key = (icon: IconName, label: string, hint: string, act: () => void): JSX.Element => (
    <button class="button ghost square" aria-label={label} title={`${label}  ${hint}`} onClick={act}>
      <Icon name={icon} />
    </button>
  );
  const main = direction === 0 ? review.play : review.pause;
  return (
    <div class="transport-keys">
      {key('back5', review.back5, '←', () => {
        jump(desk, -FIVE_MS);
      })}
      {key('stepBack', review.stepBack, ',', () => {
        step(desk, -1);
      })}
      <button
        class="button ghost square play"
        aria-label={main}
        title={`${main}  space`}
        onClick={() => {
          togglePlay(desk);
        }}
      >
        <Icon name={direction === 0 ? 'play' : 'pause'} />
      </button>
      {key('stepOn', review.stepOn, '.', () => {
        step(desk, 1);
      })}
      {key('on5', review.on5, '→', () => {
        jump(desk, FIVE_MS);
      })}
    </div>
  );
}

/** A scale of stops, like those on a lens. */
function Speed({ desk }: { desk: Desk }): JSX.Element {
  const { review } = useTexts();
  const { speed } = useValue(desk.motion);
  return (
    <div class="speed" role="radiogroup" aria-label={review.speed}>
      {SPEEDS.map((s, i) => (
        <button
          key={s}
          role="radio"
          aria-checked={s === speed}
          onClick={() => {
            setSpeed(desk, s);
          }}
        >
          {SPEED_LABELS[i]}
        </button>
      ))}
    </div>
  );
}

function Layouts({ desk }: { desk: Desk }): JSX.Element {
  const { review } = useTexts();
  const { layout } = useValue(desk.stage);
  return (
    <>
      {LAYOUTS.filter(({ count }) => count === 1 || count / 2 < desk.cameras.length).map(
        ({ count, icon }) => (
          <button
            key={count}
            class="button ghost square"
            aria-pressed={layout === count}
            aria-label={review.layout(count)}
            title={review.layout(count)}
            onClick={() => {
              setLayout(desk, count);
            }}
          >
            <Icon name={icon} />
          </button>
        ),
      )}
    </>
  );
}
