/**
 * Erasing clips of which something lies on another disk too: a copy in the vault, or the pins of a clip that lives on in
 * the vault. What lies elsewhere goes first and is durable before the clip's own name is touched, so that a disk that
 * cannot be used leaves the clip where it is: nothing is claimed (I5), and it is tried again.
 */
import { FortnightError } from '../base/errors.ts';
import { isHalfCopy } from '../holds/keep/copies.ts';
import type { Elsewhere, Eraser, Erasure, ErasureResult, ErasureRun } from './erasure.ts';
import type { AbortFlag } from './gate.ts';

export interface SpanningDeps {
  readonly eraser: Eraser;
  /** As of DiskEvents: what a disk's answers mean for it. */
  readonly doubt: (placeId: string, why: string) => void;
  readonly failing: (placeId: string, why: string) => void;
}

/** Why the name of a clip is not touched yet. */
type Bar = 'stopped' | 'elsewhere';
type Bars = ReadonlyMap<number, Bar>;
/** What is left elsewhere of a clip whose name is gone. */
type Left = 'kept' | 'unknown';

export function createSpanningEraser(deps: SpanningDeps): Eraser {
  const { eraser } = deps;
  return {
    erase: (rootId, batch, abort) =>
      batch.every((item) => placesOf(item).length === 0)
        ? eraser.erase(rootId, batch, abort)
        : eraseSpanning(deps, { rootId, batch, abort }),
  };
}

interface Work {
  readonly rootId: string;
  readonly batch: readonly Erasure[];
  readonly abort: AbortFlag;
}

function eraseSpanning(deps: SpanningDeps, { rootId, batch, abort }: Work): ErasureRun {
  const begun = eraseElsewhere(deps, batch, abort).then((bars) => {
    const items = batch.map((item) => (bars.has(item.clipId) ? { ...item, keep: true } : item));
    return { bars, run: deps.eraser.erase(rootId, items, abort) };
  });
  const unlinked = begun.then(async ({ bars, run }) => {
    const { results, tookMs } = await run.unlinked;
    const left = await keptElsewhere(deps, batch, { results, abort });
    const ends = results.map((result) => endOf(result, bars.get(result.clipId), left.get(result.clipId)));
    return { results: ends, tookMs };
  });
  const durable = begun.then(({ run }) => run.durable);
  durable.catch(() => undefined); // whoever waits for `unlinked` hears of the refusal there
  return { unlinked, durable };
}

function placesOf(item: Erasure): readonly Elsewhere[] {
  return item.elsewhere ?? [];
}

/** What lies elsewhere of clips that may go. Never rejects: a clip of which something could not go is barred. */
async function eraseElsewhere(
  deps: SpanningDeps,
  batch: readonly Erasure[],
  abort: AbortFlag,
): Promise<Bars> {
  const bars = new Map<number, Bar>();
  for (const [placeId, files] of filesByPlace(batch.filter((item) => !item.keep))) {
    const found = await eraseThere(deps, placeId, { files, abort });
    for (const { clipId } of files) if (found === undefined) bars.set(clipId, 'elsewhere');
    for (const { clipId, found: what } of found ?? [])
      if (what === 'untouched') bars.set(clipId, 'stopped');
      else if (what !== 'unlinked' && what !== 'absent') bars.set(clipId, 'elsewhere');
  }
  return bars;
}

/** Undefined: the disk could not be used, or did not confirm; nothing is known of what lay there. */
async function eraseThere(
  { eraser, doubt, failing }: SpanningDeps,
  placeId: string,
  { files, abort }: { readonly files: readonly Erasure[]; readonly abort: AbortFlag },
): Promise<readonly ErasureResult[] | undefined> {
  try {
    const run = eraser.erase(placeId, files, abort);
    const { results } = await run.unlinked;
    const { failure } = await run.durable;
    if (failure === undefined) return results;
    failing(placeId, failure);
  } catch (error) {
    if (!(error instanceof FortnightError)) throw error;
    doubt(placeId, error.message);
  }
  return undefined;
}

/** Clips that are held by now and whose name is gone: whether they live on elsewhere. `unknown`: a disk does not say. */
async function keptElsewhere(
  deps: SpanningDeps,
  batch: readonly Erasure[],
  { results, abort }: { readonly results: readonly ErasureResult[]; readonly abort: AbortFlag },
): Promise<ReadonlyMap<number, Left>> {
  const gone = new Set(results.flatMap((r) => (r.found === 'absent' ? [r.clipId] : [])));
  const asked = batch.filter((item) => item.keep && gone.has(item.clipId));
  const kept = new Map<number, Left>();
  for (const [placeId, files] of filesByPlace(asked)) {
    const whole = files.filter((file) => !isHalfCopy(file.name)).map((file) => ({ ...file, keep: true }));
    const found = await eraseThere(deps, placeId, { files: whole, abort });
    for (const { clipId } of whole) {
      const of = found?.filter((r) => r.clipId === clipId).map((r) => r.found) ?? ['unknown'];
      if (of.includes('kept')) kept.set(clipId, 'kept');
      else if (!of.every((what) => what === 'absent') && !kept.has(clipId)) kept.set(clipId, 'unknown');
    }
  }
  return kept;
}

/** Each file as one to erase: among our pins and copies a name is enough. */
function filesByPlace(batch: readonly Erasure[]): Map<string, Erasure[]> {
  const files = batch.flatMap((item) =>
    placesOf(item).map(({ placeId, dir, name }) => {
      const identity = { ino: 0n, sizeBytes: 0, mtimeNs: 0n };
      return { placeId, file: { clipId: item.clipId, dir, name, ...identity, sidecars: [], keep: false } };
    }),
  );
  const byPlace = Map.groupBy(files, (f) => f.placeId);
  return new Map([...byPlace].map(([placeId, those]) => [placeId, those.map((f) => f.file)]));
}

function endOf(result: ErasureResult, bar: Bar | undefined, left: Left | undefined): ErasureResult {
  if (bar === 'stopped') return { ...result, found: 'untouched' };
  // It is there, and stays until what lies elsewhere can go. One that is gone was ours: its end waits for that disk.
  if (bar === 'elsewhere' && result.found === 'kept')
    return { ...result, found: 'refused', errno: ELSEWHERE };
  if (bar === 'elsewhere' && result.found === 'absent')
    return { ...result, found: 'unknown', errno: ELSEWHERE };
  return left === undefined ? result : { ...result, found: left };
}

/** In the place of an errno: no system call failed. */
const ELSEWHERE = 'elsewhere';
