/**
 * The delete protocol for files that no row of a clip leads to. The same steps as for clips, under the same gate: what
 * may go is judged with the holds of that moment, the intent is durable before the first unlink, the identity is compared
 * by descriptor immediately before it, and nothing is claimed before the directories are durable.
 */
import { assert } from '../base/assert.ts';
import { FortnightError } from '../base/errors.ts';
import type { Eraser, Erasure, ErasureResult, ErasureRun, Found } from './erasure.ts';
import type { AbortFlag, Gate } from './gate.ts';
import { Turns } from './turns.ts';

export type FileOutcome =
  'deleted' | 'deleted_recovered' | 'already_gone' | 'identity_changed' | 'withdrawn' | 'failed';

/** A file of an intent, and how it ended; `linksLeft`: other names its content has. Paths are byte strings. */
export interface FileEnd {
  readonly path: string;
  readonly outcome: FileOutcome;
  readonly linksLeft: number;
}

/** A regular file as it is now. */
export interface FileSight {
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  /** Last change of the file's data, name or rights, by the system's clock: nobody can set it back. */
  readonly ctimeMs: number;
}

/** A list of such files in the index. */
export interface FileStore<F extends { readonly path: string }> {
  /**
   * T1: those of these files that are still listed, and that `judge` lets go, with one intent record. One durable
   * transaction. Undefined when none was left.
   */
  begin(rootId: string, paths: readonly string[], judge: (file: F) => boolean): number | undefined;
  /** Intents without a terminal record. */
  unfinished(rootId: string): number[];
  pending(rootId: string, intentSeq: number): F[];
  /** T2: rows of what is gone go, the others are free again; the terminal record. One durable transaction. */
  finish(rootId: string, intentSeq: number, ends: readonly FileEnd[]): void;
}

export interface FileProtocolDeps<F extends { readonly path: string }> {
  readonly store: FileStore<F>;
  readonly eraser: Eraser;
  readonly gate: Gate;
  readonly sights: (rootId: string, paths: readonly string[]) => Promise<readonly (FileSight | null)[]>;
  readonly onEnd: (rootId: string, ends: readonly FileEnd[]) => void;
  readonly failing: (rootId: string, why: string) => void;
  readonly doubt: (rootId: string, why: string) => void;
}

/** `left`: what did not go over into the intent. `sound` false: the root is in doubt, go on with it another time. */
export interface FileBatch {
  readonly sound: boolean;
  readonly left: readonly string[];
}

type Judge<F> = (file: F, sight: FileSight) => boolean;

export class FileProtocol<F extends { readonly path: string }> {
  readonly #deps: FileProtocolDeps<F>;
  readonly #turns = new Turns();

  constructor(deps: FileProtocolDeps<F>) {
    this.#deps = deps;
  }

  /** Deletes those of these files that are there and that `judge` lets go when its moment has come. */
  batch(rootId: string, paths: readonly string[], judge: Judge<F>): Promise<FileBatch> {
    return this.#alone(rootId, () => this.#batch(rootId, paths, judge));
  }

  /** Files of an intent that a crash or a failing disk left: only looked at, judged anew the next time. False: as `sound`. */
  settle(rootId: string): Promise<boolean> {
    return this.#alone(rootId, () => this.#settle(rootId));
  }

