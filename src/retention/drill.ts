/**
 * The deletion drill: a clip of our own making lives through everything a recorded one does, at a retention that is
 * over as soon as it is indexed and has its picture, and is then searched for wherever it could be left. The ordinary
 * scan indexes it, the ordinary sweep deletes it.
 */
import { MINUTE_MS } from '../base/clock.ts';

/** Where something was left; the first three: the life did not get so far. */
export type Trace =
  | 'not_indexed'
  | 'no_picture'
  | 'not_deleted' // its row still stands
  | 'name' // its name is still on the disk
  | 'picture' // a picture made from it is
  | 'descriptor' // this service or a child of it has one of them open
  | 'index' // a row still names it
  | 'pages' // its name or its fingerprint stands in the file of the index or its log
  | 'broken_off'; // an error; the log has more

/** Why a root was not drilled; each has an alarm of its own. */
export type Skipped = 'deletion_blocked' | 'clock_suspect' | 'ffmpeg_missing';

export interface RootDrill {
  readonly rootId: string;
  readonly skipped: Skipped | null;
  /** Empty: nothing was left of the clip. */
  readonly left: readonly Trace[];
}

export interface DrillResult {
  /** Retention clock. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly roots: readonly RootDrill[];
}

/** `ok`: a root was drilled and nothing was left on any; `failed`: something was; `skipped`: none could be drilled. */
export type DrillVerdict = 'ok' | 'failed' | 'skipped';

export function verdictOf({ roots }: Pick<DrillResult, 'roots'>): DrillVerdict {
  if (roots.some((r) => r.left.length > 0)) return 'failed';
  return roots.some((r) => r.skipped === null) ? 'ok' : 'skipped';
}

export interface DrillStore {
  /** The row of the planted clip of this name; undefined when there is none. `fingerprint` in hexadecimal. */
  find(
    rootId: string,
    name: string,
  ): { readonly clipId: number; readonly live: boolean; readonly fingerprint: string } | undefined;
  /** File of the clip's picture below the derived directory. */
  picture(clipId: number): string | undefined;
  /** Makes the planted clips of a root due at `nowMs`, and no other clip whatever. */
  expire(rootId: string, nowMs: number): void;
  /** Names of planted clips of a root that have a row. */
  names(rootId: string): string[];
  /** Whether any row still names the file or its picture. */
  mentions(file: { readonly name: string; readonly picture: string | undefined }): boolean;
  /** One record of the audit. */
  record(result: DrillResult): void;
  last(): DrillResult | undefined;
}

/** The reserved place on the disk of a root. */
export interface DrillPlace {
  /** Returns `<device>:<inode>` of the file. */
  plant(
    rootId: string,
    clip: { readonly name: string; readonly bytes: Uint8Array; readonly mtimeMs: number },
  ): Promise<string>;
  names(rootId: string): Promise<readonly string[]>;
  /** Removes these names, and the place when it is empty. */
  clear(rootId: string, names: readonly string[]): Promise<void>;
}

/** What must not be found anywhere any more. */
export interface Needles {
  readonly names: readonly string[];
  readonly fingerprint: string;
  /** `<device>:<inode>` of the clip and its picture. */
  readonly files: readonly string[];
}

export interface DrillDeps {
  readonly store: DrillStore;
  readonly place: DrillPlace;
  readonly rootIds: () => readonly string[];
  /** Why a root cannot be drilled now. */
  readonly skip: (rootId: string) => Promise<Skipped | undefined>;
  /** A few seconds of encoded video, never the same bytes twice. */
  readonly makeClip: () => Promise<Uint8Array>;
  /** 24 characters of the URL-safe alphabet, and `.mp4`. */
  readonly newName: () => string;
  /** The scan's ordinary look at the planted name; resolves when the index has it. */
  readonly look: (rootId: string, name: string) => Promise<void>;
  readonly makePicture: (clipId: number) => Promise<void>;
  /** `<device>:<inode>` of a picture; undefined when it is not there. */
  readonly pictureFile: (picture: string) => string | undefined;
  /** The ordinary sweep. */
  readonly sweep: () => Promise<void>;
  readonly search: (needles: Needles) => Promise<{ readonly pages: boolean; readonly descriptor: boolean }>;
  readonly onError: (rootId: string, error: unknown) => void;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  readonly delay: (ms: number) => Promise<void>;
}

/** Written so long ago that the scan calls it finished at first sight. */
const WRITTEN_AGO_MS = 3 * MINUTE_MS;
/** A reader of the index keeps deleted names in its log until it is done; a child may be on its way out. */
const TRIES = 5;
const RETRY_MS = 300;

/** A planted clip and what became of it so far. */
interface Life {
  readonly rootId: string;
  readonly name: string;
  readonly left: readonly Trace[];
  readonly clipId: number | undefined;
  readonly picture: string | undefined;
  readonly fingerprint: string;
  readonly files: readonly string[];
}

/** Drills every root that can be drilled now, and records the result. Never throws for what one root does. */
export async function drill(deps: DrillDeps): Promise<DrillResult> {
  const began = deps.monotonicMs();
  const roots: RootDrill[] = [];
  const lives: Life[] = [];
  for (const rootId of deps.rootIds()) {
    const skipped = await deps.skip(rootId);
    if (skipped !== undefined) roots.push({ rootId, skipped, left: [] });
    else {
      const life = await guarded(deps, rootId, () => live(deps, rootId));
      if (life === undefined) roots.push({ rootId, skipped: null, left: ['broken_off'] });
      else lives.push(life);
    }
  }
  if (lives.length > 0) await deps.sweep();
  for (const life of lives) {
    const left = await guarded(deps, life.rootId, () => tracesOf(deps, life));
    roots.push(await ended(deps, life.rootId, left ?? ['broken_off']));
  }
  const result = { atMs: deps.nowMs(), tookMs: Math.round(deps.monotonicMs() - began), roots };
  deps.store.record(result);
  return result;
}

/** From the planting to the due moment. */
async function live(deps: DrillDeps, rootId: string): Promise<Life> {
  const { store, place } = deps;
  await clearRemains(deps, rootId);
  const name = deps.newName();
  const bytes = await deps.makeClip();
  const file = await place.plant(rootId, { name, bytes, mtimeMs: deps.wallMs() - WRITTEN_AGO_MS });
  await deps.look(rootId, name);
  const row = store.find(rootId, name);
  const unborn = { rootId, name, clipId: row?.clipId, picture: undefined, fingerprint: '', files: [file] };
  if (row?.live !== true) return { ...unborn, left: ['not_indexed'] };
  await deps.makePicture(row.clipId);
  const picture = store.picture(row.clipId);
  const pictureFile = picture === undefined ? undefined : deps.pictureFile(picture);
  store.expire(rootId, deps.nowMs());
  return {
    ...unborn,
    left: pictureFile === undefined ? ['no_picture'] : [],
    picture,
    fingerprint: row.fingerprint,
    files: pictureFile === undefined ? [file] : [file, pictureFile],
  };
}

/** What an earlier drill left when it was interrupted: rows fall due, names without a row go. */
async function clearRemains({ store, place, nowMs }: DrillDeps, rootId: string): Promise<void> {
  store.expire(rootId, nowMs());
  const known = store.names(rootId);
  const names = await place.names(rootId);
  await place.clear(
    rootId,
    names.filter((name) => !known.includes(name)),
  );
}

/** Looks until nothing is left, a few times; what has no row is then cleared away, so that no drill leaves a file. */
async function tracesOf(deps: DrillDeps, life: Life): Promise<readonly Trace[]> {
  let found = await look(deps, life);
  for (let tries = 1; found.length > 0 && tries < TRIES; tries += 1) {
    await deps.delay(RETRY_MS);
    await deps.sweep();
    found = await look(deps, life);
  }
  if (!found.includes('not_deleted')) await deps.place.clear(life.rootId, [life.name]);
  return [...life.left, ...found];
}

async function look({ store, place, pictureFile, search }: DrillDeps, life: Life): Promise<Trace[]> {
  const { rootId, name, picture, fingerprint, files } = life;
  const names = picture === undefined ? [name] : [name, picture];
  const { pages, descriptor } = await search({ names, fingerprint, files });
  const signs: Readonly<Partial<Record<Trace, boolean>>> = {
    not_deleted: store.find(rootId, name) !== undefined,
    name: (await place.names(rootId)).includes(name),
    picture: picture !== undefined && pictureFile(picture) !== undefined,
    descriptor,
    index: store.mentions({ name, picture }),
    pages,
  };
  return (Object.keys(signs) as Trace[]).filter((trace) => signs[trace]);
}

/** A root that left its state in between is no proof of anything; its own alarm tells. */
async function ended(deps: DrillDeps, rootId: string, left: readonly Trace[]): Promise<RootDrill> {
  const skipped = left.length === 0 ? undefined : await deps.skip(rootId);
  return skipped === undefined ? { rootId, skipped: null, left } : { rootId, skipped, left: [] };
}

async function guarded<T>(deps: DrillDeps, rootId: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    deps.onError(rootId, error);
    return undefined;
  }
}
