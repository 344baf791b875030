/** What waits for a second person: told to everybody, decided by whoever may and did not begin it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Hold, Session } from '../../http/api/index.ts';
import { actOnHold } from '../api/endpoints.ts';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { PasswordDialog } from '../parts/PasswordDialog.tsx';
import { useTexts, useWords } from '../state/language.ts';
import { LEAST_REASON } from './form.ts';

type Decision = 'confirm' | 'approve' | 'refuse';

export interface SecondPersonProps {
  readonly hold: Hold;
  readonly session: Session;
  readonly onDone: () => void;
}

export function SecondPerson({ hold, session, onDone }: SecondPersonProps): JSX.Element | null {
  const { texts, time } = useWords();
  const { second } = texts.holds;
  const [deciding, setDeciding] = useState<Decision>();
  const { pending, confirmByMs } = hold;
  if (pending === null && confirmByMs === null) return null;
  const began = pending?.by ?? hold.setBy;
  const mayDecide = session.permissions.includes('holds.confirm') && session.userName !== began;
  const choices: readonly Decision[] = pending === null ? ['confirm'] : ['approve', 'refuse'];
  return (
    <div class="notice second-person">
      <Icon name="people" />
      <span>
        {pending === null
          ? second.unconfirmed(time.moment(confirmByMs ?? 0))
          : `${second[pending.what](pending.by)} ${texts.shared.quote(pending.reason)} ${second.waits}`}
      </span>
      {mayDecide
        ? choices.map((choice) => (
            <button
              key={choice}
              class="button"
              onClick={() => {
                setDeciding(choice);
              }}
            >
              {second[choice]}
            </button>
          ))
        : null}
      {deciding === undefined ? null : (
        <DecisionDialog
          hold={hold}
          decision={deciding}
          onClose={() => {
            setDeciding(undefined);
          }}
          onDone={() => {
            setDeciding(undefined);
            onDone();
          }}
        />
      )}
    </div>
  );
}

interface DecisionProps {
  readonly hold: Hold;
  readonly decision: Decision;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function DecisionDialog({ hold, decision, onClose, onDone }: DecisionProps): JSX.Element {
  const { holds, composer } = useTexts();
  const [reason, setReason] = useState('');
  const missing = decision === 'confirm' ? 0 : LEAST_REASON - reason.trim().length;
  const { id, version } = hold;
  return (
    <PasswordDialog
      title={`${hold.caseRef}: ${holds.second[decision]}`}
      about={hold.title}
      go={holds.second[decision]}
      destructive={decision === 'approve'}
      complete={missing <= 0}
      onClose={onClose}
      onGo={async (password) => {
        const given = {
          ...(decision === 'confirm' ? {} : { reason: reason.trim() }),
          ...(decision === 'refuse' ? {} : { password }),
        };
        await actOnHold(id, decision, { version, ...given });
        onDone();
      }}
    >
      {decision === 'confirm' ? null : (
        <Field
          label={holds.second.reason}
          aside={missing > 0 ? composer.moreCharacters(missing) : composer.characters(reason.trim().length)}
        >
          {(control) => (
            <textarea
              {...control}
              class="input"
              rows={2}
              maxLength={2000}
              value={reason}
              onInput={(e) => {
                setReason(e.currentTarget.value);
              }}
            />
          )}
        </Field>
      )}
    </PasswordDialog>
  );
}
