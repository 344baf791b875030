/**
 * Names of one directory against what the index knows of them. Used by the reconcile for whole directories and by the
 * look for single names; what is to be decided is in diff.ts.
 */
import { HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import { errnoOf } from '../base/errors.ts';
import type { PathMeaning } from '../clips/layouts/index.ts';
import type { ClipKind } from '../clips/clip.ts';
import type { ClipFile, Content, UnownedReason } from '../clips/change.ts';
import type { Compare, Compared, Names, Sidecar } from './comparison.ts';
import { afterReading, beforeReading, type Verdict } from './diff.ts';
import { orphanReading } from './orphans.ts';
import { quietMs, type Signs } from './settle.ts';
import type { EntryStat, Met, RootRules, TreeDir, TreeEntry } from './tree.ts';

/** A start further ahead than this comes of a wrong clock: it ends no other clip's recording. */
const CLOCK_SLACK_MS = 10 * MINUTE_MS;
/** A recorder's temporary file that nobody wrote to for this long will not get its final name any more. */
const UNFINISHED_MS = 24 * HOUR_MS;

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;

/** Compares the names, reads what must be read, emits what changed. */
export async function compareNames<D extends TreeDir>(c: Compare<D>, names: Names<D>): Promise<Compared> {
  const sorted = sortNames(c, names);
  for (const { path, reason, sizeBytes } of sorted.unowned) tellUnowned(c, { path, reason, sizeBytes });
  for (const { file } of sorted.files) noteStart(c, file);
  let unsettled = sorted.unfinished;
  for (const { file, content } of sorted.files) {
    const known = names.rows.get(file.name);
    let signs: Signs | undefined;
    let verdict = beforeReading(file, known, () => (signs ??= signsOf(c, file)));
    if (verdict.is === 'read') {
      verdict = afterReading({
        file,
        known,
        fingerprint: known === undefined ? null : c.known.fingerprint(known.id),
        signs: signs ?? signsOf(c, file),
        content: content ?? read(c, names.dir, file),
      });
    }
    unsettled = settle(c, file, verdict) || unsettled;
  }
  await c.room();
  const { sidecars, unowned, unknown } = sorted;
  return { unsettled, sidecars, unowned: unowned.length, unknown };
}

function read<D extends TreeDir>(c: Compare<D>, dir: D, file: ClipFile): Content | undefined {
  const path = pathOf(file.dir, file.name);
  c.reading.begin(path);
  const content = c.tree.read(dir, file, { blindly: c.givenUp.has(path) });
  c.reading.end();
  return content;
}

/** Emits what a verdict says and remembers the file until it is settled. Whether it is unsettled. */
function settle<D extends TreeDir>(c: Compare<D>, file: ClipFile, verdict: Verdict): boolean {
  if (verdict.is === 'read') throw new Error('a verdict after reading never asks to read');
  const path = pathOf(file.dir, file.name);
  if (verdict.is === 'change') c.emit(verdict.change);
  if (verdict.unsettled) c.looks.note(c.rules.rootId, path, { ...file, bootMs: c.now().bootMs });
  else c.looks.forget(c.rules.rootId, path);
  return verdict.unsettled;
}

interface Sorted {
  /** `content`: what was read when the file was met. */
  readonly files: { readonly file: ClipFile; readonly content: Content | undefined }[];
  readonly sidecars: Sidecar[];
  readonly unowned: { path: string; reason: UnownedReason; sizeBytes: number }[];
  unfinished: boolean;
  unknown: number;
}

function sortNames<D extends TreeDir>(c: Compare<D>, names: Names<D>): Sorted {
  const sorted: Sorted = { files: [], sidecars: [], unowned: [], unfinished: false, unknown: 0 };
  for (const entry of names.entries) sortEntry(c, sorted, { names, entry });
  for (const name of names.fresh) sortFresh(c, sorted, { names, name });
  return sorted;
}

function sortEntry<D extends TreeDir>(
  c: Compare<D>,
  sorted: Sorted,
  { names, entry }: { readonly names: Names<D>; readonly entry: TreeEntry },
): void {
  const path = pathOf(names.path, entry.name);
  if (entry.stat.kind === 'file') {
    sortFile(c, sorted, { names, entry, path, said: c.rules.layout.read(path), content: undefined });
    return;
  }
  const reason = (entry.stat.mode & S_IFMT) === S_IFLNK ? 'link' : 'special';
  sorted.unowned.push({ path, reason, sizeBytes: 0 });
}

/** A clip is opened at once, which tells all that a look tells; anything else is looked at. */
function sortFresh<D extends TreeDir>(
  c: Compare<D>,
  sorted: Sorted,
  { names, name }: { readonly names: Names<D>; readonly name: string },
): void {
  const path = pathOf(names.path, name);
  const said = c.rules.layout.read(path);
  const isClip = said?.is === 'clip' && c.rules.cameras.has(said.reading.recorderCamera);
  const met = isClip ? meet(c, { dir: names.dir, name, path, kind: said.reading.kind }) : undefined;
  if (met !== undefined) {
    sortFile(c, sorted, { names, entry: { name, stat: met.stat }, path, said, content: met.content });
    return;
  }
  const stat = statOf(names.dir, name);
  if (stat === 'unknown') sorted.unknown += 1;
  else if (stat !== undefined && stat.kind !== 'directory')
    sortEntry(c, sorted, { names, entry: { name, stat } });
}

function meet<D extends TreeDir>(
  c: Compare<D>,
  file: { readonly dir: D; readonly name: string; readonly path: string; readonly kind: ClipKind },
): Met | undefined {
  const { dir, name, path, kind } = file;
  const { timesBelievable, wallMs } = c.now();
  if (!timesBelievable || c.givenUp.has(path)) return undefined;
  c.reading.begin(path);
  const met = c.tree.meet(dir, name, { kind, sinceMs: wallMs });
  c.reading.end();
  return met;
}

/** Undefined: it has vanished. */
function statOf(dir: TreeDir, name: string): EntryStat | 'unknown' | undefined {
  try {
    return dir.stat(name);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return 'unknown';
  }
}

function sortFile<D extends TreeDir>(
  c: Compare<D>,
  sorted: Sorted,
  at: {
    readonly names: Names<D>;
    readonly entry: TreeEntry;
    readonly path: string;
    readonly said: PathMeaning | undefined;
    readonly content: Content | undefined;
  },
): void {
  const { entry, path, said, content } = at;
  const dir = at.names.path;
  const { sizeBytes, mtimeNs } = entry.stat;
  const orphan = said && orphanReading(c, at, said);
  const meaning = orphan === undefined ? said : { is: 'clip' as const, reading: orphan };
  switch (meaning?.is) {
    case 'clip': {
      const file = clipFile(c.rules, { dir, entry }, meaning);
      if (file === undefined) sorted.unowned.push({ path, reason: 'no_camera', sizeBytes });
      else sorted.files.push({ file, content });
      return;
    }
    case 'sidecar':
      sorted.sidecars.push({ dir, name: entry.name, of: meaning.of, sizeBytes });
      return;
    case 'unfinished':
      if (c.now().wallMs - Number(mtimeNs / 1_000_000n) < UNFINISHED_MS) sorted.unfinished = true;
      else sorted.unowned.push({ path, reason: 'unfinished', sizeBytes });
      return;
    case 'companion':
      return;
    case undefined:
      sorted.unowned.push({ path, reason: 'no_layout', sizeBytes });
  }
}

function clipFile(
  rules: RootRules,
  at: { readonly dir: string; readonly entry: TreeEntry },
  { reading }: Extract<PathMeaning, { is: 'clip' }>,
): ClipFile | undefined {
  const cameraId = rules.cameras.get(reading.recorderCamera);
  if (cameraId === undefined) return undefined;
  const { ino, sizeBytes, mtimeNs } = at.entry.stat;
  const { kind, startsMs, endsMs, lengthMs, shifted, within } = reading;
  const { name } = at.entry;
  const said = { kind, startsMs, endsMs, statedLengthMs: lengthMs, shifted, within: within ?? null };
  return { dir: at.dir, name, cameraId, ...said, ino, sizeBytes, mtimeNs };
}

function signsOf<D extends TreeDir>(c: Compare<D>, file: ClipFile): Signs {
  const now = c.now();
  const earlier = c.looks.get(c.rules.rootId, pathOf(file.dir, file.name));
  const quiet = quietMs(file, earlier, now);
  const finalName = c.rules.layout.finishedBy === 'final_name';
  return { quietMs: quiet, finalName, superseded: isSuperseded(c, file, now.wallMs) };
}

function isSuperseded<D extends TreeDir>(c: Compare<D>, file: ClipFile, wallMs: number): boolean {
  const startMs = file.startsMs[0];
  if (startMs === undefined || file.kind !== 'video') return false;
  let newest = c.newest.get(file.cameraId);
  if (newest === undefined) {
    newest = c.known.newestStartMs(file.cameraId, wallMs + CLOCK_SLACK_MS) ?? -Infinity;
    c.newest.set(file.cameraId, newest);
  }
  return newest > startMs;
}

/** A clip seen in this task may end another one, before the index has heard of it. */
function noteStart<D extends TreeDir>(c: Compare<D>, file: ClipFile): void {
  const startMs = file.startsMs[0];
  const { wallMs } = c.now();
  if (startMs === undefined || file.kind !== 'video' || startMs > wallMs + CLOCK_SLACK_MS) return;
  const newest =
    c.newest.get(file.cameraId) ?? c.known.newestStartMs(file.cameraId, wallMs + CLOCK_SLACK_MS) ?? -Infinity;
  c.newest.set(file.cameraId, Math.max(newest, startMs));
}

/** Tells the index of a file that is nobody's, unless it knows. */
export function tellUnowned<D extends TreeDir>(
  c: Compare<D>,
  what: { readonly path: string; readonly reason: UnownedReason; readonly sizeBytes: number },
): void {
  c.unmet.delete(what.path);
  if (!c.known.saysUnowned(what)) c.emit({ is: 'unowned', ...what });
}

export function pathOf(dir: string, name: string): string {
  return dir === '' ? name : `${dir}/${name}`;
}
