/** Setting a hold: the window on a timeline without pictures, the case, and the truth about what it covers. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Camera, Coverage, Hold, HoldPlaced, HoldRequest } from '../../../http/api/index.ts';
import { ApiError } from '../../api/client.ts';
import { placeHold, placeInCase } from '../../api/endpoints.ts';
import { Await, Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { loadCoverage } from '../../review/Review.tsx';
import { serverNow } from '../../state/clock.ts';
import { useTexts, useWords } from '../../state/language.ts';
import { useAction, useLoad } from '../../state/load.ts';
import { HOUR_MS } from '../../time/zone.ts';
import type { Span } from '../../timeline/footage.ts';
import { CaseForm } from './CaseForm.tsx';
import { Covers } from './Covers.tsx';
import { emptyForm, missingOf, requestOf, translated, windowOf, wrongFields, type HoldForm } from './form.ts';
import type { Cases } from '../cases.ts';
import { Legend } from './Legend.tsx';
import { Placed } from './Placed.tsx';
import { usePreview } from './preview.ts';
import { WindowTimeline } from './WindowTimeline.tsx';

export interface ComposerProps {
  readonly cases: Cases;
  /** A hold of the case that the new one goes under; undefined: a new case. */
  readonly under: Hold | undefined;
  readonly onPlaced: () => void;
}

export function Composer(props: ComposerProps): JSX.Element {
  const coverage = useLoad<Coverage>('hold coverage', () => loadCoverage(props.cases.days, Infinity), 30_000);
  const [placed, setPlaced] = useState<HoldPlaced | undefined>(undefined);
  // A new number is a new, empty form.
  const [attempt, setAttempt] = useState(0);
  return (
    <main class="composer">
      <Await of={coverage}>
        {(value) =>
          placed === undefined ? (
            <Open
              {...props}
              key={attempt}
              coverage={value}
              onCancel={() => {
                setAttempt(attempt + 1);
              }}
              onPlaced={(p) => {
                setPlaced(p);
                props.onPlaced();
              }}
            />
          ) : (
            <Placed
              placed={placed}
              cases={props.cases}
              onDone={() => {
                setPlaced(undefined);
              }}
            />
          )
        }
      </Await>
    </main>
  );
}

interface OpenProps extends Omit<ComposerProps, 'onPlaced'> {
  readonly coverage: Coverage;
  readonly onPlaced: (placed: HoldPlaced) => void;
  readonly onCancel: () => void;
}

function Open({ cases, under, coverage, onPlaced, onCancel }: OpenProps): JSX.Element {
  const { texts, time } = useWords();
  const { cameras, people, days } = cases;
  const [form, setForm] = useForm(coverage, cameras, under);
  const [tried, setTried] = useState(false);
  const window = windowOf(form, time);
  const preview = usePreview(form.cameraIds, window);
  const wrong = wrongFields(form, serverNow(), time);
  const placing = usePlacing(form, under, onPlaced);
  const change = (part: Partial<HoldForm>): void => {
    setForm((f) => ({ ...f, ...part }));
  };
  const mark = (span: Span): void => {
    change({ from: time.fullMoment(span.fromMs), to: time.fullMoment(span.toMs) });
  };
  return (
    <>
      <div class="page-head">
        <h1>{texts.composer.title}</h1>
        <span class="spring" />
        <p>{texts.composer.drag}</p>
      </div>
      <WindowTimeline
        coverage={coverage}
        cameras={cameras}
        window={window}
        cameraIds={form.cameraIds}
        onWindow={mark}
        onCameras={(cameraIds) => {
          change({ cameraIds });
        }}
      />
      <Legend />
      <div class="composer-columns">
        <CaseForm
          form={form}
          wrong={tried ? wrong : new Set()}
          people={people}
          under={under}
          onChange={change}
        />
        <Covers
          coverage={preview}
          cameras={cameras}
          window={window}
          days={days}
          missing={missingOf(form, time)}
        >
          <Submit
            placing={placing}
            confirmWithinMs={cases.confirmWithinMs}
            onCancel={onCancel}
            onTry={() => {
              setTried(true);
            }}
          />
        </Covers>
      </div>
    </>
  );
}

