/** What lies in a root's own directory: its marker, the mirrors of holds, and nothing that was left behind. */
import { createHmac } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import type { Findings } from './finding.ts';
import { newest } from './hold-checks.ts';
import type { CheckDb } from './index-file.ts';
import { readLine, type Entry } from './journal.ts';
import { walk } from './walk.ts';

export interface CheckedRoot {
  readonly n: number;
  readonly id: string;
  readonly path: string;
  readonly root_uuid: string | null;
}

export interface Marker {
  readonly rootUuid: string;
  readonly installId: string;
  readonly lastHoldSeq: number;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** What the daemon keeps or, for a moment, writes there. Half-written ones are replaced at the next write. */
const OURS = new RegExp(
  `^\\.fortnight/(?:(?:marker\\.json|head)(?:\\.new)?|daemon\\.lock(?:-journal)?|self-test(?:\\.link)?|holds/${UUID}(?:\\.json(?:\\.new)?|/.+)|copies/(?:[a-z0-9][a-z0-9_-]*/)?[0-9]+-[0-9a-z]+\\.copy(?:\\.new)?)$`,
);

/** The marker of a root that is there and is the one enrolled; undefined otherwise: then nothing is concluded from it. */
export function enrolledMarker(root: CheckedRoot, installId: string | undefined): Marker | undefined {
  try {
    const marker = JSON.parse(readFileSync(`${root.path}/.fortnight/marker.json`, 'utf8')) as Marker;
    const ours = marker.rootUuid === root.root_uuid && marker.installId === installId;
    return ours ? marker : undefined;
  } catch (error) {
    if (errnoOf(error) === undefined && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

export interface Mirrored {
  readonly marker: Marker;
  readonly journal: readonly Entry[];
  readonly key: Buffer | undefined;
}

/** I10: a root that says it has a hold's mirror has it; mirrors are ours; none knows more than the journal. */
export function checkMirrors(
  root: CheckedRoot,
  { marker, journal, key }: Mirrored,
  findings: Findings,
): void {
  if (marker.lastHoldSeq > journal.length)
    findings.add('root_ahead', `root ${root.id}: it has seen holds that the journal does not know`);
  const mirrored = new Map<string, number>();
  const known = new Set(journal.map(({ version: v }) => `${v.holdId} ${String(v.version)}`));
  for (const name of mirrorNames(root)) {
    const line = readLine(readText(`${root.path}/.fortnight/holds/${name}`).trim(), key);
    if (line?.signed !== true) {
      findings.add(
        'mirror_foreign',
        `root ${root.id}: a copy of a hold is not of this installation: ${name}`,
      );
      continue;
    }
    const { holdId, version } = line.version;
    mirrored.set(holdId, version);
    if (!known.has(`${holdId} ${String(version)}`))
      findings.add(
        'mirror_unknown',
        `root ${root.id}: it has a version of a hold that the journal has not: ${name}`,
      );
  }
  const seqOf = new Map(journal.map(({ seq, version: v }) => [`${v.holdId} ${String(v.version)}`, seq]));
  for (const { holdId, version, endsMs } of newest(journal)) {
    if (endsMs !== null) continue; // what ends takes its copies with it
    const seq = seqOf.get(`${holdId} ${String(version)}`) ?? 0;
    if (seq <= marker.lastHoldSeq && (mirrored.get(holdId) ?? 0) < version)
      findings.add('mirror_missing', `root ${root.id}: the copy of hold ${holdId} is missing or old`);
  }
}

/** I11: what the root was told of the audit's head is still there. A copy that is not signed with our key says nothing. */
export function checkHead(
  db: CheckDb,
  root: CheckedRoot,
  { key, findings }: { readonly key: Buffer | undefined; readonly findings: Findings },
): void {
  const head = readHead(readText(`${root.path}/.fortnight/head`), key);
  if (head === undefined || head.seq === 0) return;
  const hash = db.prepare('SELECT hash FROM audit WHERE seq = ?').pluck().get(head.seq) as Buffer | undefined;
  if (hash?.toString('hex') !== head.hash)
    findings.add(
      'audit_behind',
      `root ${root.id}: it has seen another record ${String(head.seq)} of the audit than there is`,
    );
}

function readHead(line: string, key: Buffer | undefined): { seq: number; hash: string } | undefined {
  try {
    const { checkpoint, mac } = JSON.parse(line) as { checkpoint: string; mac: string };
    if (key === undefined) return undefined;
    const own = createHmac('sha256', key).update(`fortnight checkpoint v1\0${checkpoint}`, 'utf8');
    return own.digest('hex') === mac ? (JSON.parse(checkpoint) as { seq: number; hash: string }) : undefined;
  } catch {
    return undefined;
  }
}

/** I8: nothing but ours, and no footage, lies in the root's own directory. `running`: a drill may be under way. */
export function checkLeftovers(
  db: CheckDb,
  root: CheckedRoot,
  { findings, running }: { readonly findings: Findings; readonly running: boolean },
): void {
  // A drill that was interrupted goes on when the daemon does.
  const planted = new Set(
    db
      .prepare(
        `SELECT dir.path || '/' || clip.name FROM clip JOIN dir ON dir.id = clip.dir_id
         WHERE dir.root_n = ? AND dir.path = '.fortnight/drill'`,
      )
      .pluck()
      .all(root.n),
  );
  for (const { path } of walk(root.path, '.fortnight')) {
    if (OURS.test(path) || planted.has(path) || (running && path.startsWith('.fortnight/drill/'))) continue;
    findings.add('leftover', `root ${root.id}: nothing of ours belongs there: ${path}`);
  }
}

function mirrorNames(root: CheckedRoot): string[] {
  try {
    return readdirSync(`${root.path}/.fortnight/holds`, 'latin1').filter((name) => name.endsWith('.json'));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(Buffer.from(path, 'latin1'), 'utf8');
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return '';
  }
}
