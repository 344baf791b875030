/**
 * A daemon of only what places, releases, deletes and keeps: the product's rooms without the states of roots, the walk
 * of the scan, the clock's doubts and those who watch. Those are lived in whole lives.
 */
import { createMirrors, type Mirrors } from '../../../src/app/mirrors.ts';
import type { Put } from '../../../src/clips/change.ts';
import type { IndexWriter } from '../../../src/clips/index-writer.ts';
import type { ClipReader } from '../../../src/clips/store.ts';
import { silentLog } from '../../../src/base/log.ts';
import { createClipReader } from '../../../src/db/clips/clips.ts';
import { createCoverage } from '../../../src/db/clips/coverage.ts';
import { createIndexWriter } from '../../../src/db/ingest/store.ts';
import { ensureRoots } from '../../../src/db/roots.ts';
import { createSweepStore } from '../../../src/db/retention/sweep.ts';
import { createRootClient, type RootClient } from '../../../src/disk/root-client.ts';
import type { HoldSet } from '../../../src/holds/hold-set.ts';
import { createHolds, type HoldService } from '../../../src/holds/service.ts';
import { DeleteProtocol } from '../../../src/retention/delete-protocol.ts';
import type { Outcome, SweepStore } from '../../../src/retention/erasure.ts';
import { Sweeper } from '../../../src/retention/sweeper.ts';
import { joinKeeping, type Keeping } from '../keeping.ts';
import type { Machine } from '../machine.ts';
import { callsOf } from '../process-calls.ts';
import type { Random } from '../random.ts';
import type { Life } from '../scheduler.ts';
import { COOLING_OFF_MS, INSTALL_ID, MIRROR_KEY, RETENTION_MS } from '../site.ts';
import { openState, type State } from '../state.ts';
import { afterwards, rootThread, type Threads } from '../threads.ts';
import { ALONE_MS, CAMERAS, ROOT, ROOT_UUID } from './slim-site.ts';

export interface SlimEvents {
  serving(): void;
  /** T1 is over. */
  intended(daemon: SlimDaemon, intent: number): void;
  outcomes(outcomes: readonly Outcome[]): void;
}

export interface SlimParts {
  readonly box: Machine<SlimDaemon>;
  readonly events: SlimEvents;
  /** One person is enough to end a hold. */
  readonly alone: boolean;
}

const SETTLE_LIMIT_MS = 1000;
const PIN_LIMIT_MS = 300;
const SLICE = 2000;

export class SlimDaemon implements Life {
  alive = true;
  serving = false;
  readonly state: State;
  readonly holds: HoldService;
  readonly store: SweepStore;
  readonly reader: ClipReader;
  readonly #box: Machine<SlimDaemon>;
  readonly #events: SlimEvents;
  readonly #index: IndexWriter;
  readonly #mirrors: Mirrors;
  readonly #exchange: Mirrors['exchange'];
  readonly #sweeper: Sweeper;
  readonly #keeping: Keeping;

