/** A modal dialog: focus goes in and comes back, Esc closes unless it is `owed`. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

export interface DialogProps {
  readonly title: string;
  readonly about?: string;
  /** Called by Esc and by whoever closes it; absent: the dialog is owed an answer. */
  readonly onClose?: () => void;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Dialog(props: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={props.class}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose?.();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        {props.about === undefined ? null : <p>{props.about}</p>}
      </header>
      <div class="dialog-body">{props.children}</div>
    </dialog>
  );
}
