/** Second names and copies of held clips in a root's own directory: each belongs to a hold, each held clip has a name. */
import type { Findings } from './finding.ts';
import { newest } from './hold-checks.ts';
import type { CheckDb } from './index-file.ts';
import type { Entry, Version } from './journal.ts';
import { checkKept } from './kept-checks.ts';
import type { CheckedRoot } from './root-checks.ts';
import { look } from './walk.ts';

const HOUR_MS = 3_600_000;
/** Doubt about a clip's times is resolved in favour of the hold by this much (I1). */
const MARGIN_MS = 60_000;

interface PinRow {
  readonly clip_id: bigint;
  readonly hold_id: string;
  readonly ino: bigint;
}

interface CopyRow {
  readonly clip_id: bigint;
  readonly source_ino: bigint;
  readonly ino: bigint;
  readonly size_bytes: bigint;
  readonly mtime_ns: bigint;
  /** In the vault each source has a directory of its own. */
  readonly below: string;
}

/**
 * I8: nothing lies pinned or copied that nothing keeps. I1: what is pinned is there, and what is covered is pinned, or there is a
 * reason why not. The daemon has an hour for that, by its own clock, from the placement and from the clip's arrival on.
 */
export function checkPins(
  db: CheckDb,
  root: CheckedRoot,
  { journal, findings }: { readonly journal: readonly Entry[]; readonly findings: Findings },
): void {
  const nowMs = (db.prepare('SELECT r_ms FROM retention_clock').pluck().get() as number | undefined) ?? 0;
  const holds = newest(journal);
  const binding = holds.filter((hold) => hold.endsMs === null || hold.endsMs > nowMs);
  const holdIds = new Set(binding.map((hold) => hold.holdId));
  checkKept(db, root, { holds, binding, nowMs, findings });
  checkMade(db, root, { holdIds, findings });
  checkCopies(db, root, findings);
  for (const hold of binding) checkCovered(db, root, { hold, findings, beforeMs: nowMs - HOUR_MS });
}

interface Pins {
  /** Holds that bind. */
  readonly holdIds: ReadonlySet<string>;
  readonly findings: Findings;
}

function checkMade(db: CheckDb, root: CheckedRoot, { holdIds, findings }: Pins): void {
  const rows = db
    .prepare('SELECT clip_id, hold_id, ino FROM pin WHERE root_n = ? AND state = 1')
    .safeIntegers(true);
  const again = db
    .prepare('SELECT 1 FROM pin WHERE clip_id = ? AND hold_id = ? AND ino = ? AND state = 1')
    .pluck();
  const isThere = ({ clip_id, hold_id, ino }: PinRow): boolean => {
    const inode = BigInt.asUintN(64, ino);
    const name = `${String(clip_id)}-${inode.toString(36)}.pin`;
    return look(root.path, `.fortnight/holds/${hold_id}/${name}`)?.ino === inode;
  };
  for (const row of rows.all(root.n) as PinRow[]) {
    if (!holdIds.has(row.hold_id) || isThere(row)) continue;
    if (again.get(row.clip_id, row.hold_id, row.ino) !== undefined && !isThere(row))
      findings.add(
        'pin_missing',
        `root ${root.id}: the second name of clip ${String(row.clip_id)} under hold ${row.hold_id} is gone`,
      );
  }
}

/** A refusal is a reason: its row says which. */
function checkCovered(
  db: CheckDb,
  root: CheckedRoot,
  {
    hold,
    findings,
    beforeMs,
  }: { readonly hold: Version; readonly findings: Findings; readonly beforeMs: number },
): void {
  const since = db.prepare("SELECT state_since_ms FROM root WHERE n = ? AND state = 'online'").pluck();
  const onlineMs = since.get(root.n) as number | undefined;
  if (hold.atMs > beforeMs || onlineMs === undefined || onlineMs > beforeMs) return;
  const unpinned = db
    .prepare(
      `SELECT count(*) FROM clip JOIN camera ON camera.n = clip.camera_n JOIN dir ON dir.id = clip.dir_id
       WHERE clip.root_n = @root AND clip.state = 1 AND clip.finished_ms < @before
         AND camera.id IN (SELECT value FROM json_each(@cameras))
         AND clip.cover_from_ms < @to + @margin AND clip.cover_to_ms > @from - @margin
         AND (clip.intervals IS NULL OR EXISTS (SELECT 1 FROM json_each(clip.intervals) AS i
           WHERE json_extract(i.value, '$[0]') < @to + @margin AND json_extract(i.value, '$[1]') > @from - @margin))
         AND dir.path <> '.fortnight/holds/' || @hold
         AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.clip_id = clip.id AND pin.hold_id = @hold
           AND (pin.why IS NOT NULL OR (pin.ino = clip.ino AND pin.state = 1)))`,
    )
    .pluck()
    .get({
      root: root.n,
      before: beforeMs,
      cameras: JSON.stringify(hold.terms.cameraIds),
      from: hold.terms.window.fromMs,
      to: hold.terms.window.toMs,
      margin: MARGIN_MS,
      hold: hold.holdId,
    }) as number;
  if (unpinned > 0)
    findings.add(
      'held_not_pinned',
      `root ${root.id}: ${String(unpinned)} clips under hold ${hold.holdId} have no second name`,
    );
}

/** I1: every copy the index calls made is the file that was made. */
function checkCopies(db: CheckDb, root: CheckedRoot, findings: Findings): void {
  const made = db
    .prepare(
      `SELECT clip_id, source_ino, ino, size_bytes, mtime_ns,
         iif(source_n = root_n, '', (SELECT id FROM root WHERE n = source_n) || '/') AS below
       FROM copy WHERE root_n = ? AND state = 1`,
    )
    .safeIntegers(true);
  const again = db
    .prepare('SELECT 1 FROM copy WHERE clip_id = ? AND source_ino = ? AND root_n = ? AND state = 1')
    .pluck();
  const differs = (copy: CopyRow): boolean => {
    const source = BigInt.asUintN(64, copy.source_ino).toString(36);
    const stat = look(root.path, `.fortnight/copies/${copy.below}${String(copy.clip_id)}-${source}.copy`);
    const same = stat?.size === copy.size_bytes && stat.mtimeNs === copy.mtime_ns;
    return !same || stat.ino !== BigInt.asUintN(64, copy.ino);
  };
  for (const copy of made.all(root.n) as CopyRow[])
    if (differs(copy) && again.get(copy.clip_id, copy.source_ino, root.n) !== undefined && differs(copy))
      findings.add(
        'copy_missing',
        `root ${root.id}: the copy of clip ${String(copy.clip_id)} is gone or was written to`,
      );
}
