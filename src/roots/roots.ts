/**
 * The roots of the installation: looked at every 15 s, enrolled at first contact, and in one state each. The disk is
 * looked at in another thread; what is answered here is what was seen last.
 */
import { assert } from '../base/assert.ts';
import { FortnightError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { RootHangs, type RootAddress, type Roots, type RootsDeps, type RootView } from './contract.ts';
import type { BlockedReason, Marker, RootState } from './root.ts';
import { RootLedger } from './ledger.ts';
import { takeDisk } from './replacement.ts';
import { lastHold, markerOf, NOT_LOOKED, unseen, type Seen } from './seen.ts';
import {
  adoptionPending,
  blockedBy,
  isAnotherDisk,
  isReadable,
  judgeRoot,
  type Failing,
  type Judgement,
  type Observation,
  type RootRecord,
} from './state.ts';
import { viewOf } from './view.ts';

export function createRoots(deps: RootsDeps): Roots {
  return new RootsService(deps);
}

class RootsService implements Roots {
  readonly #deps: RootsDeps;
  readonly #ledger: RootLedger;
  readonly #seen = new Map<string, Seen>();
  readonly #listeners: ((root: RootView) => void)[] = [];
  #stopped = false;

  constructor(deps: RootsDeps) {
    this.#deps = deps;
    this.#ledger = new RootLedger(deps.store);
    for (const { id } of this.#ledger.all()) this.#seen.set(id, unseen());
  }

  async start(): Promise<void> {
    for (const { id, state } of this.#ledger.all()) {
      if (state !== 'failing') this.#settle(id, NOT_LOOKED);
    }
    for (const { id } of this.#ledger.all()) await this.#look(id, { starting: true });
  }

  stop(): void {
    this.#stopped = true;
    for (const seen of this.#seen.values()) this.#unlock(seen);
  }

  list(): RootView[] {
    return this.#ledger.all().map((record) => this.#view(record));
  }

  verify(rootId: string): RootAddress | undefined {
    return this.#address(rootId, (state) => state === 'online');
  }

  readable(rootId: string): RootAddress | undefined {
    return this.#address(rootId, isReadable);
  }

  blocked(rootId: string): BlockedReason[] {
    return blockedBy(this.#ledger.get(rootId).state);
  }

  confirmAdoption(rootId: string, by: { readonly actor: string; readonly trustNames: boolean }): void {
    if (!adoptionPending(this.#ledger.get(rootId), this.#deps.nowMs())) {
      throw new FortnightError('conflict', 'no adoption waits for confirmation on this root');
    }
    this.#deps.store.adopted(rootId, by);
    this.#ledger.reload(rootId);
    if (by.trustNames) this.#deps.onTrustNames(rootId);
    void this.check();
  }

  confirmHolds(rootId: string, by: { readonly actor: string; readonly standing: number }): void {
    const { state, recovery } = this.#ledger.get(rootId);
    if (state !== 'recovery' || recovery === null || recovery.confirmed) {
      throw new FortnightError('conflict', 'this root does not wait for the list of holds to be confirmed');
    }
    const listSeq = this.#deps.holds.length();
    this.#deps.store.holdsConfirmed(rootId, { ...by, listSeq, rootSeq: recovery.rootSeq });
    this.#ledger.reload(rootId);
    void this.check();
  }

  async replaceDisk(rootId: string, { actor }: { readonly actor: string }): Promise<void> {
    const seen = this.#seenOf(rootId);
    while (seen.looking !== undefined) await seen.looking;
    const { cause, place } = seen;
    if (!isAnotherDisk(cause) || place === undefined) {
      throw new FortnightError('conflict', 'no other disk lies in the place of this one', {
        hint: 'mount the new disk first; one of another source of this installation is never taken',
      });
    }
    seen.looking = this.#replace(rootId, place, actor).finally(() => (seen.looking = undefined));
    await seen.looking;
    await this.#look(rootId, { starting: false });
    const { state } = this.#ledger.get(rootId);
    if (state === 'foreign') throw new FortnightError('conflict', `the disk was taken, but: ${seen.why}`);
  }

  markFailing(rootId: string, why: string, cause: Failing['cause']): void {
    const { place = '' } = this.#seenOf(rootId);
    const failing = { place, bootId: this.#deps.clock.bootId(), why, cause };
    this.#settle(rootId, { state: 'failing', why, cause }, failing);
  }

  async check(): Promise<void> {
    await Promise.all(
      this.#ledger.all().map(({ id }) =>
        this.#lookAgain(id).catch((error: unknown) => {
          this.#deps.log.error('root_check_failed', { rootId: id, error: String(error) });
        }),
      ),
    );
  }

  onChange(listener: (root: RootView) => void): void {
    this.#listeners.push(listener);
  }

  async #look(rootId: string, how: { readonly starting: boolean }): Promise<void> {
    const seen = this.#seenOf(rootId);
    seen.looking ??= this.#lookNow(rootId, seen, how).finally(() => (seen.looking = undefined));
    await seen.looking;
  }

  /** What is under way may have looked before that changed which the caller knows of: one more look follows it. */
  async #lookAgain(rootId: string): Promise<void> {
    const seen = this.#seenOf(rootId);
    if (seen.looking === undefined) return this.#look(rootId, { starting: false });
    seen.next ??= this.#lookAfter(rootId, seen);
    await seen.next;
  }

  async #lookAfter(rootId: string, seen: Seen): Promise<void> {
    // A disk may be taken between the look under way and the next.
    while (seen.looking !== undefined) await seen.looking.catch(() => undefined); // told to whoever asked for it
    seen.next = undefined;
    if (this.#stopped || this.#ledger.get(rootId).failing?.cause === 'hangs') return;
    await this.#look(rootId, { starting: false });
  }

  async #lookNow(rootId: string, seen: Seen, how: { readonly starting: boolean }): Promise<void> {
    try {
      await this.#judge(rootId, seen, how);
    } catch (error) {
      if (error instanceof FortnightError && error.code === 'state_locked') throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof RootHangs) this.markFailing(rootId, why, 'hangs');
      else this.#settle(rootId, { state: 'offline', why, cause: 'look_failed' });
    }
  }

  async #judge(rootId: string, seen: Seen, how: { readonly starting: boolean }): Promise<void> {
    const before = this.#ledger.get(rootId);
    const observation = await this.#deps.disk.observe(before.path, before.rootUuid !== null);
    if (observation.reach === 'open') {
      seen.place = observation.place;
      seen.storage = observation.storage;
    }
    let judged = this.#judgement(rootId, observation);
    if (judged.act === 'renumber') judged = await this.#renumber(rootId, observation);
    else if (judged.act !== undefined) await this.#enrol(rootId, judged, observation);
    if (isReadable(judged.state) && judged.state !== 'readonly') judged = this.#lock(rootId, judged, how);
    else this.#unlock(seen);
    this.#settle(rootId, judged);
    // Recorded first: until then the old head is all there is of the audit before.
    if (judged.act === 'take' && judged.state !== 'readonly')
      await this.#follow(rootId, markerOf(observation));
    if (judged.state === 'online' || judged.state === 'adopting') await this.#selfTest(rootId, seen);
  }

  async #replace(rootId: string, place: string, actor: string): Promise<void> {
    const { path } = this.#ledger.get(rootId);
    try {
      await takeDisk(this.#deps, { rootId, path, place, actor }, (seen) => this.#judgement(rootId, seen));
    } catch (error) {
      if (!(error instanceof RootHangs)) throw error;
      this.markFailing(rootId, error.message, 'hangs');
      throw new FortnightError('storage_failed', error.message);
    }
    this.#ledger.reload(rootId);
    await this.#deps.onReplaced(rootId);
  }

  async #enrol(rootId: string, judged: Judgement, seen: Observation): Promise<void> {
    const { store, disk, installId, nowMs } = this.#deps;
    const known = markerOf(seen)?.rootUuid;
    const rootUuid = known ?? newId();
    // The marker first: a crash in between leaves a marker of ours that is taken at the next start.
    if (known === undefined) {
      const marker: Marker = { format: 1, rootUuid, installId, ...lastHold(this.#deps.holds) };
      assert(seen.reach === 'open', 'a root is seen before it is enrolled');
      await disk.enrol(this.#ledger.get(rootId).path, marker, seen);
    }
    store.enrolled(rootId, { rootUuid, nowMs: nowMs(), adopting: judged.state === 'adopting' });
    this.#ledger.reload(rootId);
  }

  /** The list of holds is confirmed: the root follows it, and only then is the root looked at as any other. */
  async #renumber(rootId: string, seen: Observation): Promise<Judgement> {
    const known = markerOf(seen);
    const marker = known && { format: known.format, rootUuid: known.rootUuid, installId: known.installId };
    const to = await this.#follow(rootId, marker && { ...marker, ...lastHold(this.#deps.holds) });
    return this.#judgement(rootId, { ...seen, ...to });
  }

  /** Tells a root what this installation knows now. */
  async #follow(
    rootId: string,
    marker: Marker | undefined,
  ): Promise<{ readonly marker: Marker; readonly head: string }> {
    assert(marker !== undefined, 'a marker was seen before it is written again');
    const to = { marker, head: this.#deps.trail.head() };
    await this.#deps.disk.renumber(this.#ledger.get(rootId).path, to);
    return to;
  }

  /** One daemon per root, also when a state directory was copied. At start a lock held by another ends this one. */
  #lock(rootId: string, judged: Judgement, how: { readonly starting: boolean }): Judgement {
    const seen = this.#seenOf(rootId);
    if (seen.lock !== undefined) return judged;
    try {
      const { path, rootUuid } = this.#ledger.get(rootId);
      assert(rootUuid !== null, 'a root is enrolled before it is locked');
      seen.lock = this.#deps.lock({ path, rootUuid, installId: this.#deps.installId });
      return judged;
    } catch (error) {
      if (how.starting || !(error instanceof FortnightError)) throw error;
      return { state: 'foreign', why: error.message, cause: 'locked' };
    }
  }

  #unlock(seen: Seen): void {
    seen.lock?.release();
    seen.lock = undefined;
  }

  /** Once per contact: when the daemon starts and when a disk comes back. */
  async #selfTest(rootId: string, seen: Seen): Promise<void> {
    if (seen.selfTest !== null) return;
    const test = await this.#deps.disk.selfTest(this.#ledger.get(rootId).path);
    seen.selfTest = { atMs: this.#deps.clock.wallMs(), ...test };
    this.#deps.store.selfTested(rootId, seen.selfTest);
    this.#tell(rootId);
  }

  #settle(rootId: string, to: Judgement, newFailing?: Failing): void {
    const record = this.#ledger.get(rootId);
    const seen = this.#seenOf(rootId);
    const { why, state, recovery = record.recovery } = to;
    if (!isReadable(state)) seen.selfTest = null;
    const failing = state === 'failing' ? (newFailing ?? record.failing) : null;
    const nowMs = this.#deps.nowMs();
    const changed = this.#ledger.change(rootId, { state, why, nowMs, failing, recovery });
    const inForce = this.#ledger.get(rootId).state === state;
    seen.cause = (inForce ? to.cause : undefined) ?? null;
    seen.why = inForce ? why : 'it is back, but the state directory has no room to record that';
    if (changed) this.#tell(rootId);
  }

  #tell(rootId: string): void {
    const view = this.#view(this.#ledger.get(rootId));
    for (const listener of this.#listeners) listener(view);
  }

  #judgement(rootId: string, seen: Observation): Judgement {
    const { installId, clock, nowMs, holds, trail } = this.#deps;
    const others = this.#ledger.all().filter((r) => r.id !== rootId);
    const otherRoots = new Set(others.map((r) => r.rootUuid).filter((uuid) => uuid !== null));
    const by = { installId, nowMs: nowMs(), bootId: clock.bootId(), holds, trail, otherRoots };
    return judgeRoot(this.#ledger.get(rootId), seen, by);
  }

  #address(rootId: string, allowed: (state: RootState) => boolean): RootAddress | undefined {
    const record = this.#ledger.get(rootId);
    const { path, rootUuid } = record;
    if (rootUuid === null || !allowed(record.state)) return undefined;
    return { path, rootUuid, installId: this.#deps.installId };
  }

  #view(record: RootRecord): RootView {
    return viewOf(record, this.#seenOf(record.id), this.#deps.nowMs());
  }

  #seenOf(rootId: string): Seen {
    const seen = this.#seen.get(rootId);
    if (seen === undefined) throw new FortnightError('not_found', `there is no root ${rootId}`);
    return seen;
  }
}
