/** What lies among the pins and copies of a root: each file has a row, or is listed as a stray that something keeps. */
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';
import type { Version } from './journal.ts';
import type { CheckedRoot } from './root-checks.ts';
import { look, walk } from './walk.ts';

/** The daemon goes through them each hour. */
const WITHIN_MS = 2 * 3_600_000;

interface Kept {
  /** The highest version of every hold. */
  readonly holds: readonly Version[];
  /** Holds that bind. */
  readonly binding: readonly Version[];
  /** Retention clock. */
  readonly nowMs: number;
  readonly findings: Findings;
}

/** I8: nothing lies there that no row leads to. I2: a stray goes when nothing keeps it any more. */
export function checkKept(db: CheckDb, root: CheckedRoot, kept: Kept): void {
  const { binding, findings, nowMs } = kept;
  const isKnown = rowsOf(db, root);
  const isListed = db.prepare('SELECT 1 FROM stray WHERE root_n = ? AND path = ?').pluck();
  const holdIds = new Set(binding.map((hold) => hold.holdId));
  const settled = onlineSinceMs(db, root) <= nowMs - WITHIN_MS;
  // What is on its way now has arrived by the second look.
  const isLost = (path: string): boolean =>
    !isKnown(path) &&
    isListed.get(root.n, path) === undefined &&
    look(root.path, path) !== undefined &&
    !isKnown(path) &&
    isListed.get(root.n, path) === undefined;
  for (const { path } of walk(root.path, '.fortnight/copies'))
    if (isLost(path)) findings.add('copy_without_clip', `root ${root.id}: a copy that no clip has: ${path}`);
  for (const { path } of walk(root.path, '.fortnight/holds')) {
    const [, , holdId = '', name] = path.split('/');
    if (name === undefined || !isLost(path)) continue;
    if (!holdIds.has(holdId))
      findings.add('pin_without_hold', `root ${root.id}: a second name that no hold keeps: ${path}`);
    else if (settled)
      findings.add('pin_without_clip', `root ${root.id}: a second name that no clip has: ${path}`);
  }
  if (!settled) return;
  checkStrays(db, root, kept);
  checkMirrorsLeft(root, kept);
}

/** Whether the row of a pin, a copy or a clip leads to a path. */
function rowsOf(db: CheckDb, root: CheckedRoot): (path: string) => boolean {
  const clip = db
    .prepare(
      'SELECT 1 FROM clip JOIN dir ON dir.id = clip.dir_id WHERE dir.root_n = ? AND dir.path = ? AND clip.name = ?',
    )
    .pluck();
  const pins = db
    .prepare('SELECT ino FROM pin WHERE hold_id = ? AND clip_id = ? AND root_n = ?')
    .safeIntegers(true)
    .pluck();
  const copies = db
    .prepare(
      `SELECT source_ino FROM copy WHERE clip_id = ? AND root_n = ?
         AND source_n = (SELECT n FROM root WHERE iif(? = '', n = copy.root_n, id = ?))`,
    )
    .safeIntegers(true)
    .pluck();
  return (path) => {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    const id = Number.parseInt(name, 10);
    // Directly among the copies: of the root itself; else of the source that names the directory, in the vault.
    const below = parts[2] ?? '';
    const inos = (
      parts[1] === 'holds' ? pins.all(below, id, root.n) : copies.all(id, root.n, below, below)
    ) as bigint[];
    const written = inos.map((ino) => `${String(id)}-${BigInt.asUintN(64, ino).toString(36)}`);
    const own = written.some((stem) => [`${stem}.pin`, `${stem}.copy`, `${stem}.copy.new`].includes(name));
    return own || clip.get(root.n, parts.join('/'), name) !== undefined;
  };
}

/** A stray may stay while any hold binds and until its retention is over; names that are not ours for ever. */
function checkStrays(db: CheckDb, root: CheckedRoot, { binding, nowMs, findings }: Kept): void {
  if (binding.length > 0) return;
  const retentionMs = db.prepare('SELECT retention_ms FROM retention_applied').pluck().get() as
    number | undefined;
  const listed = db.prepare('SELECT path FROM stray WHERE root_n = ? AND intent_seq IS NULL AND seen_ms < ?');
  for (const path of listed.pluck().all(root.n, nowMs - WITHIN_MS) as string[]) {
    const stat = look(root.path, path);
    if (stat === undefined || !/\/[0-9]+-[0-9a-z]+\.(?:pin|copy)$/.test(path)) continue;
    const latestMs = Math.max(Number(stat.mtimeNs / 1_000_000n), Number(stat.ctimeMs));
    if (latestMs + (retentionMs ?? Infinity) + WITHIN_MS < nowMs)
      findings.add('stray_overdue', `root ${root.id}: footage without a clip that nothing keeps: ${path}`);
  }
}

/** The mirror of a hold goes when it is over and nothing lies under it. */
function checkMirrorsLeft(root: CheckedRoot, { holds, nowMs, findings }: Kept): void {
  for (const { holdId, endsMs } of holds) {
    if (endsMs === null || endsMs > nowMs - WITHIN_MS) continue;
    const at = `.fortnight/holds/${holdId}`;
    if (look(root.path, `${at}.json`) !== undefined && look(root.path, at) === undefined)
      findings.add(
        'mirror_left',
        `root ${root.id}: the copy of hold ${holdId}, which is over, is still there`,
      );
  }
}

function onlineSinceMs(db: CheckDb, root: CheckedRoot): number {
  const since = db.prepare("SELECT state_since_ms FROM root WHERE n = ? AND state = 'online'").pluck();
  return (since.get(root.n) as number | undefined) ?? Infinity;
}
