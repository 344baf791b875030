/** Why are you looking? Owed before a picture is seen, and again when it has lapsed. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Hold, Purpose } from '../../http/api/index.ts';
import { getHolds } from '../api/endpoints.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Field } from '../parts/Field.tsx';
import { useTexts } from '../state/language.ts';
import { useAction, useLoad } from '../state/load.ts';
import { signOut, statePurpose } from '../state/session.ts';

type Kind = Purpose['kind'];
const KINDS: readonly Kind[] = ['protect_property', 'legal_claim', 'case'];
const LEAST = 5;

/** `onClose` only where a purpose stands already and is merely changed. */
export function PurposeDialog({ onClose }: { onClose?: () => void }): JSX.Element {
  const texts = useTexts();
  const action = useAction();
  const [kind, setKind] = useState<Kind>('protect_property');
  const [note, setNote] = useState('');
  const [caseRef, setCaseRef] = useState('');
  const complete = note.trim().length >= LEAST && (kind !== 'case' || caseRef.trim() !== '');
  const submit = (event: Event): void => {
    event.preventDefault();
    const stated = { kind, note: note.trim() };
    action.run(async () => {
      await statePurpose(kind === 'case' ? { ...stated, caseRef: caseRef.trim() } : stated);
      onClose?.();
    });
  };
  return (
    <Dialog
      class="why"
      title={texts.login.why}
      about={texts.login.whyMore}
      {...(onClose === undefined ? {} : { onClose })}
    >
      <form class="dialog-form" onSubmit={submit}>
        <Kinds kind={kind} onKind={setKind} />
        {kind === 'case' ? <CaseRef value={caseRef} onInput={setCaseRef} /> : null}
        <Field label={texts.login.what} aside={texts.login.whatHint}>
          {(control) => (
            <textarea
              {...control}
              class="input"
              rows={2}
              maxLength={300}
              value={note}
              onInput={(e) => {
                setNote(e.currentTarget.value);
              }}
            />
          )}
        </Field>
        <div class="recorded-note">
          <div>
            <b>{texts.shared.recorded}</b>
            {texts.login.recordedMore}
          </div>
        </div>
        <Failure code={action.failed} />
        <div class="dialog-foot">
          <LeaveButton {...(onClose === undefined ? {} : { onClose })} />
          <button class="button go" disabled={!complete || action.running}>
            {texts.login.start}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function LeaveButton({ onClose }: { onClose?: () => void }): JSX.Element {
  const { shared } = useTexts();
  const leave =
    onClose ??
    (() => {
      void signOut();
    });
  return (
    <button class="button" type="button" onClick={leave}>
      {onClose === undefined ? shared.signOut : shared.cancel}
    </button>
  );
}

function Kinds({ kind, onKind }: { kind: Kind; onKind: (kind: Kind) => void }): JSX.Element {
  const { login } = useTexts();
  return (
    <fieldset class="options">
      <legend class="unseen">{login.purpose}</legend>
      {KINDS.map((k) => (
        <label key={k}>
          <input
            type="radio"
            name="purpose"
            value={k}
            checked={k === kind}
            onChange={() => {
              onKind(k);
            }}
          />
          <b>{login.purposes[k]}</b>
          <span>{login.purposeHints[k]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function CaseRef({ value, onInput }: { value: string; onInput: (value: string) => void }): JSX.Element {
  const { login } = useTexts();
  const holds = useLoad<Hold[]>('holds', async () => (await getHolds()).holds);
  return (
    <Field label={login.caseRef} aside={login.caseRefHint}>
      {(control) => (
        <>
          <input
            {...control}
            class="input"
            list="open-cases"
            maxLength={80}
            value={value}
            onInput={(e) => {
              onInput(e.currentTarget.value);
            }}
          />
          <datalist id="open-cases">
            {(holds.value ?? [])
              .filter((h) => h.state === 'standing')
              .map((h) => (
                <option key={h.id} value={h.caseRef}>
                  {h.title}
                </option>
              ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
