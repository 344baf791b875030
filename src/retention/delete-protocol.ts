/**
 * The delete protocol for one batch: T1, U, D, X, T2, and its repetition for what a crash, an abort or a failing disk
 * left as `deleting`. Steps and reasons: docs/design/invariants.md, "Deleting".
 */
import { HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import { breathe } from '../base/delay.ts';
import { FortnightError } from '../base/errors.ts';
import type { Clip } from '../clips/clip.ts';
import type { HoldVersion } from '../holds/hold.ts';
import { MAX_BATCH, nextBatchSize } from './batches.ts';
import { decide, deletionReason, type Decision } from './decide.ts';
import type {
  Eraser,
  Erasure,
  ErasureResult,
  ErasureRun,
  Found,
  Outcome,
  PendingErasure,
  SweepStore,
} from './erasure.ts';
import type { AbortFlag, Gate } from './gate.ts';
import { Turns, type Before, type Turn } from './turns.ts';

const BACK_OFF_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS];

export interface ProtocolDeps {
  readonly store: SweepStore;
  readonly eraser: Eraser;
  readonly gate: Gate;
  readonly disk: DiskEvents;
  /** Current hold versions of a camera, ended ones included. */
  readonly holdsOf: (cameraId: string) => readonly HoldVersion[];
  /** The retention clock. */
  readonly nowMs: () => number;
  /** X: streams and jobs of these clips end, files made from them go; resolves when no descriptor is left. */
  readonly closeClips: (clipIds: readonly number[], derivedFiles: readonly string[]) => Promise<void>;
  readonly onOutcomes: (rootId: string, outcomes: readonly Outcome[]) => void;
}

/** What the disk's answers mean for its root. */
export interface DiskEvents {
  /** Look at the root again: what it answered does not fit a healthy disk. */
  doubt(rootId: string, why: string): void;
  /** A directory could not be made durable: nothing more is deleted there until it is remounted. */
  failing(rootId: string, why: string): void;
  /** The names of these clips mean something else than the index says. */
  relook(rootId: string, clips: readonly Clip[]): void;
  /** An unlink was refused (permissions, read-only), or the disk did not say what became of it (EIO, ESTALE). */
  refused(rootId: string, clips: number, errno: string | undefined): void;
}

interface Judged extends PendingErasure {
  readonly decision: Decision;
}

type Durability = Awaited<ErasureRun['durable']>;

interface Run {
  readonly judged: readonly Judged[];
  readonly results: readonly ErasureResult[];
  readonly durable: Promise<Durability>;
}

const isDurable = ({ failure }: Durability): boolean => failure === undefined;

/** Undefined as a result means: the root is in doubt, its clips stay `deleting`, do not go on with it. */
type Result = readonly Outcome[] | undefined;

export class DeleteProtocol {
  readonly #deps: ProtocolDeps;
  readonly #turns = new Turns();
  #batchSize = MAX_BATCH;

  constructor(deps: ProtocolDeps) {
    this.#deps = deps;
  }

  get batchSize(): number {
    return this.#batchSize;
  }