function useForm(
  coverage: Coverage,
  cameras: readonly Camera[],
  under: Hold | undefined,
): [HoldForm, (change: (form: HoldForm) => HoldForm) => void] {
  const { time } = useWords();
  const written = useRef(time);
  const [form, setForm] = useState(() => ({ ...firstForm(coverage, cameras, time), ...caseOf(under) }));
  useEffect(() => {
    const before = written.current;
    written.current = time;
    if (before !== time) setForm((f) => translated(f, before, time));
  }, [time]);
  return [form, setForm];
}

function caseOf(under: Hold | undefined): Partial<HoldForm> {
  if (under === undefined) return {};
  const { caseRef, title, kind, ground, viewers } = under;
  return { caseRef, title, kind, ground, viewers };
}

/** The last hour of the first camera: something to drag. */
function firstForm(
  coverage: Coverage,
  cameras: readonly Camera[],
  time: Parameters<typeof emptyForm>[2],
): HoldForm {
  const minute = 60_000;
  const to = Math.floor(coverage.nowMs / minute) * minute;
  const form = emptyForm({ fromMs: to - HOUR_MS, toMs: to }, coverage.nowMs, time);
  return { ...form, cameraIds: cameras.slice(0, 1).map((c) => c.id) };
}

interface Placing {
  readonly running: boolean;
  readonly failed: string | undefined;
  /** The hold is in force although the answer was an error: its number. */
  readonly recorded: string | undefined;
  submit(): void;
}

/** One key per content of the form, so that pressing again can never set the hold twice. */
function usePlacing(
  form: HoldForm,
  under: Hold | undefined,
  onPlaced: (placed: HoldPlaced) => void,
): Placing {
  const { time } = useWords();
  const action = useAction();
  const key = useRef({ content: '', value: '' });
  const [recorded, setRecorded] = useState<string | undefined>(undefined);
  const submit = (): void => {
    const request = requestOf(form, serverNow(), time);
    if (request === undefined) return;
    const content = JSON.stringify(request);
    if (key.current.content !== content) key.current = { content, value: crypto.randomUUID() };
    action.run(async () => {
      try {
        onPlaced(await placed(request, under, key.current.value));
      } catch (error) {
        if (error instanceof ApiError) setRecorded(error.problem?.holdId);
        throw error;
      }
    });
  };
  return { running: action.running, failed: action.failed, recorded, submit };
}

function placed(request: HoldRequest, under: Hold | undefined, key: string): Promise<HoldPlaced> {
  if (under === undefined) return placeHold(request, key);
  const { cameraIds, fromMs, toMs, reason, reviewMs, endMs } = request;
  return placeInCase(under.caseId, { cameraIds, fromMs, toMs, reason, reviewMs, endMs }, key);
}

interface SubmitProps {
  readonly placing: Placing;
  readonly confirmWithinMs: number;
  readonly onTry: () => void;
  readonly onCancel: () => void;
}

function Submit({ placing, confirmWithinMs, onTry, onCancel }: SubmitProps): JSX.Element {
  const { composer, holds, shared } = useTexts();
  return (
    <>
      {placing.recorded === undefined ? (
        <Failure code={placing.failed} />
      ) : (
        <p class="notice" role="alert">
          <Icon name="hold" />
          {holds.recordedNotIndexed(placing.recorded)}
        </p>
      )}
      <div class="covers-foot">
        <p>{composer.bindsAtOnce(Math.round(confirmWithinMs / HOUR_MS))}</p>
        <button class="button" type="button" onClick={onCancel}>
          {shared.cancel}
        </button>
        <button
          class="button go"
          disabled={placing.running}
          onClick={() => {
            onTry();
            placing.submit();
          }}
        >
          <Icon name="hold" />
          {placing.running ? composer.setting : composer.set}
        </button>
      </div>
    </>
  );
}
