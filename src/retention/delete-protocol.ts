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

interface Run {
  readonly judged: readonly Judged[];
  readonly results: readonly ErasureResult[];
  /** D: false when a directory could not be made durable, which its root has been told by then. Never rejects. */
  readonly durable: Promise<boolean>;
}

/** Undefined means: the root is in doubt, its clips stay `deleting`, do not go on with it. */
type Result = readonly Outcome[] | undefined;

/** `stopped`: a placement came in between; what is left of the intent must be settled. */
type Conclusion = Result | 'stopped';

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

  /** Deletes what of these clips may go when their turn comes: after D of the batch before, beside its X and T2. */
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

  /** The disk of a root was replaced: what became of these files on it nobody will find out, and nothing is claimed (I5). */
  async giveUp(rootId: string): Promise<void> {
    const { store } = this.#deps;
    await this.#turns.take(rootId, async (before) => {
      await before.ended;
      for (const intent of store.unfinishedIntents(rootId)) {
        const outcomes = store.pending(intent).map((p) => {
          const nothing = { clipId: p.clip.id, found: 'unknown', errno: undefined, linksLeft: 0 } as const;
          return this.#outcome({ ...p, decision: this.#judge(p.clip) }, nothing, false);
        });
        store.finish(rootId, intent, outcomes);
      }
      return [];
    });
  }

  async #batch(
    rootId: string,
    clipIds: readonly number[],
    { before, own }: { readonly before: Before; readonly own: Turn },
  ): Promise<Conclusion> {
    // Outside the gate: no placement and no other root waits for an fsync. After one that failed nothing more goes.
    if (!(await before.durable)) return undefined;
    const begun = await this.#deps.gate.batch((abort) => this.#begin(rootId, clipIds, abort));
    const run = begun?.run;
    if (run !== undefined) own.passOn(bothSound(run.durable, before.ended));
    const durable = run !== undefined && (await this.#secure(run));
    // Intents end in the order in which they were made.
    if (!(await before.ended)) return undefined;
    // The batch behind begins first: the disk unlinks while the index is told of this one.
    await breathe();
    if (begun === undefined) return [];
    return durable ? this.#finish(rootId, begun.intent, { ...run, recovered: false }) : undefined;
  }

  /** T1 to the end of U, inside the gate. Undefined: nothing of the batch may go. */
  async #begin(
    rootId: string,
    clipIds: readonly number[],
    abort: AbortFlag,
  ): Promise<{ readonly intent: number; readonly run: Run | undefined } | undefined> {
    const intent = this.#deps.store.begin(rootId, clipIds, (clip) => this.#judge(clip));
    return intent === undefined ? undefined : { intent, run: await this.#unlink(rootId, intent, abort) };
  }

  /** An intent of which the disk told nothing new is left for the next time; the others go on. */
  async #settle(rootId: string): Promise<Result> {
    const done: Outcome[] = [];
    for (const intent of this.#deps.store.unfinishedIntents(rootId)) {
      const run = await this.#deps.gate.batch((abort) => this.#unlink(rootId, intent, abort));
      if (run === undefined || !(await this.#secure(run))) return undefined;
      const outcomes = this.#finish(rootId, intent, { ...run, recovered: true });
      if (outcomes === 'stopped') {
        const rest = await this.#settle(rootId);
        return rest && [...done, ...rest];
      }
      done.push(...outcomes);
    }
    return done;
  }

  /** U, inside the gate: what a hold covers by now is only looked at. Undefined: the root could not be used. */
  async #unlink(rootId: string, intent: number, abort: AbortFlag): Promise<Run | undefined> {
    const { store, eraser, disk } = this.#deps;
    const judged = store.pending(intent).map((p) => ({ ...p, decision: this.#judge(p.clip) }));
    const running = eraser.erase(rootId, judged.map(toErasure), abort);
    try {
      const { results, tookMs } = await running.unlinked;
      this.#batchSize = nextBatchSize(this.#batchSize, tookMs);
      return { judged, results, durable: this.#durable(rootId, running) };
    } catch (error) {
      if (!(error instanceof FortnightError)) throw error;
      disk.doubt(rootId, error.message);
      return undefined;
    }
  }

  /** D, begun by the eraser. A failure is told at once, whatever becomes of the batch: the fsync is never repeated. */
  async #durable(rootId: string, running: ErasureRun): Promise<boolean> {
    const { failure } = await running.durable.catch((error: unknown) => ({ failure: String(error) }));
    if (failure !== undefined) this.#deps.disk.failing(rootId, failure);
    return failure === undefined;
  }

  /** X and the end of D. */
  async #secure({ results, durable }: Run): Promise<boolean> {
    const { store, closeClips } = this.#deps;
    const without = results
      .filter((r) => r.found === 'unlinked' || r.found === 'absent')
      .map((r) => r.clipId);
    await closeClips(without, store.derivedFiles(without));
    return durable;
  }

  /** T2, unless the batch was told to stop for a placement: then the rest is judged anew, with the new hold. */
  #finish(
    rootId: string,
    intent: number,
    run: Run & { readonly recovered: boolean },
  ): readonly Outcome[] | 'stopped' {
    const { store, onOutcomes } = this.#deps;
    if (run.results.some((r) => r.found === 'untouched')) return 'stopped';
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

async function bothSound(a: Promise<boolean>, b: Promise<boolean>): Promise<boolean> {
  return (await Promise.all([a, b])).every((sound) => sound);
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
    elsewhere: p.elsewhere,
    keep: !p.decision.mayDelete,
  };
}
