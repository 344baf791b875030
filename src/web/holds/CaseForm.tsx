/** The case of a hold. What is wrong is said at its field; nothing typed is ever lost. */
import type { JSX } from 'preact';
import { Field } from '../parts/Field.tsx';
import { useWords } from '../state/language.ts';
import {
  GROUNDS,
  KINDS,
  LATEST_REVIEW_DAYS,
  LEAST_REASON,
  USUAL_GROUND,
  type HoldForm,
  type WrongField,
} from './form.ts';

export interface CaseFormProps {
  readonly form: HoldForm;
  readonly wrong: ReadonlySet<WrongField>;
  readonly onChange: (part: Partial<HoldForm>) => void;
}

export function CaseForm(props: CaseFormProps): JSX.Element {
  const { form, wrong, onChange } = props;
  const { texts } = useWords();
  const { composer } = texts;
  const typed = form.reason.trim().length;
  return (
    <form
      class="panel case-form"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <Line {...props} field="caseRef" label={composer.caseRef} maxLength={80} />
      <Line {...props} field="title" label={composer.caseTitle} maxLength={120} />
      <Kinds form={form} onChange={onChange} />
      <Ground form={form} onChange={onChange} />
      <Review {...props} />
      <Moment {...props} field="from" />
      <Moment {...props} field="to" />
      <Field
        wide
        label={composer.reason}
        aside={
          typed < LEAST_REASON ? composer.moreCharacters(LEAST_REASON - typed) : composer.characters(typed)
        }
        wrong={wrong.has('reason') ? composer.wrong.reason : undefined}
      >
        {(control) => (
          <textarea
            {...control}
            class="input"
            rows={3}
            maxLength={2000}
            value={form.reason}
            onInput={(e) => {
              onChange({ reason: e.currentTarget.value });
            }}
          />
        )}
      </Field>
      {wrong.has('cameras') ? (
        <p class="wrong wide" role="alert">
          {composer.wrong.cameras}
        </p>
      ) : null}
    </form>
  );
}

type LineProps = CaseFormProps & { field: 'caseRef' | 'title'; label: string; maxLength: number };

function Line({ form, wrong, onChange, field, label, maxLength }: LineProps): JSX.Element {
  const { texts } = useWords();
  return (
    <Field label={label} wrong={wrong.has(field) ? texts.composer.wrong[field] : undefined}>
      {(control) => (
        <input
          {...control}
          class="input"
          maxLength={maxLength}
          value={form[field]}
          onInput={(e) => {
            onChange({ [field]: e.currentTarget.value });
          }}
        />
      )}
    </Field>
  );
}

type Part = Pick<CaseFormProps, 'form' | 'onChange'>;

function Kinds({ form, onChange }: Part): JSX.Element {
  const { texts } = useWords();
  return (
    <div class="field wide">
      <span class="caption">{texts.composer.kind}</span>
      <div class="segments" role="radiogroup" aria-label={texts.composer.kind}>
        {KINDS.map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="kind"
              checked={form.kind === kind}
              onChange={() => {
                onChange({ kind, ground: USUAL_GROUND[kind] });
              }}
            />
            {texts.holds.kinds[kind]}
          </label>
        ))}
      </div>
    </div>
  );
}

function Ground({ form, onChange }: Part): JSX.Element {
  const { texts } = useWords();
  return (
    <Field label={texts.composer.ground}>
      {(control) => (
        <select
          {...control}
          class="input"
          value={form.ground}
          onChange={(e) => {
            const ground = GROUNDS.find((g) => g === e.currentTarget.value);
            if (ground !== undefined) onChange({ ground });
          }}
        >
          {GROUNDS.map((g) => (
            <option key={g} value={g}>
              {texts.holds.grounds[g]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Review({ form, wrong, onChange }: CaseFormProps): JSX.Element {
  const { texts } = useWords();
  const { composer } = texts;
  return (
    <Field
      label={composer.review}
      aside={composer.reviewAtMost(LATEST_REVIEW_DAYS)}
      wrong={wrong.has('review') ? composer.wrong.review : undefined}
    >
      {(control) => (
        <input
          {...control}
          class="input"
          value={form.review}
          onInput={(e) => {
            onChange({ review: e.currentTarget.value });
          }}
        />
      )}
    </Field>
  );
}

function Moment({ form, wrong, onChange, field }: CaseFormProps & { field: 'from' | 'to' }): JSX.Element {
  const { texts, time } = useWords();
  const { composer } = texts;
  const sentence = field === 'to' && !wrong.has('from') ? composer.wrong.window : composer.wrong.windowUnread;
  return (
    <Field
      label={composer[field]}
      aside={field === 'to' ? time.zone.name : undefined}
      wrong={wrong.has(field) ? sentence : undefined}
    >
      {(control) => (
        <input
          {...control}
          class="input"
          value={form[field]}
          onInput={(e) => {
            onChange({ [field]: e.currentTarget.value });
          }}
        />
      )}
    </Field>
  );
}