  constructor({ box, events, alone }: SlimParts) {
    this.#box = box;
    this.#events = events;
    const { parts, scheduler } = box;
    const calls = callsOf(box.kernel, this);
    const delay = (ms: number): Promise<void> => scheduler.delay(ms, this);
    this.state = openState(box, this, calls);
    const { db, audit, holdSet, journal, holdStore } = this.state;
    ensureRoots(db, [{ id: ROOT.id, root: ROOT.path }], this.nowMs());
    this.reader = createClipReader(db, createCoverage(db));
    this.#index = createIndexWriter({ db, audit });
    const threads: Threads = {
      ...{ scheduler, random: box.random.fork(), life: this, latencyMs, hung: () => undefined },
      files: parts.files(calls, delay),
    };
    const client = this.#joinClient(threads);
    const state = { journal, holdStore, holdSet, mirrorKey: MIRROR_KEY };
    const alarms = (): { raise: () => void; end: () => void } => ({
      raise: () => undefined,
      end: () => undefined,
    });
    this.#mirrors = createMirrors({
      ...{ state, client, onlineRoots, alarms, log: silentLog },
      nowMs: () => this.nowMs(),
    });
    this.#exchange = parts.exchange((rootId) => this.#mirrors.exchange(rootId), {
      set: holdSet,
      read: (rootId) => client.readMirrors(rootId),
    });
    const breathe = (): Promise<void> => Promise.resolve();
    const { reader } = this;
    const nowMs = (): number => this.nowMs();
    this.#keeping = joinKeeping({ parts, db, holdSet, reader, client, onlineRoots, nowMs, breathe });
    this.store = this.#watched(parts.store(box.withCheckpoints(createSweepStore({ db, audit, nowMs }))));
    const { holds, sweeper } = this.#joinErasing(client, delay, alone);
    [this.holds, this.#sweeper] = [holds, sweeper];
  }

  /** The retention clock: the box's clock is right here. */
  nowMs(): number {
    return this.#box.clock.wallMs();
  }

  get holdSet(): HoldSet {
    return this.state.holdSet;
  }

  async start(): Promise<void> {
    await this.#exchange(ROOT.id);
    await this.holds.tick();
    await this.#keeping.pinner.run();
    this.serving = true;
    this.#events.serving();
  }

  async sweep(): Promise<void> {
    await this.#sweeper.sweep();
  }

  pin(): Promise<void> {
    return this.#keeping.pinner.run();
  }

  copy(): Promise<void> {
    // As the ingest does at each beat: a clip that its recorder took, and nobody kept, is forgotten when it is due.
    this.#index.purgeGone(this.nowMs(), SLICE);
    return this.#keeping.preserver.run();
  }

  /** What a look has found. */
  found(put: Put): void {
    const { finished } = this.#index.apply(ROOT.id, [put], this.#reckoning());
    this.#keeping.pinner.arrived(finished);
  }

  /** A reconcile is sure that a clip's name is gone. */
  missed(clipId: number): void {
    this.#index.apply(ROOT.id, [{ is: 'missing', clipId, as: 'gone' }], this.#reckoning());
  }

  #reckoning(): Parameters<IndexWriter['apply']>[2] {
    const nowMs = this.nowMs();
    const how = { timesBelievable: true, trustNames: false, maxClipMs: 60_000 };
    return { nowMs, wallMs: nowMs, retentionMs: RETENTION_MS, ...how };
  }

  #joinClient(threads: Threads): RootClient {
    const expected = { rootUuid: ROOT_UUID, installId: INSTALL_ID };
    return createRootClient({
      address: () => ({ path: ROOT.path, expected }),
      spawn: () => rootThread(threads),
      after: afterwards(threads.scheduler, this),
      failing: () => undefined,
    });
  }

  #watched(store: SweepStore): SweepStore {
    return {
      ...store,
      begin: (...batch) => {
        const intent = store.begin(...batch);
        if (intent !== undefined) this.#events.intended(this, intent);
        return intent;
      },
    };
  }

  #joinErasing(
    client: RootClient,
    delay: (ms: number) => Promise<void>,
    alone: boolean,
  ): { holds: HoldService; sweeper: Sweeper } {
    const { store } = this;
    const { parts } = this.#box;
    const { journal, holdSet, holdStore } = this.state;
    const { pins, pinner, preserver } = this.#keeping;
    const nowMs = (): number => this.nowMs();
    const gate = parts.gate(delay);
    const nothing = (): void => undefined;
    const protocol = new DeleteProtocol({
      ...{ store, eraser: client, gate, nowMs },
      holdsOf: parts.holdsOf((cameraId) => holdSet.ofCamera(cameraId), nowMs),
      closeClips: (ids) => preserver.over(ids),
      onOutcomes: (_rootId, outcomes) => {
        this.#events.outcomes(outcomes);
      },
      disk: { doubt: nothing, failing: nothing, relook: nothing, refused: nothing },
    });
    const holds = createHolds({
      ...{ store: holdStore, journal, set: holdSet, gate, reader: this.reader, nowMs },
      rules: { coolingOffMs: COOLING_OFF_MS, aloneAfterMs: alone ? ALONE_MS : undefined },
      cameraIds: new Set(CAMERAS.map((c) => c.id)),
      pin: async (hold) => {
        await Promise.race([pinner.pin(hold), delay(PIN_LIMIT_MS)]);
        return pins.made(hold.holdId);
      },
      pinned: (holdId) => pins.made(holdId),
      mirror: parts.mirror((entry) => this.#mirrors.write(entry)),
      settle: async (rootIds) => {
        await Promise.race([Promise.all(rootIds.map((id) => protocol.settle(id))), delay(SETTLE_LIMIT_MS)]);
      },
      unpark: () => {
        void pinner.run();
        while (store.unpark(SLICE) > 0);
        return Promise.resolve();
      },
    });
    const sweeper = new Sweeper({
      ...{ store, protocol, nowMs, rootIds: () => [ROOT.id], blocked: () => [] },
      monotonicMs: () => this.#box.clock.bootMs(),
      retentionMs: () => RETENTION_MS,
      clockTrusted: () => true,
      onBreaker: nothing,
    });
    return { holds: parts.holds(holds), sweeper };
  }
}

function onlineRoots(): string[] {
  return [ROOT.id];
}

/** Messages are mostly under way for a moment, and sometimes for longer than a placement waits for a batch. */
function latencyMs(random: Random): number {
  return random.chance(0.9) ? random.int(0, 20) : random.int(20, 4000);
}
