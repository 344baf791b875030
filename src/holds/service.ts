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
import type { HoldRequestKey, HoldStore } from './hold-store.ts';
import type { Holds, PlacedHold } from './holds.ts';
import type { HoldJournal, JournaledVersion } from './journal.ts';
import { reportCoverage } from './report.ts';
import { checkTerms } from './terms.ts';

export interface HoldDeps {
  readonly store: HoldStore;
  readonly journal: HoldJournal;
  readonly set: HoldSet;
  readonly gate: Gate;
  readonly reader: Pick<ClipReader, 'coverage' | 'covered' | 'receipts' | 'deletingIn' | 'clip'>;
  readonly nowMs: () => number;
  readonly coolingOffMs: number;
  readonly cameraIds: ReadonlySet<string>;
  /** Writes the version's mirror to every root that is online; never fails (a root that is not gets it when it returns). */
  readonly mirror: (entry: JournaledVersion) => Promise<void>;
  /** Brings what is `deleting` on these roots to its end, or gives up after a moment. */
  readonly settle: (rootIds: readonly string[]) => Promise<void>;
  /** A hold ended or was narrowed: clips parked for it are looked at again. */
  readonly unpark: () => void;
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
  tick(): void;
}

export function createHolds(deps: HoldDeps): HoldService {
  const retries = new Retries(deps.store);
  let lastTickMs = 0;
  return {
    place: (terms, request) => place(deps, retries, { terms, ...request }),
    release: (holdId, request) =>
      Promise.resolve(release(deps, holdId, request)).then(async (done) => {
        await deps.mirror(done);
        return done.version;
      }),
    current: () => deps.set.all(),
    history: (holdId) => deps.store.history(holdId),
    preview: (cameraIds, window) => {
      const query = { cameraIds, window, nowMs: deps.nowMs() };
      return reportCoverage(deps.reader, query, { rescued: 0, outcomeUnknown: [] });
    },
    tick: () => {
      retries.run();
      const now = deps.nowMs();
      const ended = deps.set.all().some((h) => h.endsMs !== null && h.endsMs > lastTickMs && !binds(h, now));
      lastTickMs = now;
      if (ended) deps.unpark();
    },
  };
}

interface PlaceRequest {
  readonly terms: HoldTerms;
  readonly by: string;
  readonly key: string | undefined;
}

async function place(deps: HoldDeps, retries: Retries, request: PlaceRequest): Promise<PlacedHold> {
  const { terms, by } = request;
  checkTerms(terms, { nowMs: deps.nowMs(), cameraIds: deps.cameraIds });
  const key = request.key === undefined ? undefined : { key: request.key, hash: hashTerms(terms) };
  const before = key && findReplay(deps, retries, { ...key, by });
  if (before !== undefined)
    return { hold: before, coverage: await report(deps, before.terms, []), replayed: true };

  const version: HoldVersion = {
    holdId: newId(),
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
      deps.store.insert(seq, version, { recovered: false, ...(key && { request: key }) });
    } catch (error) {
      retries.add({ seq, version }, key);
      throw new HoldNotIndexed(version.holdId, error);
    }
    return terms.cameraIds.flatMap((c) => deps.reader.deletingIn(c, widen(terms.window, HOLD_MARGIN_MS)));
  });
  await deps.mirror({ seq, version });
  return { hold: version, coverage: await report(deps, terms, inFlight), replayed: false };
}

/** The answer's figures; clips that were in a delete batch are settled first, as far as the disk answers in time. */
async function report(
  deps: HoldDeps,
  terms: HoldTerms,
  inFlight: readonly Clip[],
): Promise<PlacedHold['coverage']> {
  if (inFlight.length > 0) await deps.settle([...new Set(inFlight.map((c) => c.rootId))]);
  const now = inFlight.map((c) => deps.reader.clip(c.id));
  const flight = {
    rescued: now.filter((c) => c?.state === 'live').length,
    outcomeUnknown: now.flatMap((c) => (c?.state === 'deleting' ? [c.id] : [])),
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
  try {
    const seq = deps.journal.append(version);
    deps.set.add(version);
    return { seq, version };
  } catch (error) {
    deps.store.withdraw(version);
    throw error;
  }
}

function findReplay(
  deps: HoldDeps,
  retries: Retries,
  asked: HoldRequestKey & { by: string },
): HoldVersion | undefined {
  const known = deps.store.request(asked.key) ?? retries.request(asked.key);
  if (known === undefined) return undefined;
  if (known.by !== asked.by || !known.hash.equals(asked.hash)) {
    throw new FortnightError('conflict', 'this idempotency key was used for another hold');
  }
  retries.run();
  return deps.set.get(known.holdId);
}

function hashTerms(terms: HoldTerms): Buffer {
  return createHash('sha256')
    .update(canonicalJson(terms as unknown as Json), 'utf8')
    .digest();
}

/** Versions that bind from the journal and wait for the index. */
class Retries {
  readonly #store: HoldStore;
  #waiting: { entry: JournaledVersion; key: HoldRequestKey | undefined }[] = [];

  constructor(store: HoldStore) {
    this.#store = store;
  }

  add(entry: JournaledVersion, key: HoldRequestKey | undefined): void {
    this.#waiting.push({ entry, key });
  }

  request(key: string): { holdId: string; by: string; hash: Buffer } | undefined {
    const found = this.#waiting.find((w) => w.key?.key === key);
    return (
      found?.key && { holdId: found.entry.version.holdId, by: found.entry.version.by, hash: found.key.hash }
    );
  }

  /** What still fails stays waiting; the error was reported when it began. */
  run(): void {
    this.#waiting = this.#waiting.filter(({ entry, key }) => {
      try {
        this.#store.insert(entry.seq, entry.version, { recovered: false, ...(key && { request: key }) });
        return false;
      } catch {
        return true;
      }
    });
  }
}
