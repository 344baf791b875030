/**
 * Deleting files nobody owns, by the confirmed rule of their source. The same protocol as for clips, under the same
 * gate: what may go is judged with the holds of that moment, the intent is durable before the first unlink, the identity
 * is compared by descriptor immediately before it, and nothing is claimed before the directories are durable.
 */
import { DAY_MS } from '../base/clock.ts';
import { breathe } from '../base/delay.ts';
import { FortnightError } from '../base/errors.ts';
import type { BlockedReason } from '../roots/root.ts';
import { MAX_BATCH } from './batches.ts';
import type { Eraser, Erasure, ErasureResult, ErasureRun, Found } from './erasure.ts';
import type { AbortFlag, Gate } from './gate.ts';
import {
  decideUnowned,
  type UnownedCircumstances,
  type UnownedDecision,
  type UnownedFile,
  type UnownedSight,
} from './unowned-rule.ts';

export type UnownedOutcome =
  'deleted' | 'deleted_recovered' | 'already_gone' | 'identity_changed' | 'withdrawn' | 'failed';

/** A file of an intent, and how it ended; `linksLeft`: other names its content has. */
export interface UnownedEnd {
  readonly path: string;
  readonly outcome: UnownedOutcome;
  readonly linksLeft: number;
}

export interface UnownedRule {
  readonly deleteAfterMs: number;
  /** Null: waits for an administrator. */
  readonly confirmedBy: string | null;
}

/** db/unowned.ts implements it. */
export interface UnownedStore {
  rule(rootId: string): UnownedRule | undefined;
  /** Deletable files first seen at or before `seenMs`, not put off beyond `nowMs`, by path after `afterPath`. */
  candidates(
    rootId: string,
    at: {
      readonly seenMs: number;
      readonly nowMs: number;
      readonly afterPath: string;
      readonly limit: number;
    },
  ): UnownedFile[];
  /**
   * T1: those of these files that are still listed and are no clip's and no sidecar's, and that `judge` lets go, with one
   * intent record. One durable transaction. Undefined when none was left.
   */
  begin(rootId: string, paths: readonly string[], judge: (file: UnownedFile) => boolean): number | undefined;
  unfinished(rootId: string): number[];
  pending(rootId: string, intentSeq: number): UnownedFile[];
  /** T2: rows of what is gone go, the others are free again; the terminal record. One durable transaction. */
  finish(
    rootId: string,
    intentSeq: number,
    ended: { readonly ends: readonly UnownedEnd[]; readonly retryMs: number },
  ): void;
  /** These are not looked at again before. */
  putOff(rootId: string, paths: readonly string[], retryMs: number): void;
}

export interface UnownedDeps {
  readonly store: UnownedStore;
  readonly eraser: Eraser;
  readonly gate: Gate;
  readonly sights: (rootId: string, paths: readonly string[]) => Promise<readonly (UnownedSight | null)[]>;
  /** What the configuration and the holds say of a path of a root now. Undefined: the path is a clip's by now. */
  readonly circumstances: (
    rootId: string,
    path: string,
  ) => Omit<UnownedCircumstances, 'nowMs' | 'deleteAfterMs'> | undefined;
  /** Why nothing may be deleted from a root now, its breaker included; empty when it may. */
  readonly blocked: (rootId: string) => readonly BlockedReason[];
  /** Whether times that were written lately can be believed. */
  readonly timesBelievable: () => boolean;
  readonly nowMs: () => number;
  readonly retentionMs: () => number;
  readonly onEnd: (rootId: string, ends: readonly UnownedEnd[]) => void;
  readonly failing: (rootId: string, why: string) => void;
  readonly doubt: (rootId: string, why: string) => void;
}

export class UnownedSweep {
  readonly #deps: UnownedDeps;
  #stopping = false;

  constructor(deps: UnownedDeps) {
    this.#deps = deps;
  }

  /** A running sweep ends after its batch. */
  stop(): void {
    this.#stopping = true;
  }

