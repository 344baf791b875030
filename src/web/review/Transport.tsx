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
  const by = (act: (desk: Desk, by: -1 | 1) => void, sign: -1 | 1) => (): void => {
    act(desk, sign);
  };
  const five = (d: Desk, sign: -1 | 1): void => {
    jump(d, sign * FIVE_MS);
  };
  return (
    <div class="transport-keys">
      <Key icon="back5" label={review.back5} hint="←" onPress={by(five, -1)} />
      <Key icon="stepBack" label={review.stepBack} hint="," onPress={by(step, -1)} />
      <Key
        icon={direction === 0 ? 'play' : 'pause'}
        label={direction === 0 ? review.play : review.pause}
        hint="space"
        main
        onPress={() => {
          togglePlay(desk);
        }}
      />
      <Key icon="stepOn" label={review.stepOn} hint="." onPress={by(step, 1)} />
      <Key icon="on5" label={review.on5} hint="→" onPress={by(five, 1)} />
    </div>
  );
}

interface KeyProps {
  readonly icon: IconName;
  readonly label: string;
  /** The key on the keyboard that does the same. */
  readonly hint: string;
  readonly main?: boolean;
  readonly onPress: () => void;
}

function Key({ icon, label, hint, main, onPress }: KeyProps): JSX.Element {
  const look = main === true ? 'button ghost square play' : 'button ghost square';
  return (
    <button class={look} aria-label={label} title={`${label}  ${hint}`} onClick={onPress}>
      <Icon name={icon} />
    </button>
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
      {LAYOUTS.filter(({ count }) => count === 1 || count / 2 < desk.cameras.get().length).map(
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
