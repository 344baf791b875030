/** Changing one's own password. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { changePassword } from '../api/endpoints.ts';
import { useTexts } from '../state/language.ts';
import { useAction } from '../state/load.ts';
import { Dialog } from './Dialog.tsx';
import { Failure } from './Failure.tsx';
import { PasswordField } from './PasswordField.tsx';

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
        <PasswordField label={shared.currentPassword} value={now} onChange={setNow} wrong={wrong} />
        <PasswordField label={shared.newPassword} fresh value={next} onChange={setNext} />
        <PasswordField
          label={shared.repeatPassword}
          fresh
          value={again}
          onChange={setAgain}
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
