/** Changing one's own password. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { changePassword } from '../api/endpoints.ts';
import { useTexts } from '../state/language.ts';
import { useAction } from '../state/load.ts';
import { Dialog } from './Dialog.tsx';
import { Failure } from './Failure.tsx';
import { Field } from './Field.tsx';

const LEAST = 15;

export function PasswordChange({ onClose }: { onClose: () => void }): JSX.Element {
  const { shared } = useTexts();
  const action = useAction();
  const [now, setNow] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [done, setDone] = useState(false);
  const wrong = action.failed === 'forbidden' ? shared.wrongPassword : undefined;
  const differ = again !== '' && again !== next;
  if (done) return <Changed onClose={onClose} />;
  return (
    <Dialog title={shared.changePassword} about={shared.passwordRule} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          action.run(async () => {
            await changePassword(now, next);
            setDone(true);
          });
        }}
      >
        <Password
          label={shared.currentPassword}
          autocomplete="current-password"
          value={now}
          onInput={setNow}
          wrong={wrong}
        />
        <Password label={shared.newPassword} autocomplete="new-password" value={next} onInput={setNext} />
        <Password
          label={shared.repeatPassword}
          autocomplete="new-password"
          value={again}
          onInput={setAgain}
          wrong={differ ? shared.passwordsDiffer : undefined}
        />
        <Failure code={wrong === undefined ? action.failed : undefined} />
        <div class="dialog-foot">
          <button class="button" type="button" onClick={onClose}>
            {shared.cancel}
          </button>
          <button
            class="button go"
            disabled={now === '' || next.length < LEAST || again !== next || action.running}
          >
            {shared.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Changed({ onClose }: { onClose: () => void }): JSX.Element {
  const { shared } = useTexts();
  return (
    <Dialog title={shared.changePassword} about={shared.passwordChanged} onClose={onClose}>
      <div class="dialog-foot">
        <button class="button go" onClick={onClose}>
          {shared.close}
        </button>
      </div>
    </Dialog>
  );
}

interface PasswordProps {
  readonly label: string;
  readonly autocomplete: 'current-password' | 'new-password';
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly wrong?: string | undefined;
}

function Password({ label, autocomplete, value, onInput, wrong }: PasswordProps): JSX.Element {
  return (
    <Field label={label} wrong={wrong}>
      {(control) => (
        <input
          {...control}
          class="input"
          type="password"
          autocomplete={autocomplete}
          value={value}
          onInput={(e) => {
            onInput(e.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}
