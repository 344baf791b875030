/** The case of a hold. What is wrong is said at its field; nothing typed is ever lost. */
import type { JSX } from 'preact';
import type { Hold, PeopleList } from '../../../http/api/index.ts';
import { Field } from '../../parts/Field.tsx';
import { useWords } from '../../state/language.ts';
import { Reason, Typed } from '../fields.tsx';
import { GROUNDS, KINDS, LATEST_REVIEW_DAYS, USUAL_GROUND, type HoldForm, type WrongField } from './form.ts';
import { Viewers } from '../Viewers.tsx';

export interface CaseFormProps {
  readonly form: HoldForm;
  readonly wrong: ReadonlySet<WrongField>;
  readonly people: PeopleList['people'];
  /** A hold of the case that this one goes under; its case is not written anew. */
  readonly under: Hold | undefined;
  readonly onChange: (part: Partial<HoldForm>) => void;
}

export function CaseForm(props: CaseFormProps): JSX.Element {
  const { form, wrong, under, people, onChange } = props;
  const { composer } = useWords().texts;
  return (
    <form
      class="panel case-form"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {under === undefined ? <CaseFields {...props} /> : <Under hold={under} />}
      <TermFields {...props} />
      <Reason
        label={composer.reason}
        value={form.reason}
        wrong={wrong.has('reason') ? composer.wrong.reason : undefined}
        onChange={(reason) => {
          onChange({ reason });
        }}
      />
      {under === undefined ? (
        <Viewers
          people={people}
          viewers={form.viewers}
          onChange={(viewers) => {
            onChange({ viewers });
          }}
        />
      ) : null}
      {wrong.has('cameras') ? (
        <p class="wrong wide" role="alert">
          {composer.wrong.cameras}
        </p>
      ) : null}
    </form>
  );
}

function Under({ hold }: { hold: Hold }): JSX.Element {
  const { composer, holds } = useWords().texts;
  return (
    <div class="wide case-under">
      <b>{composer.underCase(hold.caseRef)}</b>
      <span>
        {hold.title} · {holds.kinds[hold.kind]} · {holds.grounds[hold.ground]}
      </span>
    </div>
  );
}

type Part = Pick<CaseFormProps, 'form' | 'wrong' | 'onChange'>;

function CaseFields({ form, wrong, onChange }: Part): JSX.Element {
  const { composer } = useWords().texts;
  return (
    <>
      <Typed
        label={composer.caseRef}
        value={form.caseRef}
        maxLength={80}
        wrong={wrong.has('caseRef') ? composer.wrong.caseRef : undefined}
        onChange={(caseRef) => {
          onChange({ caseRef });
        }}
      />
      <Typed
        label={composer.caseTitle}
        value={form.title}
        maxLength={120}
        wrong={wrong.has('title') ? composer.wrong.title : undefined}
        onChange={(title) => {
          onChange({ title });
        }}
      />
      <Kinds form={form} onChange={onChange} />
      <Ground form={form} onChange={onChange} />
    </>
  );
}

function TermFields({ form, wrong, onChange }: Part): JSX.Element {
  const { texts, time } = useWords();
  const { composer } = texts;
  const order = wrong.has('order') ? composer.wrong.window : undefined;
  return (
    <>
      <Typed
        label={composer.from}
        value={form.from}
        wrong={wrong.has('from') ? composer.wrong.windowUnread : undefined}
        onChange={(from) => {
          onChange({ from });
        }}
      />
      <Typed
        label={composer.to}
        aside={time.zone.name}
        value={form.to}
        wrong={wrong.has('to') ? composer.wrong.windowUnread : order}
        onChange={(to) => {
          onChange({ to });
        }}
      />
      <Typed
        wide
        label={composer.review}
        aside={composer.reviewAtMost(LATEST_REVIEW_DAYS)}
        value={form.review}
        wrong={wrong.has('review') ? composer.wrong.review : undefined}
        onChange={(review) => {
          onChange({ review });
        }}
      />
      <End form={form} wrong={wrong} onChange={onChange} />
    </>
  );
}

function End({ form, wrong, onChange }: Part): JSX.Element {
  const { composer } = useWords().texts;
  return (
    <Typed
      wide
      label={composer.end}
      aside={composer.endHint}
      value={form.end}
      wrong={wrong.has('end') ? composer.wrong.end : undefined}
      onChange={(end) => {
        onChange({ end });
      }}
    />
  );
}

function Kinds({ form, onChange }: Pick<Part, 'form' | 'onChange'>): JSX.Element {
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

function Ground({ form, onChange }: Pick<Part, 'form' | 'onChange'>): JSX.Element {
  const { texts } = useWords();
  return (
    <Field wide label={texts.composer.ground}>
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
