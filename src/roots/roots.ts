/**
 * The roots of the installation: looked at every 15 s, enrolled at first contact, and in one state each. The disk is
 * looked at in another thread; what is answered here is what was seen last.
 */
import { assert } from '../base/assert.ts';
import { FortnightError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { RootHangs, type RootAddress, type Roots, type RootsDeps, type RootView } from './contract.ts';
import type { BlockedReason, Marker, RootState } from './root.ts';
import type { SelfTest } from './self-test.ts';
import {
  adoptionPending,
  blockedBy,
  isReadable,
  judgeRoot,
  tellsNoEvents,
  type Judgement,
  type Observation,
  type RootRecord,
} from './state.ts';

/** What is remembered of a root besides its record. */
interface Seen {
  place: string | undefined;
  why: string;
  eventless: boolean;
  busy: boolean;
  lock: { release(): void } | undefined;
  selfTest: SelfTest | null;
}

export function createRoots(deps: RootsDeps): Roots {
  return new RootsService(deps);
}

class RootsService implements Roots {
  readonly #deps: RootsDeps;
  readonly #records: Map<string, RootRecord>;
  readonly #seen = new Map<string, Seen>();
  readonly #listeners: ((root: RootView) => void)[] = [];

  constructor(deps: RootsDeps) {
    this.#deps = deps;
    this.#records = new Map(deps.store.all().map((r) => [r.id, r]));
    for (const id of this.#records.keys()) {
      const why = 'not looked at yet';
      this.#seen.set(id, {
        place: undefined,
        why,
        eventless: false,
        busy: false,
        lock: undefined,
        selfTest: null,
      });
    }
  }

  async start(): Promise<void> {
    // What was seen before the start proves nothing now.
    for (const { id, state } of this.#records.values()) {
      if (state !== 'failing') this.#settle(id, { state: 'offline', why: 'not looked at yet' });
    }
    for (const id of this.#records.keys()) await this.#look(id, { starting: true });
  }

  stop(): void {
    for (const seen of this.#seen.values()) this.#unlock(seen);
  }

  list(): RootView[] {
    return [...this.#records.values()].map((record) => this.#view(record));
  }

  verify(rootId: string): RootAddress | undefined {
    return this.#address(rootId, (state) => state === 'online');
  }

  readable(rootId: string): RootAddress | undefined {
    return this.#address(rootId, isReadable);
  }

  blocked(rootId: string): BlockedReason[] {
    return blockedBy(this.#record(rootId).state);
  }

  confirmAdoption(rootId: string, by: { readonly actor: string; readonly trustNames: boolean }): void {
    if (!adoptionPending(this.#record(rootId), this.#deps.nowMs())) {
      throw new FortnightError('conflict', 'no adoption waits for confirmation on this root');
    }
    this.#deps.store.adopted(rootId, by);
    this.#reload();
    if (by.trustNames) this.#deps.onTrustNames(rootId);
    this.check();
  }

  markFailing(rootId: string, why: string): void {
    const { place = '' } = this.#seenOf(rootId);
    this.#deps.store.failing(rootId, { place, bootId: this.#deps.clock.bootId(), why });
    this.#reload();
    this.#settle(rootId, { state: 'failing', why });
  }

  check(): void {
    for (const id of this.#records.keys()) {
      this.#look(id, { starting: false }).catch((error: unknown) => {
        this.#deps.log.error('root_check_failed', { root: id, error: String(error) });
      });
    }
  }

  onChange(listener: (root: RootView) => void): void {
    this.#listeners.push(listener);
  }

  async #look(rootId: string, how: { readonly starting: boolean }): Promise<void> {
    const seen = this.#seenOf(rootId);
    if (seen.busy) return;
    seen.busy = true;
    try {
      await this.#judge(rootId, seen, how);
    } catch (error) {
      if (error instanceof FortnightError && error.code === 'state_locked') throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof RootHangs) this.markFailing(rootId, why);
      else this.#settle(rootId, { state: 'offline', why });
    } finally {
      seen.busy = false;
    }
  }

  async #judge(rootId: string, seen: Seen, how: { readonly starting: boolean }): Promise<void> {
    const before = this.#record(rootId);
    const observation = await this.#deps.disk.observe(before.path, before.rootUuid !== null);
    if (observation.reach === 'open') {
      seen.place = observation.place;
      seen.eventless = tellsNoEvents(observation.fsType);
    }
    let judged = judgeRoot(this.#record(rootId), observation, this.#surroundings(rootId));
    if (judged.act !== undefined) await this.#enrol(rootId, judged, observation);
    if (isReadable(judged.state) && judged.state !== 'readonly') judged = this.#lock(rootId, judged, how);
    else this.#unlock(seen);
    this.#settle(rootId, judged);
    if (judged.state === 'online' || judged.state === 'adopting') await this.#selfTest(rootId, seen);
  }

  async #enrol(rootId: string, judged: Judgement, seen: Observation): Promise<void> {
    const { store, disk, installId, nowMs } = this.#deps;
    const known = seen.reach === 'open' && typeof seen.marker === 'object' ? seen.marker.rootUuid : undefined;
    const rootUuid = known ?? newId();
    // The marker first: a crash in between leaves a marker of ours that is taken at the next start.
    if (known === undefined) {
      const marker: Marker = { format: 1, rootUuid, installId, lastHoldSeq: this.#deps.holdSeq() };
      await disk.enrol(this.#record(rootId).path, marker);
    }
    store.enrolled(rootId, { rootUuid, nowMs: nowMs(), adopting: judged.state === 'adopting' });
    this.#reload();
  }

  /** One daemon per root, also when a state directory was copied. At start a lock held by another ends this one. */
  #lock(rootId: string, judged: Judgement, how: { readonly starting: boolean }): Judgement {
    const seen = this.#seenOf(rootId);
    if (seen.lock !== undefined) return judged;
    try {
      const { path, rootUuid } = this.#record(rootId);
      assert(rootUuid !== null, 'a root is enrolled before it is locked');
      seen.lock = this.#deps.lock({ path, rootUuid, installId: this.#deps.installId });
      return judged;
    } catch (error) {
      if (how.starting || !(error instanceof FortnightError)) throw error;
      return { state: 'foreign', why: error.message };
    }
  }

  #unlock(seen: Seen): void {
    seen.lock?.release();
    seen.lock = undefined;
  }

  /** Once per contact: when the daemon starts and when a disk comes back. */
  async #selfTest(rootId: string, seen: Seen): Promise<void> {
    if (seen.selfTest !== null) return;
    const items = await this.#deps.disk.selfTest(this.#record(rootId).path);
    seen.selfTest = { atMs: this.#deps.clock.wallMs(), items };
    this.#deps.store.selfTested(rootId, seen.selfTest);
    this.#tell(rootId);
  }

  #settle(rootId: string, to: Judgement): void {
    const record = this.#record(rootId);
    const seen = this.#seenOf(rootId);
    const { why, state } = to;
    seen.why = why;
    if (!isReadable(state)) seen.selfTest = null;
    if (record.failing !== null && state !== 'failing') this.#deps.store.failing(rootId, null);
    if (record.state !== state) this.#deps.store.changed(rootId, { state, why, nowMs: this.#deps.nowMs() });
    this.#reload();
    if (record.state !== state) this.#tell(rootId);
  }

  #tell(rootId: string): void {
    const view = this.#view(this.#record(rootId));
    for (const listener of this.#listeners) listener(view);
  }

  #surroundings(rootId: string): Parameters<typeof judgeRoot>[2] {
    const { installId, clock, nowMs, holdSeq } = this.#deps;
    const others = [...this.#records.values()].filter((r) => r.id !== rootId);
    const otherRoots = new Set(others.map((r) => r.rootUuid).filter((uuid) => uuid !== null));
    return { installId, nowMs: nowMs(), bootId: clock.bootId(), holdSeq: holdSeq(), otherRoots };
  }

  #address(rootId: string, allowed: (state: RootState) => boolean): RootAddress | undefined {
    const record = this.#record(rootId);
    const { path, rootUuid } = record;
    if (rootUuid === null || !allowed(record.state)) return undefined;
    return { path, rootUuid, installId: this.#deps.installId };
  }

  #view(record: RootRecord): RootView {
    const seen = this.#seenOf(record.id);
    const { id, path, state, trustNames } = record;
    const pending = adoptionPending(record, this.#deps.nowMs());
    return {
      id,
      path,
      state,
      why: seen.why,
      sinceMs: record.stateSinceMs,
      blocked: blockedBy(state),
      adoptionSinceMs: pending ? record.adoptionSinceMs : null,
      trustNames,
      eventless: seen.eventless,
      selfTest: seen.selfTest,
    };
  }

  #reload(): void {
    for (const record of this.#deps.store.all()) this.#records.set(record.id, record);
  }

  #record(rootId: string): RootRecord {
    const record = this.#records.get(rootId);
    if (record === undefined) throw new FortnightError('not_found', `there is no root ${rootId}`);
    return record;
  }

  #seenOf(rootId: string): Seen {
    const seen = this.#seen.get(rootId);
    if (seen === undefined) throw new FortnightError('not_found', `there is no root ${rootId}`);
    return seen;
  }
}
