/** Where a password is typed. */
import type { JSX } from 'preact';
import { Field } from './Field.tsx';

export interface PasswordFieldProps {
  readonly label: string;
  readonly wrong?: string | undefined;
  readonly required?: boolean;
  /** A password that is to be chosen; password managers offer one. */
  readonly fresh?: boolean;
  readonly value: string;
  readonly onChange: (password: string) => void;
}

export function PasswordField(props: PasswordFieldProps): JSX.Element {
  return (
    <Field label={props.label} wrong={props.wrong}>
      {(control) => (
        <input
          {...control}
          class="input"
          type="password"
          autocomplete={props.fresh === true ? 'new-password' : 'current-password'}
          required={props.required ?? false}
          value={props.value}
          onInput={(e) => {
            props.onChange(e.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}
