/** Easy forth, hard back: releasing shows its whole way before the first step. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Hold } from '../../http/api/index.ts';
import { actOnHold } from '../api/endpoints.ts';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { PasswordDialog } from '../parts/PasswordDialog.tsx';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import { LEAST_REASON } from './form.ts';
import { camerasOf } from './HoldList.tsx';
import type { Cases } from './Holds.tsx';
import { StepList, type Step } from './Steps.tsx';

export interface ReleaseDialogProps {
  readonly hold: Hold;
  readonly cases: Cases;
  readonly onClose: () => void;
  readonly onReleased: () => void;
}

export function ReleaseDialog({ hold, cases, onClose, onReleased }: ReleaseDialogProps): JSX.Element {
  const words = useWords();
  const { holds, composer } = words.texts;
  const [reason, setReason] = useState('');
  const missing = LEAST_REASON - reason.trim().length;
  const { time } = words;
  const about = `${hold.title} · ${camerasOf(hold, cases, words)} · ${time.moment(hold.fromMs)} – ${time.moment(hold.toMs)}`;
  return (
    <PasswordDialog
      title={holds.releaseTitle(hold.caseRef)}
      about={about}
      go={holds.releaseGo}
      complete={missing <= 0}
      onClose={onClose}
      onGo={async (password) => {
        await actOnHold(hold.id, 'release', { version: hold.version, reason: reason.trim(), password });
        onReleased();
      }}
    >
      <StepList
        steps={[
          { title: holds.steps.ask, more: holds.steps.askMore, state: 'now' },
          { title: holds.steps.second, more: holds.steps.secondMore, state: 'coming' },
          ...coolingOff(cases.coolingOffMs, words),
          { title: holds.steps.destroyed, more: holds.steps.destroyedMore, state: 'coming' },
        ]}
      />
      <Overlaps hold={hold} cases={cases} />
      <Field
        label={holds.releaseReason}
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
    </PasswordDialog>
  );
}

/** No step where the configuration has none. */
function coolingOff(ms: number, { texts, time }: Words): Step[] {
  const { cooling, coolingMore } = texts.holds.steps;
  return ms === 0 ? [] : [{ title: cooling(time.span(ms)), more: coolingMore, state: 'coming' }];
}

/** What other standing holds keep of the same window. */
function Overlaps({ hold, cases }: { hold: Hold; cases: Cases }): JSX.Element | null {
  const { texts, time } = useWords();
  const others = cases.holds
    .filter((h) => h.id !== hold.id && h.state === 'standing')
    .filter((h) => h.cameraIds.some((id) => hold.cameraIds.includes(id)))
    .map((h) => ({ ref: h.caseRef, ms: Math.min(h.toMs, hold.toMs) - Math.max(h.fromMs, hold.fromMs) }))
    .filter((o) => o.ms > 0);
  if (others.length === 0) return null;
  return (
    <p class="notice">
      <Icon name="warn" />
      <span>{others.map((o) => texts.holds.overlap(time.span(o.ms), o.ref)).join(' ')}</span>
    </p>
  );
}
