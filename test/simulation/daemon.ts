/**
 * One life of the daemon: the product's own rooms, joined as app/ joins them, without HTTP, log and metrics. It lives
 * until the box or somebody kills it; whatever it still waits for then never comes.
 */
import { Streams } from '../../src/access/streams.ts';
import { auditTrail, createCheckpoints, type Checkpoints } from '../../src/app/checkpoints.ts';
import { createMirrors, holdListOf, type Mirrors } from '../../src/app/mirrors.ts';
import { SECOND_MS, MINUTE_MS } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { ClipReader } from '../../src/clips/store.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createClockStore } from '../../src/db/retention/clock.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createIndexWriter } from '../../src/db/ingest/store.ts';
import { createRootStore, ensureRoots } from '../../src/db/roots.ts';
import { createSweepStore } from '../../src/db/retention/sweep.ts';
import { createRootClient } from '../../src/disk/root-client.ts';
import { binds, covers } from '../../src/holds/hold.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { createHolds, type HoldService } from '../../src/holds/service.ts';
import type { Ingest } from '../../src/ingest/contract.ts';
import { createIngest } from '../../src/ingest/ingest.ts';
import { DeleteProtocol } from '../../src/retention/delete-protocol.ts';
import type { Outcome, SweepStore } from '../../src/retention/erasure.ts';
import type { Gate } from '../../src/retention/gate.ts';
import { RetentionClock } from '../../src/retention/retention-clock.ts';
import { Sweeper } from '../../src/retention/sweeper.ts';
import type { Roots } from '../../src/roots/contract.ts';
import { createRoots } from '../../src/roots/roots.ts';
import { NOTHING_TO_REPLACE } from '../support/roots.ts';
import type { Box } from './box.ts';
import { openState, type State } from './state.ts';
import { callsOf } from './process-calls.ts';
import type { Life } from './scheduler.ts';
import { COOLING_OFF_MS, INSTALL_ID, MIRROR_KEY, RETENTION_MS, sourcesOf } from './site.ts';
import { afterwards, latencyOf, probeThread, rootThread, scanThread, type Threads } from './threads.ts';

/** What the model and the actors see of a daemon, besides what it serves. */
export interface DaemonEvents {
  outcomes(daemon: Daemon, outcomes: readonly Outcome[]): void;
}

const [SETTLE_LIMIT_MS, UNPARK_SLICE] = [1000, 2000];

export class Daemon implements Life {
  alive = true;
  /** It has looked at its roots and serves. */
  serving = false;
  readonly retention: RetentionClock;
  readonly holds: HoldService;
  readonly reader: ClipReader;
  readonly roots: Roots;
  readonly streams = new Streams();
  readonly state: State;
  readonly #box: Box;
  readonly #ingest: Ingest;
  readonly #sweeper: Sweeper;
  readonly #protocol: DeleteProtocol;
  readonly #mirrors: Mirrors;
  readonly #checkpoints: Checkpoints;
  #sweeping = false;