  /** Deletes what of these clips may go when their turn comes: after U of the batch before, beside its D, X and T2. */
  async batch(rootId: string, clipIds: readonly number[]): Promise<Result> {
    const done = await this.#turns.take(rootId, (before, own) =>
      this.#batch(rootId, clipIds, { before, own }),
    );
    return done === 'stopped' ? this.settle(rootId) : done;
  }

  /** Brings every unfinished intent of a root to its end, the oldest first; holds are judged anew. */
  settle(rootId: string): Promise<Result> {
    return this.#turns.take(rootId, async (before) => {
      await before.ended;
      return this.#settle(rootId);
    });
  }

  async #batch(
    rootId: string,
    clipIds: readonly number[],
    { before, own }: { readonly before: Before; readonly own: Turn },
  ): Promise<Result | 'stopped'> {
    const { gate, store } = this.#deps;
    if (!(await before.removed)) return undefined;
    let intent: number | undefined;
    const run = await gate.batch(async (abort) => {
      intent = store.begin(rootId, clipIds, (clip) => this.#judge(clip));
      // D of the batch before went on meanwhile. After a directory that is not durable nothing more is unlinked.
      if (intent === undefined || !(await before.durable)) return undefined;
      return this.#unlink(rootId, store.pending(intent), abort);
    });
    if (run !== undefined) own.passOn(run.durable.then(isDurable, () => false));
    if (!(await before.ended)) return undefined;
    if (intent === undefined) return [];
    return run && this.#conclude(rootId, intent, { ...run, recovered: false });
  }

  /** An intent of which the disk told nothing new is left for the next time; the others go on. */
  async #settle(rootId: string): Promise<Result> {
    const { gate, store } = this.#deps;
    const done: Outcome[] = [];
    for (const intent of store.unfinishedIntents(rootId)) {
      const run = await gate.batch((abort) => this.#unlink(rootId, store.pending(intent), abort));
      const outcomes = run && (await this.#conclude(rootId, intent, { ...run, recovered: true }));
      if (outcomes === undefined) return undefined;
      if (outcomes === 'stopped') {
        const rest = await this.#settle(rootId);
        return rest && [...done, ...rest];
      }
      done.push(...outcomes);
    }
    return done;
  }

  /** U, inside the gate. What a hold covers by now is only looked at. */
  async #unlink(
    rootId: string,
    pending: readonly PendingErasure[],
    abort: AbortFlag,
  ): Promise<Run | undefined> {
    const judged = pending.map((p) => ({ ...p, decision: this.#judge(p.clip) }));
    const batch = judged.map(toErasure);
    const running = this.#deps.eraser.erase(rootId, batch, abort);
    try {
      const { results, tookMs } = await running.unlinked;
      this.#batchSize = nextBatchSize(this.#batchSize, tookMs);
      return { judged, results, durable: running.durable };
    } catch (error) {
      if (!(error instanceof FortnightError)) throw error;
      this.#deps.disk.doubt(rootId, error.message);
      return undefined;
    }
  }

  /** X, D (begun by the eraser) and T2. `stopped`: a placement came in between; the intent must be settled. */
  async #conclude(
    rootId: string,
    intent: number,
    run: Run & { recovered: boolean },
  ): Promise<Result | 'stopped'> {
    const { store, disk, onOutcomes } = this.#deps;
    const without = run.results
      .filter((r) => r.found === 'unlinked' || r.found === 'absent')
      .map((r) => r.clipId);
    await this.#deps.closeClips(without, store.derivedFiles(without));
    const { failure } = await run.durable.catch((error: unknown) => ({ failure: String(error) }));
    if (failure !== undefined) {
      disk.failing(rootId, failure);
      return undefined;
    }
    // Told to stop for a placement: the rest is judged anew, with the new hold.
    if (run.results.some((r) => r.found === 'untouched')) return 'stopped';
    // The next batch goes to the disk first, so that the disk has work while the index is told of this one.
    await breathe();
    const known = run.judged.flatMap((p, i) => {
      const result = run.results[i];
      return result === undefined || result.found === 'unknown'
        ? []
        : [this.#outcome(p, result, run.recovered)];
    });
    store.finish(rootId, intent, known);
    onOutcomes(rootId, known);
    this.#report(rootId, known, run.results);
    return known;
  }

  #outcome(p: Judged, result: ErasureResult, recovered: boolean): Outcome {
    const outcome = outcomeOf(result.found, { recovered, held: !p.decision.mayDelete });
    const wait = retryAfterMs(outcome, p.failCount);
    return {
      clip: p.clip,
      outcome,
      reason: deletionReason(p.clip, p.decision),
      linksLeft: result.linksLeft,
      retryMs: wait === undefined ? undefined : this.#deps.nowMs() + wait,
    };
  }

  #report(rootId: string, outcomes: readonly Outcome[], results: readonly ErasureResult[]): void {
    const { disk } = this.#deps;
    const changed = outcomes.filter((o) => o.outcome === 'identity_changed').map((o) => o.clip);
    if (changed.length > 0) disk.relook(rootId, changed);
    const refused = results.filter((r) => r.found === 'refused' || r.found === 'unknown');
    if (refused.length > 0) disk.refused(rootId, refused.length, refused[0]?.errno);
  }

  #judge(clip: Clip): Decision {
    return decide(clip, this.#deps.holdsOf(clip.cameraId), this.#deps.nowMs());
  }
}

/** Whether the clip's file is gone for good. */
export function isGone(o: Outcome): boolean {
  return o.outcome === 'deleted' || o.outcome === 'deleted_recovered' || o.outcome === 'already_gone';
}

/** What a receipt says of what was found on the disk. */
function outcomeOf(
  found: Found,
  { recovered, held }: { recovered: boolean; held: boolean },
): Outcome['outcome'] {
  switch (found) {
    case 'unlinked':
      return 'deleted';
    case 'absent':
      return recovered ? 'deleted_recovered' : 'already_gone';
    case 'kept':
      return 'withdrawn_held';
    case 'changed':
      return held ? 'withdrawn_held' : 'identity_changed';
    case 'refused':
    case 'unknown':
    case 'untouched':
      return 'failed';
  }
}

/** How long a clip that lives on is left alone. */
function retryAfterMs(outcome: Outcome['outcome'], failCount: number): number | undefined {
  if (outcome !== 'failed' && outcome !== 'identity_changed') return undefined;
  return BACK_OFF_MS[failCount] ?? HOUR_MS;
}

function toErasure(p: Judged): Erasure {
  const { dir, name, ino, sizeBytes, mtimeNs } = p.location;
  return {
    clipId: p.clip.id,
    dir,
    name,
    ino,
    sizeBytes,
    mtimeNs,
    sidecars: p.sidecars,
    keep: !p.decision.mayDelete,
  };
}