  /** Ends what a crash left, then deletes what the rule lets go. Does nothing without a confirmed rule. */
  async sweep(rootId: string): Promise<void> {
    const { store, timesBelievable, nowMs, retentionMs } = this.#deps;
    if (!this.#may(rootId) || !(await this.#settle(rootId))) return;
    const rule = store.rule(rootId);
    // A wrong clock has given files wrong times: then their age proves nothing.
    if (rule === undefined || rule.confirmedBy === null || !timesBelievable()) return;
    const deleteAfterMs = Math.max(rule.deleteAfterMs, retentionMs());
    const now = nowMs();
    let afterPath = '';
    while (this.#may(rootId)) {
      const query = { seenMs: now - deleteAfterMs, nowMs: now, afterPath, limit: MAX_BATCH };
      const files = store.candidates(rootId, query);
      const last = files.at(-1);
      if (last === undefined || !(await this.#batch(rootId, files, deleteAfterMs))) return;
      afterPath = last.path;
      await breathe();
    }
  }

  #may(rootId: string): boolean {
    return !this.#stopping && this.#deps.blocked(rootId).length === 0;
  }

  /** False: the root is in doubt, go on with it another time. */
  async #batch(rootId: string, files: readonly UnownedFile[], deleteAfterMs: number): Promise<boolean> {
    const { store, gate, nowMs } = this.#deps;
    const paths = files.map((f) => f.path);
    const seen = await this.#look(rootId, paths);
    if (seen === undefined) return false;
    const judge = (file: UnownedFile): boolean =>
      this.#decide(rootId, file, { sight: seen.get(file.path), deleteAfterMs })?.mayDelete === true;
    let intent: number | undefined;
    let taken: readonly UnownedFile[] = [];
    const run = await gate.batch(async (abort) => {
      intent = store.begin(rootId, paths, judge);
      if (intent === undefined) return undefined;
      taken = store.pending(rootId, intent);
      return this.#unlink(
        rootId,
        taken.map((f, i) => erasureOf(f.path, i, seen.get(f.path))),
        abort,
      );
    });
    const left = paths.filter((path) => !taken.some((f) => f.path === path));
    if (left.length > 0) store.putOff(rootId, left, nowMs() + DAY_MS);
    return intent === undefined || this.#conclude(rootId, intent, { run, recovered: false });
  }

  /** Files of an intent that a crash or a failing disk left: only looked at, judged anew the next time. */
  async #settle(rootId: string): Promise<boolean> {
    const { store, gate } = this.#deps;
    for (const intent of store.unfinished(rootId)) {
      const batch = store.pending(rootId, intent).map((f, i) => erasureOf(f.path, i, undefined));
      const run = await gate.batch((abort) => this.#unlink(rootId, batch, abort));
      if (!(await this.#conclude(rootId, intent, { run, recovered: true }))) return false;
    }
    return true;
  }

  async #look(rootId: string, paths: readonly string[]): Promise<Map<string, UnownedSight> | undefined> {
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

  #decide(
    rootId: string,
    file: UnownedFile,
    by: { readonly sight: UnownedSight | undefined; readonly deleteAfterMs: number },
  ): UnownedDecision | undefined {
    const circumstances = this.#deps.circumstances(rootId, file.path);
    if (by.sight === undefined || circumstances === undefined) return undefined;
    const { deleteAfterMs } = by;
    return decideUnowned(file, by.sight, { ...circumstances, nowMs: this.#deps.nowMs(), deleteAfterMs });
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
    const { store, nowMs, onEnd } = this.#deps;
    const { failure } = await run.durable.catch((error: unknown) => ({ failure: String(error) }));
    if (failure !== undefined) {
      this.#deps.failing(rootId, failure);
      return false;
    }
    if (run.results.some((r) => r.found === 'unknown')) return false;
    const ends = run.results.map(({ path, found, linksLeft }) => {
      return { path, linksLeft, outcome: outcomeOf(found, recovered) };
    });
    store.finish(rootId, intent, { ends, retryMs: nowMs() + DAY_MS });
    onEnd(rootId, ends);
    return true;
  }

  #doubt(rootId: string, error: unknown): void {
    if (!(error instanceof FortnightError)) throw error;
    this.#deps.doubt(rootId, error.message);
    return undefined;
  }
}

interface Run {
  readonly results: readonly (ErasureResult & { readonly path: string })[];
  readonly durable: ErasureRun['durable'];
}

/** Without a sight nothing is unlinked: it is only looked whether the name is there. */
function erasureOf(path: string, clipId: number, sight: UnownedSight | undefined): Erasure {
  const cut = path.lastIndexOf('/');
  const at = { dir: cut < 0 ? '' : path.slice(0, cut), name: path.slice(cut + 1) };
  const { ino, sizeBytes, mtimeNs } = sight ?? { ino: 0n, sizeBytes: 0, mtimeNs: 0n };
  return { clipId, ...at, ino, sizeBytes, mtimeNs, sidecars: [], keep: sight === undefined };
}

function pathOf(item: Erasure | undefined): string {
  if (item === undefined) return '';
  return item.dir === '' ? item.name : `${item.dir}/${item.name}`;
}

function outcomeOf(found: Found, recovered: boolean): UnownedOutcome {
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