  constructor(box: Box, events: DaemonEvents) {
    this.#box = box;
    const { parts, scheduler, clock } = box;
    const delay = (ms: number): Promise<void> => scheduler.delay(ms, this);
    const calls = callsOf(box.kernel, this);
    const threads: Threads = {
      scheduler,
      random: box.random.fork(),
      life: this,
      latencyMs: latencyOf(box.site.slowDisks),
      hung: () => {
        box.hung = true;
      },
      files: parts.files(calls, delay),
    };
    this.state = openState(box, this, calls);
    const { db, audit, journal, holdSet, holdStore } = this.state;
    const clockStore = createClockStore(db, audit, () => undefined);
    const policy = { trust: box.site.clockTrust, checkedBootMs: () => clock.checkedBootMs() };
    this.retention = new RetentionClock(clock, clockStore, policy);
    const nowMs = (): number => this.retention.nowMs();
    ensureRoots(db, sourcesOf(box.site), nowMs());
    this.reader = createClipReader(db, createCoverage(db));
    const auditStore = createAuditStore(db);
    const storedMs = (): number | null => this.retention.storedMs;
    const trail = auditTrail({ audit: auditStore, key: MIRROR_KEY, storedMs });
    this.roots = createRoots({
      store: createRootStore(db, audit),
      disk: probeThread(threads),
      clock,
      log: silentLog,
      installId: INSTALL_ID,
      nowMs,
      holds: holdListOf({ journal, mirrorKey: MIRROR_KEY }),
      trail,
      lock: () => ({ release: () => undefined }),
      ...NOTHING_TO_REPLACE,
      onTrustNames: (rootId) => void this.#ingest.reckonAgain(rootId),
    });
    const client = createRootClient({
      address: (rootId, how) => {
        const at = how === 'act' ? this.roots.verify(rootId) : this.roots.readable(rootId);
        return at && { path: at.path, expected: at };
      },
      spawn: () => rootThread(threads),
      after: afterwards(scheduler, this),
      failing: (rootId, why) => {
        this.roots.markFailing(rootId, why, 'not_durable');
      },
    });
    const gate = parts.gate(delay);
    const store = box.withCheckpoints(createSweepStore({ db, audit, nowMs }));
    const current = (cameraId: string): ReturnType<HoldSet['ofCamera']> => holdSet.ofCamera(cameraId);
    this.#protocol = new DeleteProtocol({
      store,
      eraser: client,
      gate,
      holdsOf: parts.holdsOf(current, nowMs),
      nowMs,
      closeClips: parts.closeClips((ids) => this.streams.closeForClips(ids), delay),
      onOutcomes: (_rootId, outcomes) => {
        events.outcomes(this, outcomes);
      },
      disk: {
        doubt: () => {
          void this.roots.check();
        },
        failing: (rootId, why) => {
          this.roots.markFailing(rootId, why, 'not_durable');
        },
        relook: (rootId, clips) => void this.#ingest.lookNow(rootId, this.#pathsOf(clips)),
        refused: () => {
          void this.roots.check();
        },
      },
    });
    this.#sweeper = new Sweeper({
      store,
      protocol: this.#protocol,
      rootIds: () => sourcesOf(box.site).map((s) => s.id),
      blocked: (rootId) => this.roots.blocked(rootId),
      nowMs,
      monotonicMs: () => clock.bootMs(),
      retentionMs: () => RETENTION_MS,
      clockTrusted: () => !this.retention.suspect,
      onBreaker: () => undefined,
    });
    const onlineRoots = (): string[] =>
      this.roots.list().flatMap((r) => (this.roots.verify(r.id) === undefined ? [] : [r.id]));
    this.#checkpoints = createCheckpoints({ trail, audit: auditStore, client, onlineRoots, log: silentLog });
    this.#mirrors = createMirrors({
      state: { journal, holdStore, holdSet, mirrorKey: MIRROR_KEY },
      client,
      onlineRoots,
      nowMs: () => this.retention.nowMs(),
      alarms: () => ({ raise: () => undefined, end: () => undefined }),
      log: silentLog,
    });
    this.holds = this.#joinHolds(gate, store, delay);
    this.#ingest = this.#joinIngest(threads);
  }

  /** As app.ts starts the program; then the jobs run by the minute. */
  async start(): Promise<void> {
    await this.roots.start();
    this.roots.onChange(({ id, state, why }) => {
      this.#box.scheduler.tell(`the daemon finds root ${id} ${state}: ${why}`);
      void this.#rootChanged(id);
    });
    for (const { id } of this.roots.list())
      if (this.roots.readable(id) !== undefined) await this.#mirrors.exchange(id).catch(refusal);
    await this.holds.tick();
    await this.#checkpoints.make();
    this.serving = true;
    this.#every(MINUTE_MS, 0, async () => {
      this.retention.tick();
      await this.holds.tick();
    });
    this.#every(MINUTE_MS, 5 * SECOND_MS, () => this.#sweep());
    this.#every(MINUTE_MS, 35 * SECOND_MS, () => {
      void this.roots.check();
    });
    this.#every(MINUTE_MS, 20 * SECOND_MS, () => {
      this.#ingest.beat();
    });
    this.#every(15 * MINUTE_MS, 25 * SECOND_MS, () => this.#checkpoints.make());
  }

  /** Jobs run by the wall clock's minute, and never beside themselves. */
  #every(periodMs: number, offsetMs: number, job: () => unknown): void {
    const { scheduler } = this.#box;
    const wait = periodMs - ((scheduler.nowMs - offsetMs) % periodMs);
    scheduler.after(wait, this, async () => {
      this.#every(periodMs, offsetMs, job);
      await job();
    });
  }

  async #sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    await this.#sweeper.sweep();
    this.#sweeping = false;
  }

  async #rootChanged(rootId: string): Promise<void> {
    if (this.roots.readable(rootId) !== undefined) await this.#mirrors.exchange(rootId).catch(refusal);
    if (this.roots.verify(rootId) === undefined) return;
    await this.#checkpoints.write(rootId);
    await this.#protocol.settle(rootId);
  }

  #joinHolds(gate: Gate, store: SweepStore, delay: (ms: number) => Promise<void>): HoldService {
    const { journal, holdSet, holdStore } = this.state;
    return createHolds({
      store: holdStore,
      journal,
      set: holdSet,
      gate,
      reader: this.reader,
      nowMs: () => this.retention.nowMs(),
      rules: { coolingOffMs: COOLING_OFF_MS, aloneAfterMs: undefined },
      cameraIds: new Set(this.#box.site.cameras.map((c) => c.id)),
      ...{ pin: () => Promise.resolve(0), pinned: () => 0 },
      mirror: this.#box.parts.mirror((entry) => this.#mirrors.write(entry)),
      settle: async (rootIds) => {
        const settled = Promise.all(rootIds.map((id) => this.#protocol.settle(id)));
        await Promise.race([settled, delay(SETTLE_LIMIT_MS)]);
      },
      unpark: () => {
        while (store.unpark(UNPARK_SLICE) > 0);
        return Promise.resolve();
      },
    });
  }

  #joinIngest(threads: Threads): Ingest {
    const { db, audit, holdSet } = this.state;
    const { clock, parts } = this.#box;
    const rules = this.#box.rules;
    const nowMs = (): number => this.retention.nowMs();
    return createIngest({
      clock,
      log: {
        ...silentLog,
        error: (event, fields) => {
          this.#box.scheduler.failure ??= new Error(`${event} ${JSON.stringify(fields)}`);
        },
      },
      index: createIndexWriter({ db, audit }),
      rules,
      roots: () =>
        this.roots.list().flatMap(({ id, trustNames, eventless }) => {
          const at = this.roots.readable(id);
          return at === undefined
            ? []
            : [{ rootId: id, address: { path: at.path, expected: at }, trustNames, eventless }];
        }),
      retention: () => ({
        nowMs: this.retention.latestMs(),
        retentionMs: RETENTION_MS,
        timesBelievable: this.retention.timesBelievable(),
      }),
      heldAmong: (clips) =>
        clips.flatMap((c) => {
          const holding = holdSet.ofCamera(c.cameraId);
          return holding.some((h) => binds(h, nowMs()) && covers(h.terms, c)) ? [c.id] : [];
        }),
      spawn: () => scanThread(threads, parts, { db, rules }),
      watch: (target, listener) => this.#box.watch(this, target, listener),
      events: {
        indexed: () => undefined,
        overlong: () => undefined,
        reconciled: () => undefined,
        loss: () => undefined,
        hung: (rootId) => {
          this.roots.markFailing(rootId, 'a call did not return', 'hangs');
        },
        givenUp: () => undefined,
        watchFailed: () => undefined,
      },
      breathe: () => Promise.resolve(),
    });
  }

  #pathsOf(clips: readonly { readonly id: number }[]): string[] {
    return clips.flatMap(({ id }) => {
      const at = this.reader.location(id);
      return at === undefined ? [] : [at.dir === '' ? at.name : `${at.dir}/${at.name}`];
    });
  }
}

/** A root that went away under an exchange of mirrors gets them when it returns. */
function refusal(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'FortnightError') throw error;
}
