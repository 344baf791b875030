/** Deleting files nobody owns, by the confirmed rule of their source and the protocol of such files (file-protocol.ts). */
import { DAY_MS } from '../base/clock.ts';
import { breathe } from '../base/delay.ts';
import type { BlockedReason } from '../roots/root.ts';
import { MAX_BATCH } from './batches.ts';
import {
  FileProtocol,
  type FileEnd,
  type FileProtocolDeps,
  type FileSight,
  type FileStore,
} from './file-protocol.ts';
import { decideUnowned, type UnownedCircumstances, type UnownedFile } from './unowned-rule.ts';

export interface UnownedRule {
  readonly deleteAfterMs: number;
  /** Null: waits for an administrator. */
  readonly confirmedBy: string | null;
}

/** db/retention/unowned.ts implements it. `begin` leaves out what is a clip's or a sidecar's by now. */
export interface UnownedStore extends Omit<FileStore<UnownedFile>, 'finish'> {
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
  /** As of FileStore; what is still there is not looked at again before `retryMs`. */
  finish(
    rootId: string,
    intentSeq: number,
    ended: { readonly ends: readonly FileEnd[]; readonly retryMs: number },
  ): void;
  /** These are not looked at again before. */
  putOff(rootId: string, paths: readonly string[], retryMs: number): void;
}

export interface UnownedDeps extends Omit<FileProtocolDeps<UnownedFile>, 'store'> {
  readonly store: UnownedStore;
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
}

export class UnownedSweep {
  readonly #deps: UnownedDeps;
  readonly #protocol: FileProtocol<UnownedFile>;
  #stopping = false;

  constructor(deps: UnownedDeps) {
    this.#deps = deps;
    const { store, nowMs } = deps;
    const finish: FileStore<UnownedFile>['finish'] = (rootId, intentSeq, ends) => {
      store.finish(rootId, intentSeq, { ends, retryMs: nowMs() + DAY_MS });
    };
    this.#protocol = new FileProtocol({ ...deps, store: { ...store, finish } });
  }

  /** A running sweep ends after its batch. */
  stop(): void {
    this.#stopping = true;
  }

  /** Ends what a crash left, then deletes what the rule lets go. Does nothing without a confirmed rule. */
  async sweep(rootId: string): Promise<void> {
    const { store, timesBelievable, nowMs, retentionMs } = this.#deps;
    if (!this.#may(rootId) || !(await this.#protocol.settle(rootId))) return;
    const rule = store.rule(rootId);
    // A wrong clock has given files wrong times: then their age proves nothing.
    if (rule === undefined || rule.confirmedBy === null || !timesBelievable()) return;
    const deleteAfterMs = Math.max(rule.deleteAfterMs, retentionMs());
    const now = nowMs();
    let afterPath = '';
    while (this.#may(rootId)) {
      const query = { seenMs: now - deleteAfterMs, nowMs: now, afterPath, limit: MAX_BATCH };
      const paths = store.candidates(rootId, query).map((f) => f.path);
      const last = paths.at(-1);
      if (last === undefined || !(await this.#batch(rootId, paths, deleteAfterMs))) return;
      afterPath = last;
      await breathe();
    }
  }

  /** As FileProtocol. */
  giveUp(rootId: string): Promise<void> {
    return this.#protocol.giveUp(rootId);
  }

  #may(rootId: string): boolean {
    return !this.#stopping && this.#deps.blocked(rootId).length === 0;
  }

  /** False: the root is in doubt, go on with it another time. */
  async #batch(rootId: string, paths: readonly string[], deleteAfterMs: number): Promise<boolean> {
    const { sound, left } = await this.#protocol.batch(rootId, paths, (file, sight) =>
      this.#mayDelete(rootId, file, { sight, deleteAfterMs }),
    );
    if (left.length > 0) this.#deps.store.putOff(rootId, left, this.#deps.nowMs() + DAY_MS);
    return sound;
  }

  #mayDelete(
    rootId: string,
    file: UnownedFile,
    by: { readonly sight: FileSight; readonly deleteAfterMs: number },
  ): boolean {
    const circumstances = this.#deps.circumstances(rootId, file.path);
    if (circumstances === undefined) return false;
    const { sight, deleteAfterMs } = by;
    return decideUnowned(file, sight, { ...circumstances, nowMs: this.#deps.nowMs(), deleteAfterMs })
      .mayDelete;
  }
}