  /** The disk of a root was replaced: nothing is claimed of what lay on it. Waits for what is under way there. */
  giveUp(rootId: string): Promise<void> {
    const { store } = this.#deps;
    return this.#alone(rootId, () => {
      for (const intent of store.unfinished(rootId)) {
        const ends = store
          .pending(rootId, intent)
          .map(({ path }) => ({ path, linksLeft: 0, outcome: 'failed' as const }));
        store.finish(rootId, intent, ends);
      }
    });
  }

  /** One after the other on each root: two that settle one intent would both end it. */
  async #alone<T>(rootId: string, work: () => T | Promise<T>): Promise<T> {
    const done = await this.#turns.take(rootId, async (before) => {
      await before.ended;
      return { result: await work() };
    });
    assert(done !== undefined, 'a turn of files always has a result');
    return done.result;
  }

  async #batch(rootId: string, paths: readonly string[], judge: Judge<F>): Promise<FileBatch> {
    const { store, gate } = this.#deps;
    const seen = await this.look(rootId, paths);
    if (seen === undefined) return { sound: false, left: [] };
    let intent: number | undefined;
    let taken: readonly F[] = [];
    const run = await gate.batch(async (abort) => {
      intent = store.begin(rootId, paths, (file) => {
        const sight = seen.get(file.path);
        return sight !== undefined && judge(file, sight);
      });
      if (intent === undefined) return undefined;
      taken = store.pending(rootId, intent);
      const erasures = taken.map((f, i) => erasureOf(f.path, i, seen.get(f.path)));
      return this.#unlink(rootId, erasures, abort);
    });
    const left = paths.filter((path) => !taken.some((f) => f.path === path));
    const sound = intent === undefined || (await this.#conclude(rootId, intent, { run, recovered: false }));
    return { sound, left };
  }

  async #settle(rootId: string): Promise<boolean> {
    const { store, gate } = this.#deps;
    for (const intent of store.unfinished(rootId)) {
      const batch = store.pending(rootId, intent).map((f, i) => erasureOf(f.path, i, undefined));
      const run = await gate.batch((abort) => this.#unlink(rootId, batch, abort));
      if (!(await this.#conclude(rootId, intent, { run, recovered: true }))) return false;
    }
    return true;
  }

  /** What is there of these, by path; undefined: the root is in doubt. */
  async look(rootId: string, paths: readonly string[]): Promise<Map<string, FileSight> | undefined> {
    try {
      const sights = await this.#deps.sights(rootId, paths);
      return new Map(
        paths.flatMap((path, i) => {
          const sight = sights[i] ?? null;
          return sight === null ? [] : [[path, sight] as const];
        }),
      );
    } catch (error) {
      this.#doubt(rootId, error);
      return undefined;
    }
  }

  /** U, inside the gate. Undefined: the root could not be used. */
  async #unlink(rootId: string, batch: readonly Erasure[], abort: AbortFlag): Promise<Run | undefined> {
    const running = this.#deps.eraser.erase(rootId, batch, abort);
    try {
      const { results } = await running.unlinked;
      const ended = results.map((result, i) => ({ ...result, path: pathOf(batch[i]) }));
      return { results: ended, durable: running.durable };
    } catch (error) {
      this.#doubt(rootId, error);
      return undefined;
    }
  }

  /** D and T2. False: the disk did not confirm; the intent stays, and is settled when the root is well again. */
  async #conclude(
    rootId: string,
    intent: number,
    { run, recovered }: { readonly run: Run | undefined; readonly recovered: boolean },
  ): Promise<boolean> {
    if (run === undefined) return false;
    const { store, onEnd, failing } = this.#deps;
    const { failure } = await run.durable.catch((error: unknown) => ({ failure: String(error) }));
    if (failure !== undefined) {
      failing(rootId, failure);
      return false;
    }
    if (run.results.some((r) => r.found === 'unknown')) return false;
    const ends = run.results.map(({ path, found, linksLeft }) => {
      return { path, linksLeft, outcome: outcomeOf(found, recovered) };
    });
    store.finish(rootId, intent, ends);
    onEnd(rootId, ends);
    return true;
  }

  #doubt(rootId: string, error: unknown): void {
    if (!(error instanceof FortnightError)) throw error;
    this.#deps.doubt(rootId, error.message);
  }
}

interface Run {
  readonly results: readonly (ErasureResult & { readonly path: string })[];
  readonly durable: ErasureRun['durable'];
}

/** Without a sight nothing is unlinked: it is only looked whether the name is there. */
function erasureOf(path: string, clipId: number, sight: FileSight | undefined): Erasure {
  const cut = path.lastIndexOf('/');
  const at = { dir: cut < 0 ? '' : path.slice(0, cut), name: path.slice(cut + 1) };
  const { ino, sizeBytes, mtimeNs } = sight ?? { ino: 0n, sizeBytes: 0, mtimeNs: 0n };
  return { clipId, ...at, ino, sizeBytes, mtimeNs, sidecars: [], keep: sight === undefined };
}

function pathOf(item: Erasure | undefined): string {
  if (item === undefined) return '';
  return item.dir === '' ? item.name : `${item.dir}/${item.name}`;
}

function outcomeOf(found: Found, recovered: boolean): FileOutcome {
  switch (found) {
    case 'unlinked':
      return 'deleted';
    case 'absent':
      return recovered ? 'deleted_recovered' : 'already_gone';
    case 'changed':
      return recovered ? 'withdrawn' : 'identity_changed';
    case 'kept':
    case 'untouched':
      return 'withdrawn';
    case 'refused':
    case 'unknown':
      return 'failed';
  }
}
