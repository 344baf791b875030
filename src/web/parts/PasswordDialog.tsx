/** Asks for the password again before something that cannot be undone at once. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useAction } from '../state/load.ts';
import { useTexts } from '../state/language.ts';
import { Dialog } from './Dialog.tsx';
import { Failure } from './Failure.tsx';
import { PasswordField } from './PasswordField.tsx';

export interface PasswordDialogProps {
  readonly title: string;
  readonly about?: string;
  readonly go: string;
  /** Whether the button may be pressed, apart from the password. */
  readonly complete?: boolean;
  readonly destructive?: boolean;
  readonly onClose: () => void;
  /** Does it; throws ApiError, `forbidden` for a wrong password. */
  readonly onGo: (password: string) => Promise<void>;
  readonly children?: ComponentChildren;
}

export function PasswordDialog(props: PasswordDialogProps): JSX.Element {
  const texts = useTexts();
  const action = useAction();
  const [password, setPassword] = useState('');
  const wrong = action.failed === 'forbidden' ? texts.shared.wrongPassword : undefined;
  const submit = (event: Event): void => {
    event.preventDefault();
    action.run(() => props.onGo(password));
  };
  return (
    <Dialog
      title={props.title}
      {...(props.about === undefined ? {} : { about: props.about })}
      onClose={props.onClose}
    >
      <form class="dialog-form" onSubmit={submit}>
        {props.children}
        <PasswordField
          label={texts.shared.passwordAgain}
          wrong={wrong}
          value={password}
          onChange={setPassword}
        />
        <Failure code={wrong === undefined ? action.failed : undefined} />
        <div class="dialog-foot">
          <button class="button" type="button" onClick={props.onClose}>
            {texts.shared.cancel}
          </button>
          <button
            class={props.destructive === true ? 'button bad' : 'button go'}
            disabled={password === '' || props.complete === false || action.running}
          >
            {props.go}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
