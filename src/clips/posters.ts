/**
 * Poster pictures: made from a clip when first asked for, kept while the clip lives, gone with it in the same batch
 * (I8). A file is registered before it is written, in a transaction that re-checks that the clip is live, so that none
 * can outlive the row that knows it.
 */
import { FortnightError } from '../base/errors.ts';
import { newToken } from '../base/ids.ts';
import type { OpenedClip } from './opened.ts';

export interface PosterStore {
  /** File of the clip's poster; undefined when none was made. */
  find(clipId: number): string | undefined;
  /** Registers `file` when the clip is still live or recording; false when it is not. */
  register(clipId: number, file: string): boolean;
  drop(file: string): void;
  files(): Set<string>;
}

export interface DerivedFiles {
  read(file: string): Promise<Buffer | undefined>;
  path(file: string): string;
  /** Removes files and makes that durable; those that are gone already are fine. */
  remove(files: readonly string[]): Promise<void>;
  list(): Promise<string[]>;
}

export interface PosterDeps {
  readonly store: PosterStore;
  readonly files: DerivedFiles;
  readonly open: (clipId: number) => Promise<OpenedClip | undefined>;
  readonly make: (job: {
    readonly clipId: number;
    readonly fd: number;
    readonly outFile: string;
  }) => Promise<void>;
}

export interface Posters {
  /** JPEG bytes. Throws `not_found` when the clip has no file, `clip_unavailable` when no picture can be made. */
  poster(clipId: number): Promise<Buffer>;
  /** Resolves when none of these clips' files is open for its picture any more; ending the jobs is somebody else's. */
  over(clipIds: readonly number[]): Promise<void>;
  /** Removes files without a row, and rows without a file; at start and hourly. Returns how many files. */
  tidy(): Promise<number>;
}

export function createPosters(deps: PosterDeps): Posters {
  const making = new Map<number, Promise<Buffer>>();
  /** Files that are registered and not yet written. */
  const unwritten = new Set<string>();
  return {
    poster: (clipId) => {
      const running = making.get(clipId);
      if (running !== undefined) return running;
      const work = findOrMake({ ...deps, unwritten }, clipId).finally(() => making.delete(clipId));
      making.set(clipId, work);
      return work;
    },
    over: async (clipIds) => {
      await Promise.allSettled(clipIds.flatMap((id) => making.get(id) ?? []));
    },
    tidy: async () => {
      const settled = [...deps.store.files()].filter((f) => !unwritten.has(f));
      const present = await deps.files.list();
      const known = deps.store.files();
      const orphans = present.filter((f) => !known.has(f));
      if (orphans.length > 0) await deps.files.remove(orphans);
      // A crash between row and file leaves a row.
      const there = new Set(present);
      for (const file of settled) if (!there.has(file)) deps.store.drop(file);
      return orphans.length;
    },
  };
}

async function findOrMake(deps: PosterDeps & { unwritten: Set<string> }, clipId: number): Promise<Buffer> {
  const known = deps.store.find(clipId);
  const kept = known === undefined ? undefined : await deps.files.read(known);
  if (kept !== undefined) return kept;
  if (known !== undefined) deps.store.drop(known);
  const opened = await deps.open(clipId);
  if (opened === undefined) throw new FortnightError('not_found', 'the clip has no file');
  const file = `${newToken(18)}.jpg`;
  deps.unwritten.add(file);
  try {
    if (!deps.store.register(clipId, file)) throw new FortnightError('gone', 'the clip is being deleted');
    await deps.make({ clipId, fd: opened.fd, outFile: deps.files.path(file) });
    // The clip may have gone meanwhile, with the rows of its files: then this one goes too.
    if (deps.store.find(clipId) !== file) throw new FortnightError('gone', 'the clip is being deleted');
    const made = await deps.files.read(file);
    if (made === undefined)
      throw new FortnightError('clip_unavailable', 'no picture could be made of this clip');
    return made;
  } catch (error) {
    await deps.files.remove([file]);
    deps.store.drop(file);
    throw error;
  } finally {
    deps.unwritten.delete(file);
    await opened.close();
  }
}
