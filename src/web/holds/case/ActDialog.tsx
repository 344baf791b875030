/** Easy forth, hard back: an act shows its whole way, and asks for what it owes, before it is done. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { PasswordField } from '../../parts/PasswordField.tsx';
import { serverNow } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { useAction } from '../../state/load.ts';
import { parseMoment } from '../../time/parse.ts';
import { addDays } from '../../time/zone.ts';
import type { Act } from './acts.ts';
import { Reason, Typed } from '../fields.tsx';
import { isReview, LATEST_REVIEW_DAYS, LEAST_REASON, USUAL_REVIEW_DAYS } from '../composer/form.ts';
import { StepList } from './Steps.tsx';
import type { Step } from './way.ts';

/** What was typed; only what was asked for. */
export interface Given {
  readonly reason?: string;
  readonly password?: string;
  readonly reviewMs?: number;
}

export interface ActDialogProps {
  readonly title: string;
  readonly about: string;
  readonly go: string;
  readonly steps: readonly Step[];
  readonly asks: Act['asks'];
  readonly destructive: boolean;
  /** Whether what `children` ask for is there. */
  readonly complete?: boolean;
  readonly onClose: () => void;
  /** Does it; throws ApiError, `forbidden` for a wrong password. */
  readonly onGo: (given: Given) => Promise<void>;
  readonly children?: ComponentChildren;
}

export function ActDialog(props: ActDialogProps): JSX.Element {
  const { shared } = useWords().texts;
  const { asks } = props;
  const action = useAction();
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const review = useReview();
  const wrong = action.failed === 'forbidden' ? shared.wrongPassword : undefined;
  const given: Given = {
    ...(asks.includes('reason') ? { reason: reason.trim() } : {}),
    ...(asks.includes('password') ? { password } : {}),
    ...(asks.includes('review') ? { reviewMs: review.ms } : {}),
  };
  return (
    <Dialog title={props.title} about={props.about} onClose={props.onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          action.run(() => props.onGo(given));
        }}
      >
        {props.steps.length === 0 ? null : <StepList steps={props.steps} />}
        {props.children}
        {asks.includes('review') ? <Review {...review} /> : null}
        <Asked
          asks={asks}
          reason={reason}
          password={password}
          wrong={wrong}
          onReason={setReason}
          onPassword={setPassword}
        />
        <Trouble code={wrong === undefined ? action.failed : undefined} />
        <div class="dialog-foot">
          <button class="button" type="button" onClick={props.onClose}>
            {shared.cancel}
          </button>
          <button
            class={props.destructive ? 'button bad' : 'button go'}
            disabled={!isComplete(given) || props.complete === false || action.running}
          >
            {props.go}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function isComplete({ reason, password, reviewMs }: Given): boolean {
  const reasoned = reason === undefined || reason.length >= LEAST_REASON;
  const reviewed = reviewMs === undefined || isReview(reviewMs, serverNow());
  return reasoned && reviewed && password !== '';
}

interface AskedProps {
  readonly asks: Act['asks'];
  readonly reason: string;
  readonly password: string;
  readonly wrong: string | undefined;
  readonly onReason: (reason: string) => void;
  readonly onPassword: (password: string) => void;
}

/** The reason and the password, as an act asks for them. */
export function Asked(props: AskedProps): JSX.Element {
  const { cases, shared } = useWords().texts;
  return (
    <>
      {props.asks.includes('reason') ? (
        <Reason label={cases.reason} value={props.reason} onChange={props.onReason} />
      ) : null}
      {props.asks.includes('password') ? (
        <PasswordField
          label={shared.passwordAgain}
          wrong={props.wrong}
          value={props.password}
          onChange={props.onPassword}
        />
      ) : null}
    </>
  );
}

/** Somebody was before: what is shown has been read anew. */
export function Trouble({ code }: { code: string | undefined }): JSX.Element | null {
  const { cases } = useWords().texts;
  if (code !== 'conflict') return <Failure code={code} />;
  return (
    <p class="notice" role="alert">
      {cases.stale}
    </p>
  );
}

interface ReviewDay {
  readonly typed: string;
  /** NaN while it cannot be read. */
  readonly ms: number;
  readonly onType: (typed: string) => void;
}

/** Four weeks from now unless another day is typed. */
function useReview(): ReviewDay {
  const { time } = useWords();
  const [typed, onType] = useState(() => time.fullDay(addDays(time.zone, serverNow(), USUAL_REVIEW_DAYS)));
  return { typed, ms: parseMoment(typed, time) ?? NaN, onType };
}

function Review({ typed, ms, onType }: ReviewDay): JSX.Element {
  const { cases, composer } = useWords().texts;
  return (
    <Typed
      label={cases.nextReview}
      aside={composer.reviewAtMost(LATEST_REVIEW_DAYS)}
      value={typed}
      wrong={isReview(ms, serverNow()) ? undefined : composer.wrong.review}
      onChange={onType}
    />
  );
}
