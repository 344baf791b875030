/** A labelled control with what is wrong beneath it. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps {
  readonly label: string;
  /** At the right of the label. */
  readonly aside?: string | undefined;
  readonly wrong?: string | undefined;
  readonly wide?: boolean;
  readonly children: (control: {
    id: string;
    'aria-invalid': boolean;
    'aria-describedby': string;
  }) => ComponentChildren;
}

export function Field({ label, aside, wrong, wide, children }: FieldProps): JSX.Element {
  const id = useId();
  const described = `${id}-wrong`;
  return (
    <div class={wide === true ? 'field wide' : 'field'}>
      <label for={id}>
        {label}
        {aside === undefined ? null : <span class="aside">{aside}</span>}
      </label>
      {children({ id, 'aria-invalid': wrong !== undefined, 'aria-describedby': described })}
      <span
        class="wrong"
        id={described}
        role={wrong === undefined ? undefined : 'alert'}
        hidden={wrong === undefined}
      >
        {wrong}
      </span>
    </div>
  );
}
