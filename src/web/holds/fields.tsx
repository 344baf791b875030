/** Fields that more than one form about holds has: a typed moment, and a reason that is long enough. */
import type { JSX } from 'preact';
import { Field } from '../parts/Field.tsx';
import { useWords } from '../state/language.ts';
import { LEAST_REASON } from './composer/form.ts';

export interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly aside?: string | undefined;
  readonly wrong?: string | undefined;
  readonly maxLength?: number;
  /** Takes the whole line of its form. */
  readonly wide?: boolean;
  readonly onChange: (value: string) => void;
}

export function Typed(props: TypedProps): JSX.Element {
  return (
    <Field label={props.label} aside={props.aside} wrong={props.wrong} wide={props.wide ?? false}>
      {(control) => (
        <input
          {...control}
          class="input"
          maxLength={props.maxLength}
          value={props.value}
          onInput={(e) => {
            props.onChange(e.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

export function Reason(
  props: Omit<TypedProps, 'aside' | 'maxLength' | 'wide'> & { rows?: number },
): JSX.Element {
  const { composer } = useWords().texts;
  const typed = props.value.trim().length;
  return (
    <Field
      wide
      label={props.label}
      aside={
        typed < LEAST_REASON ? composer.moreCharacters(LEAST_REASON - typed) : composer.characters(typed)
      }
      wrong={props.wrong}
    >
      {(control) => (
        <textarea
          {...control}
          class="input"
          rows={props.rows ?? 2}
          maxLength={2000}
          value={props.value}
          onInput={(e) => {
            props.onChange(e.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}
