/** A record of the audit as a sentence. Pure: the templates are in the catalogue, the values in the payload. */
import type { AuditEntryView } from '../../http/api/index.ts';
import type { Counted } from '../texts/count.ts';
import type { Texts } from '../texts/index.ts';
import { HOUR_MS } from '../time/zone.ts';
import type { TimeFormat } from '../time/format.ts';

export interface Reader {
  readonly texts: Texts;
  readonly time: TimeFormat;
  readonly counted: Counted;
  readonly cameraName: (id: string) => string;
}

/** The name of a kind; a kind the page does not know is shown as it is. */
export function kindName(kind: string, texts: Texts): string {
  return templateOf(kind, texts)?.[0] ?? kind;
}

/** What happened; the bare kind for one the page does not know, a note when the content has expired. */
export function sentenceOf(entry: AuditEntryView, reader: Reader): string {
  const template = templateOf(entry.kind, reader.texts)?.[1];
  if (template === undefined) return entry.kind;
  if (entry.payload === null) return reader.texts.audit.expired;
  const values = valuesOf(entry.payload, reader);
  const filled = template.replace(FIELD, (_, name: string, forms?: string) => {
    const value = values[name] ?? '';
    if (forms === undefined) return value;
    const [one = '', other = one] = forms.split('|');
    return reader.counted(Number(value), `# ${one}`, `# ${other}`);
  });
  return filled
    .replace(/\s+([,.])/g, '$1')
    .replace(/\s{2,}/g, ' ')
    .replace(/[\s,:]+$/, '');
}

/** A field of the payload; with two forms of words behind it, a count. */
const FIELD = /\{(\w+)(?:\|([^}]+))?\}/g;

function templateOf(kind: string, { audit }: Texts): readonly string[] | undefined {
  const kinds: Readonly<Record<string, readonly string[]>> = audit.kinds;
  return kinds[kind];
}

type Payload = Readonly<Record<string, unknown>>;

function valuesOf(payload: Payload, reader: Reader): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(payload)) {
    if (typeof value === 'string' || typeof value === 'number') values[name] = String(value);
    if (Array.isArray(value)) values[name] = String(value.length);
  }
  return { ...values, ...worded(payload, reader) };
}

/** Fields that read better than they are stored. */
function worded(payload: Payload, { texts, time, cameraName }: Reader): Record<string, string> {
  const words: Record<string, string> = {};
  const { asked, camera, hourMs, outcome, outcomes, purpose, caseRef, state, verdict, what, why } = payload;
  if (typeof camera === 'string') words['camera'] = cameraName(camera);
  if (typeof hourMs === 'number') words['hour'] = `${time.moment(hourMs)} – ${time.minute(hourMs + HOUR_MS)}`;
  if (typeof outcome === 'string') words['outcome'] = lookUp(texts.audit.outcomes, outcome);
  if (typeof asked === 'string') words['asked'] = lookUp(texts.audit.asked, asked);
  if (typeof what === 'string') words['what'] = lookUp(texts.auditCodes.denied, what);
  if (typeof why === 'string') words['why'] = lookUp(texts.auditCodes.sessionEnds, why);
  if (typeof verdict === 'string') words['verdict'] = lookUp(texts.audit.verdicts, verdict);
  if (typeof state === 'string') words['state'] = lookUp(texts.statusDetails.rootWords, state);
  if (typeof outcomes === 'object' && outcomes !== null) words['clips'] = String(total(outcomes));
  if (typeof purpose === 'string') words['purpose'] = purposeOf(purpose, caseRef, texts);
  return words;
}

function purposeOf(purpose: string, caseRef: unknown, texts: Texts): string {
  const name = lookUp(texts.login.purposes, purpose);
  return typeof caseRef === 'string' ? `${name} (${caseRef})` : name;
}

function lookUp(names: Readonly<Record<string, string>>, key: string): string {
  return names[key] ?? key;
}

function total(counts: object): number {
  return Object.values(counts).reduce((sum: number, n: unknown) => sum + (typeof n === 'number' ? n : 0), 0);
}
