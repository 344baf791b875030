/** The hold service: placing, releasing and recovering holds in the order that makes them bind. */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../base/canonical-json.ts';
import { FortnightError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { widen } from '../base/range.ts';
import type { Clip } from '../clips/clip.ts';
import type { ClipReader } from '../clips/store.ts';
import type { Gate } from '../retention/gate.ts';
import { HOLD_MARGIN_MS, binds, type HoldTerms, type HoldVersion } from './hold.ts';
import type { HoldSet } from './hold-set.ts';
import type { HoldStore } from './hold-store.ts';
import type { Holds, PlacedHold } from './holds.ts';
import type { HoldJournal, JournaledVersion } from './journal.ts';
import { reportCoverage } from './report.ts';
import { checkTerms } from './terms.ts';

export interface HoldDeps {
  readonly store: HoldStore;
  readonly journal: HoldJournal;
  readonly set: HoldSet;
  readonly gate: Gate;
  readonly reader: Pick<
    ClipReader,
    'coverage' | 'covered' | 'receipts' | 'receiptCount' | 'deletedSpans' | 'deletingIn' | 'clip'
  >;
  readonly nowMs: () => number;
  readonly coolingOffMs: number;
  readonly cameraIds: ReadonlySet<string>;
  /**
   * Gives what the hold covers a second name on the disk, as far as that goes in a moment; the rest follows by itself.
   * How many clips have one by then. Never fails.
   */
  readonly pin: (hold: HoldVersion) => Promise<number>;
  /** Writes the version's mirror to every root that is online; never fails (a root that is not gets it when it returns). */
  readonly mirror: (entry: JournaledVersion) => Promise<void>;
  /** Brings what is `deleting` on these roots to its end, or gives up after a moment. */
  readonly settle: (rootIds: readonly string[]) => Promise<void>;
  /** A hold ended or was narrowed: clips parked for it are looked at again. */
  readonly unpark: () => Promise<void>;
}

/** The hold is in the journal and binds, but the index did not take it yet; it is tried again every minute. */
export class HoldNotIndexed extends FortnightError {
  readonly holdId: string;
  constructor(holdId: string, cause: unknown) {
    super('hold_recorded_not_indexed', 'the hold is in force, but the index could not record it yet', {
      hint: 'ask again with the same idempotency key',
      cause,
    });
    this.holdId = holdId;
  }
}

export interface HoldService extends Holds {
  /** Tries again what the index refused, and lets clips go whose hold has ended. Called each minute and at start. */
  tick(): Promise<void>;
}

export function createHolds(deps: HoldDeps): HoldService {
  const retries = new Retries(deps);
  // Placements on their way, by hold: a repeated request is answered when the first is, and not before.
  const underWay = new Map<string, Promise<unknown>>();
  let lastTickMs = 0;
  return {
    place: async (terms, request) => {
      const holdId = request.key === undefined ? newId() : idOfRequest(request.by, request.key);
      await underWay.get(holdId)?.catch(() => undefined);
      const placing = place(deps, retries, { terms, by: request.by, holdId });
      underWay.set(holdId, placing);
      try {
        return await placing;
      } finally {
        underWay.delete(holdId);
      }
    },
    release: async (holdId, request) => {
      const done = release(deps, holdId, request);
      await deps.mirror(done);
      return done.version;
    },
    current: () => deps.set.all(),
    history: (holdId) => deps.store.history(holdId),
    preview: (cameraIds, window) => {
      const query = { cameraIds, window, nowMs: deps.nowMs() };
      return reportCoverage(deps.reader, query, { rescued: 0, outcomeUnknown: [], pinned: 0 });
    },
    tick: async () => {
      await retries.run();
      const now = deps.nowMs();
      const ended = deps.set.all().some((h) => h.endsMs !== null && h.endsMs >= lastTickMs && !binds(h, now));
      if (ended) await deps.unpark();
      lastTickMs = now;
    },
  };
}

interface PlaceRequest {
  readonly terms: HoldTerms;
  readonly by: string;
  readonly holdId: string;
}

async function place(deps: HoldDeps, retries: Retries, request: PlaceRequest): Promise<PlacedHold> {
  const { terms, by, holdId } = request;
  checkTerms(terms, { nowMs: deps.nowMs(), cameraIds: deps.cameraIds });
  const before = deps.set.get(holdId);
  if (before !== undefined) return replay(deps, retries, { before, terms });

  const version: HoldVersion = {
    holdId,
    version: 1,
    terms,
    by,
    atMs: deps.nowMs(),
    releasedMs: null,
    releaseReason: null,
    endsMs: null,
  };
  const seq = deps.journal.append(version);
  // Durable: from here on no decision may overlook it, whatever happens to the index.
  deps.set.add(version);
  const inFlight = await deps.gate.placement(() => {
    try {
      deps.store.insert(seq, version, { recovered: false });
    } catch (error) {
      retries.add({ seq, version });
      throw new HoldNotIndexed(holdId, error);
    }
    return terms.cameraIds.flatMap((c) => deps.reader.deletingIn(c, widen(terms.window, HOLD_MARGIN_MS)));
  });
  await deps.pin(version);
  await deps.mirror({ seq, version });
  return { hold: version, coverage: await report(deps, version, inFlight), replayed: false };
}

/**
 * The hold's id follows from who asked and under which key, so that a repeated request finds it in the journal, also
 * after a crash and while the first is still on its way. A UUID of version 8 (RFC 9562).
 */
function idOfRequest(by: string, key: string): string {
  const hex = createHash('sha256')
    .update(canonicalJson([by, key]), 'utf8')
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function replay(
  deps: HoldDeps,
  retries: Retries,
  asked: { readonly before: HoldVersion; readonly terms: HoldTerms },
): Promise<PlacedHold> {
  const { before, terms } = asked;
  if (canonicalJson(before.terms as unknown as Json) !== canonicalJson(terms as unknown as Json)) {
    throw new FortnightError('conflict', 'this idempotency key was used for another hold');
  }
  await retries.run();
  const why = retries.waiting(before.holdId);
  if (why !== undefined) throw new HoldNotIndexed(before.holdId, why);
  return { hold: before, coverage: await report(deps, before, []), replayed: true };
}

/** The answer's figures; clips that were in a delete batch are settled first, as far as the disk answers in time. */
async function report(
  deps: HoldDeps,
  hold: HoldVersion,
  inFlight: readonly Clip[],
): Promise<PlacedHold['coverage']> {
  const { terms } = hold;
  if (inFlight.length > 0) await deps.settle([...new Set(inFlight.map((c) => c.rootId))]);
  const now = inFlight.map((c) => deps.reader.clip(c.id));
  const flight = {
    rescued: now.filter((c) => c?.state === 'live').length,
    outcomeUnknown: now.flatMap((c) => (c?.state === 'deleting' ? [c.id] : [])),
    pinned: await deps.pin(hold),
  };
  const query = { cameraIds: terms.cameraIds, window: terms.window, nowMs: deps.nowMs() };
  return reportCoverage(deps.reader, query, flight);
}

/** Transaction, then journal: a crash in between leaves the hold standing. */
function release(deps: HoldDeps, holdId: string, request: { by: string; reason: string }): JournaledVersion {
  const known = deps.set.get(holdId);
  if (known === undefined) throw new FortnightError('not_found', 'there is no such hold');
  if (known.releasedMs !== null) throw new FortnightError('conflict', 'the hold is released already');
  if (request.reason.trim().length < 20) {
    throw new FortnightError('invalid', 'the reason must have at least 20 characters');
  }
  const nowMs = deps.nowMs();
  const version: HoldVersion = {
    ...known,
    version: known.version + 1,
    by: request.by,
    atMs: nowMs,
    releasedMs: nowMs,
    releaseReason: request.reason,
    endsMs: nowMs + deps.coolingOffMs,
  };
  deps.store.insert(deps.journal.entries.length + 1, version, { recovered: false });
  let seq: number;
  try {
    seq = deps.journal.append(version);
  } catch (error) {
    // The hold stands. Should this fail as well, the next start withdraws what the journal does not have.
    withdraw(deps.store, version);
    throw error;
  }
  deps.set.add(version);
  return { seq, version };
}

function withdraw(store: HoldStore, version: HoldVersion): void {
  try {
    store.withdraw(version);
  } catch (error) {
    if (error instanceof TypeError) throw error;
  }
}

/** Versions that bind from the journal and wait for the index. */
class Retries {
  readonly #deps: Pick<HoldDeps, 'store' | 'mirror'>;
  readonly #waiting = new Map<string, { entry: JournaledVersion; why: unknown }>();

  constructor(deps: Pick<HoldDeps, 'store' | 'mirror'>) {
    this.#deps = deps;
  }

  add(entry: JournaledVersion): void {
    this.#waiting.set(entry.version.holdId, { entry, why: undefined });
  }

  /** Why a hold still waits; undefined when it does not. */
  waiting(holdId: string): unknown {
    const found = this.#waiting.get(holdId);
    return found && (found.why ?? 'not tried again yet');
  }

  /** What still fails stays waiting; what the index takes now gets its mirrors too. */
  async run(): Promise<void> {
    for (const [holdId, { entry }] of this.#waiting) {
      try {
        this.#deps.store.insert(entry.seq, entry.version, { recovered: false });
      } catch (why) {
        this.#waiting.set(holdId, { entry, why });
        continue;
      }
      this.#waiting.delete(holdId);
      await this.#deps.mirror(entry);
    }
  }
}
