/** What the scan asks of the index (clips/known.ts), on the read-only connection of its own thread. */
import type { ClipState } from '../../clips/clip.ts';
import {
  PAGE_ROWS,
  type Candidate,
  type KnownClip,
  type KnownDir,
  type KnownName,
  type KnownRoot,
} from '../../clips/known.ts';
import { FLAG_BITS, intToState } from '../clips/clip-row.ts';
import { MAX_UNOWNED } from './limits.ts';
import type { Db } from '../open.ts';

/** Rows with 64-bit numbers are read with all integers as BigInt. */
interface ClipRow64 {
  id: bigint;
  name: string;
  state: bigint;
  size_bytes: bigint;
  ino: bigint;
  mtime_ns: bigint;
  missing_ms: bigint | null;
  flags: bigint;
}
interface DirRow64 {
  id: bigint;
  path: string;
  scan_mtime_ns: bigint | null;
}
interface CandidateRow64 {
  id: bigint;
  size_bytes: bigint;
  ino: bigint;
  mtime_ns: bigint;
  fingerprint: Buffer | null;
}

const CLIP64 = 'SELECT id, name, state, size_bytes, ino, mtime_ns, missing_ms, flags FROM clip';
const CANDIDATE64 = 'SELECT id, size_bytes, ino, mtime_ns, fingerprint FROM clip';
/** Above every name: no byte string has this code unit. */
const OPEN_END = '\u{10ffff}';

/** Rooms of the index for one root; the root's row must exist. */
export function createKnownRoot(db: Db, rootId: string): KnownRoot {
  const n = db.prepare<[string], number>('SELECT n FROM root WHERE id = ?').pluck().get(rootId);
  if (n === undefined) throw new Error('the root has no row in the index');
  return { ...directories(db, n), ...names(db), ...clips(db, n), ...unowned(db, n) };
}

function directories(db: Db, root: number): Pick<KnownRoot, 'dir' | 'dirsAfter'> {
  const one = db
    .prepare<[number, string], DirRow64>(
      'SELECT id, path, scan_mtime_ns FROM dir WHERE root_n = ? AND path = ?',
    )
    .safeIntegers();
  const after = db
    .prepare<[number, number, number], DirRow64>(
      'SELECT id, path, scan_mtime_ns FROM dir WHERE root_n = ? AND id > ? ORDER BY id LIMIT ?',
    )
    .safeIntegers();
  return {
    dir: (path) => {
      const row = one.get(root, path);
      return row && toDir(row);
    },
    dirsAfter: (id) => after.all(root, id, PAGE_ROWS).map(toDir),
  };
}

function names(db: Db): Pick<KnownRoot, 'clipsIn' | 'clip' | 'sidecarsIn' | 'hasSidecar'> {
  const inRange = db
    .prepare<[number, string, string, number], ClipRow64>(
      `${CLIP64} WHERE dir_id = ? AND name > ? AND name <= ? ORDER BY name LIMIT ?`,
    )
    .safeIntegers();
  const named = db
    .prepare<[number, string], ClipRow64>(`${CLIP64} WHERE dir_id = ? AND name = ?`)
    .safeIntegers();
  const sidecars = db.prepare<[number, string, string, number], KnownName>(
    'SELECT id, name FROM sidecar WHERE dir_id = ? AND name > ? AND name <= ? ORDER BY name LIMIT ?',
  );
  const sidecar = db
    .prepare<[number, string], number>('SELECT 1 FROM sidecar WHERE dir_id = ? AND name = ?')
    .pluck();
  return {
    clipsIn: (dirId, { after, upTo }) =>
      inRange.all(dirId, after ?? '', upTo ?? OPEN_END, PAGE_ROWS).map(toClip),
    clip: (dirId, name) => {
      const row = named.get(dirId, name);
      return row && toClip(row);
    },
    sidecarsIn: (dirId, { after, upTo }) => sidecars.all(dirId, after ?? '', upTo ?? OPEN_END, PAGE_ROWS),
    hasSidecar: (dirId, name) => sidecar.get(dirId, name) !== undefined,
  };
}

function clips(
  db: Db,
  root: number,
): Pick<KnownRoot, 'fingerprint' | 'newestStartMs' | 'clipCount' | 'candidate' | 'candidatesAfter'> {
  const fingerprint = db
    .prepare<[number], Buffer | null>('SELECT fingerprint FROM clip WHERE id = ?')
    .pluck();
  const newest = db
    .prepare<[string, number], number>(
      `SELECT start_ms FROM clip WHERE camera_n = (SELECT n FROM camera WHERE id = ?) AND start_ms < ? AND kind = 0
       ORDER BY start_ms DESC LIMIT 1`,
    )
    .pluck();
  const count = db
    .prepare<[number], number>('SELECT count(*) FROM clip WHERE root_n = ? AND state IN (1, 2)')
    .pluck();
  const one = db.prepare<[number], CandidateRow64>(`${CANDIDATE64} WHERE id = ?`).safeIntegers();
  const after = db
    .prepare<[number, number, number], CandidateRow64>(
      `${CANDIDATE64} WHERE root_n = ? AND id > ? AND state IN (0, 1) ORDER BY id LIMIT ?`,
    )
    .safeIntegers();
  return {
    fingerprint: (id) => bytes(fingerprint.get(id)),
    newestStartMs: (cameraId, notAfterMs) => newest.get(cameraId, notAfterMs) ?? null,
    clipCount: () => count.get(root) ?? 0,
    candidate: (id) => {
      const row = one.get(id);
      return row && toCandidate(row);
    },
    candidatesAfter: (id) => after.all(root, id, PAGE_ROWS).map(toCandidate),
  };
}

function unowned(db: Db, root: number): Pick<KnownRoot, 'saysUnowned' | 'unownedPaths'> {
  const says = db
    .prepare<[number, string, string, number], number>(
      'SELECT 1 FROM unowned WHERE root_n = ? AND path = ? AND reason = ? AND size_bytes = ?',
    )
    .pluck();
  const count = db.prepare<[number], number>('SELECT count(*) FROM unowned WHERE root_n = ?').pluck();
  const paths = db.prepare<[number], string>('SELECT path FROM unowned WHERE root_n = ?').pluck();
  return {
    saysUnowned: ({ path, reason, sizeBytes }) =>
      says.get(root, path, reason, sizeBytes) !== undefined || (count.get(root) ?? 0) >= MAX_UNOWNED,
    unownedPaths: () => paths.all(root),
  };
}

function toDir(row: DirRow64): KnownDir {
  return { id: Number(row.id), path: row.path, scanMtimeNs: row.scan_mtime_ns };
}

function toClip(row: ClipRow64): KnownClip {
  const state: ClipState = intToState(Number(row.state));
  return {
    id: Number(row.id),
    name: row.name,
    state,
    sizeBytes: Number(row.size_bytes),
    ino: BigInt.asUintN(64, row.ino),
    mtimeNs: row.mtime_ns,
    missingMs: row.missing_ms === null ? null : Number(row.missing_ms),
    missedTwice: (Number(row.flags) & FLAG_BITS.missing) !== 0,
  };
}

function toCandidate(row: CandidateRow64): Candidate {
  return {
    id: Number(row.id),
    sizeBytes: Number(row.size_bytes),
    ino: BigInt.asUintN(64, row.ino),
    mtimeNs: row.mtime_ns,
    fingerprint: bytes(row.fingerprint),
  };
}

function bytes(blob: Buffer | null | undefined): string | null {
  return blob?.toString('latin1') ?? null;
}
