/** The audit: who did what, newest first; reading it is itself recorded. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AuditEntryView, AuditPage, Camera } from '../../http/api/index.ts';
import { codeOf } from '../api/client.ts';
import { AUDIT_PAGE, getAudit, getCameras } from '../api/endpoints.ts';
import { Failure } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useTexts } from '../state/language.ts';
import { useLoad } from '../state/load.ts';
import { Entry } from './Entry.tsx';

interface Records {
  readonly entries: readonly AuditEntryView[];
  readonly head: Pick<AuditPage, 'headSeq' | 'verified'> | undefined;
  /** Nothing older is left. */
  readonly complete: boolean;
  readonly failed: string | undefined;
}

const NOTHING: Records = { entries: [], head: undefined, complete: false, failed: undefined };

export function Audit(): JSX.Element {
  const { audit } = useTexts();
  const [kind, setKind] = useState('');
  const { records, more } = useRecords(kind);
  const cameras = useLoad<Camera[]>('cameras', getCameras);
  return (
    <main class="table-page">
      <div class="page-head">
        <h1>{audit.title}</h1>
        <Verified records={records} />
        <span class="spring" />
        <KindFilter kind={kind} onKind={setKind} />
      </div>
      <p class="page-about">{audit.about}</p>
      <Failure code={records.failed} />
      <section class="panel">
        <table class="records">
          <thead>
            <tr>
              <th>{audit.when}</th>
              <th>{audit.who}</th>
              <th>{audit.kind}</th>
              <th>{audit.what}</th>
              <th class="right">{audit.number}</th>
            </tr>
          </thead>
          <tbody>
            {records.entries.map((entry) => (
              <Entry key={entry.seq} entry={entry} cameras={cameras.value ?? []} />
            ))}
          </tbody>
        </table>
        <p class="table-foot">
          {records.complete ? (
            <span class="muted">{records.entries.length === 0 ? audit.empty : audit.end}</span>
          ) : (
            <button class="button" onClick={more}>
              {audit.more}
            </button>
          )}
        </p>
      </section>
    </main>
  );
}

function useRecords(kind: string): { records: Records; more: () => void } {
  const [records, setRecords] = useState<Records>(NOTHING);
  const load = (before: number | undefined, isCurrent: () => boolean): void => {
    getAudit({ before, kind: kind === '' ? undefined : kind }).then(
      ({ entries, headSeq, verified }) => {
        if (!isCurrent()) return;
        setRecords((r) => ({
          entries: before === undefined ? entries : [...r.entries, ...entries],
          head: { headSeq, verified },
          complete: entries.length < AUDIT_PAGE || entries.at(-1)?.seq === 1,
          failed: undefined,
        }));
      },
      (error: unknown) => {
        if (isCurrent()) setRecords((r) => ({ ...r, failed: codeOf(error) }));
      },
    );
  };
  useEffect(() => {
    let current = true;
    setRecords(NOTHING);
    load(undefined, () => current);
    return () => {
      current = false;
    };
  }, [kind]);
  const more = (): void => {
    const asked = kind;
    load(records.entries.at(-1)?.seq, () => asked === kind);
  };
  return { records, more };
}

function KindFilter({ kind, onKind }: { kind: string; onKind: (kind: string) => void }): JSX.Element {
  const { audit } = useTexts();
  return (
    <select
      class="input kind-filter"
      aria-label={audit.kind}
      value={kind}
      onChange={(e) => {
        onKind(e.currentTarget.value);
      }}
    >
      <option value="">{audit.everyKind}</option>
      {Object.entries(audit.kinds).map(([key, [name]]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Verified({ records }: { records: Records }): JSX.Element | null {
  const { audit } = useTexts();
  if (records.head === undefined) return null;
  const { verified, headSeq } = records.head;
  const tone = verified === true ? 'ok' : verified === false ? 'bad' : 'due';
  const sentence = verified === true ? audit.verified : verified === false ? audit.broken : audit.unverified;
  return (
    <span class={`chip ${tone}`}>
      <Icon name={verified === true ? 'ok' : 'warn'} />
      {sentence} · {audit.records(headSeq)}
    </span>
  );
}
