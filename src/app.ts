/**
 * The program: rooms joined, then started in order and stopped in reverse. Serving comes before reconciling: people can
 * look and hold while a million files are compared.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuditPages } from './app/audit-pages.ts';
import { confirmationsOf } from './app/confirmations.ts';
import { goThroughHeld } from './app/held-round.ts';
import { jobTable } from './app/jobs.ts';
import type { Overrides } from './app/parts.ts';
import { unownedPage } from './app/unowned.ts';
import { joinRooms, type Rooms } from './app/rooms.ts';
import { programVersion } from './base/version.ts';
import { CONTROL_SOCKET, type Config } from './config/config.ts';
import { controlOps } from './control-ops.ts';
import { inWords, isStorageFailure } from './db/failures.ts';
import { startControlServer, type ControlServer } from './http/control.ts';
import type { HttpDeps } from './http/deps.ts';
import { createServer, type HttpServer } from './http/server.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { startMetricsServer, type MetricsServer } from './observe/metrics-server.ts';
import { planDeletions } from './retention/plan.ts';
import { isVault } from './roots/root.ts';

export interface App {
  /** For tests, the bench and the command line; the server and the jobs use the same rooms. */
  readonly rooms: Rooms;
  readonly jobs: Jobs;
  /** Serves, then begins to reconcile and to sweep. */
  start(): Promise<{ readonly port: number; readonly metricsPort: number | undefined }>;
  stop(): Promise<void>;
  /** SIGHUP. */
  reloadCertificate(): Promise<void>;
}

/** Joins the program over a validated configuration. Throws what `joinRooms` throws; nothing runs yet. */
export async function buildApp(config: Config, overrides: Overrides = {}): Promise<App> {
  try {
    return await joinApp(config, overrides);
  } catch (error) {
    throw inWords(error);
  }
}

async function joinApp(config: Config, overrides: Overrides): Promise<App> {
  const rooms = joinRooms(config, overrides);
  const audit = createAuditPages(rooms.state.auditStore);
  const server: HttpServer = await createServer(httpDeps(rooms, audit, overrides), {
    plain: overrides.plainHttp ?? false,
  });
  const table = jobTable({
    rooms,
    verifyAudit: () => audit.verify(),
    certificateEndsMs: () => server.certificateEndsMs(),
    drillNow: () => drillNow(),
  });
  const jobs = createJobs(table, (job, error) => {
    if (isStorageFailure(error)) overrides.onFatal?.(error);
    rooms.log.error('job_failed', {
      job,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  });
  const drillNow = (): ReturnType<Rooms['drill']['run']> => rooms.drill.run(() => jobs.run('sweep'));
  const running = new Running(rooms, {
    server,
    jobs,
    audit,
    drillNow,
    manualJobs: overrides.manualJobs ?? false,
  });
  return {
    rooms,
    jobs,
    start: async () => {
      try {
        return await running.start();
      } catch (error) {
        throw inWords(error);
      }
    },
    stop: () => running.stop(),
    reloadCertificate: () => server.reloadCertificate(),
  };
}

interface Serving {
  readonly server: HttpServer;
  readonly jobs: Jobs;
  readonly audit: HttpDeps['audit'];
  readonly drillNow: () => ReturnType<Rooms['drill']['run']>;
  readonly manualJobs: boolean;
}

class Running {
  readonly #rooms: Rooms;
  readonly #serving: Serving;
  #control: ControlServer | undefined;
  #metrics: MetricsServer | undefined;
  #stopped: Promise<void> | undefined;

  constructor(rooms: Rooms, serving: Serving) {
    this.#rooms = rooms;
    this.#serving = serving;
  }

  async start(): Promise<{ port: number; metricsPort: number | undefined }> {
    const rooms = this.#rooms;
    const { config, log, state, roots, mirrors, holds } = rooms;
    const began = rooms.clock.bootMs();
    state.reserve.use(() =>
      state.audit.append({ kind: 'daemon_start', actor: 'system', payload: { version: programVersion() } }),
    );
    // Looked for now, so that a job is queued in the same moment it is asked for, where the sweep finds it.
    await rooms.footage.media.tools();
    await rooms.timeSync.look();
    rooms.retention.tick();
    await roots.start();
    roots.onChange((root) => {
      void this.#rootChanged(root.id);
    });
    for (const { id } of roots.list()) if (roots.readable(id) !== undefined) await mirrors.exchange(id);
    await holds.tick();
    await rooms.checkpoints.make();
    const { port } = await this.#serving.server.listen();
    this.#control = await startControlServer({
      path: join(config.stateDir, CONTROL_SOCKET),
      ops: controlOps(this.#controlParts()),
      log,
    });
    if (config.metrics.enabled) {
      this.#metrics = await startMetricsServer(config.metrics, {
        metrics: rooms.metrics,
        status: rooms.desk,
        log,
      });
    }
    for (const { id } of roots.list()) rooms.alarms.end('watch_limit', id);
    await rooms.footage.posters.tidy();
    rooms.ingest.start();
    void goThroughHeld(rooms);
    void this.#serving.jobs.run('audit');
    if (!this.#serving.manualJobs) this.#serving.jobs.start();
    rooms.events.started({ version: programVersion(), port, tookMs: rooms.clock.bootMs() - began });
    return { port, metricsPort: this.#metrics?.port };
  }

  /** Once; whoever asks again waits for the same end. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { rooms, serving } = { rooms: this.#rooms, serving: this.#serving };
    rooms.sweeping.sweeper.stop();
    rooms.unownedSweep.stop();
    rooms.preservation.preserver.stop();
    rooms.preservation.verifier.stop();
    await this.#control?.stop();
    await serving.server.close();
    await serving.jobs.stop();
    await rooms.ingest.stop();
    await rooms.pinner.stop();
    await rooms.strays.stop();
    await rooms.watchdog.stop();
    await rooms.access.stop();
    await rooms.footage.stop();
    await this.#metrics?.stop();
    await rooms.sweeping.client.stop();
    await rooms.preservation.preserver.ended();
    await rooms.preservation.verifier.ended();
    rooms.roots.stop();
    await rooms.probes.stop();
    rooms.metrics.stop();
    try {
      rooms.state.reserve.use(() =>
        rooms.state.audit.append({ kind: 'daemon_stop', actor: 'system', payload: {} }),
      );
    } finally {
      rooms.state.close();
    }
  }

  /** A root that came online is settled before the sweep looks at it, and gets the mirrors it missed. */
  async #rootChanged(rootId: string): Promise<void> {
    const { roots, mirrors, checkpoints, sweeping, log } = this.#rooms;
    try {
      if (roots.readable(rootId) !== undefined) await mirrors.exchange(rootId);
      if (roots.verify(rootId) === undefined) return;
      await checkpoints.write(rootId);
      await sweeping.protocol.settle(rootId);
      await goThroughHeld(this.#rooms);
    } catch (error) {
      log.warn('root_change_failed', { rootId, error: String(error) });
    }
  }

  #controlParts(): Parameters<typeof controlOps>[0] {
    const rooms = this.#rooms;
    const { access, holds, desk, reader, retention, state, config, ingest } = rooms;
    return {
      access,
      holds,
      preserved: rooms.preservation.preserved,
      audit: this.#serving.audit,
      health: { status: () => desk.status(), ready: () => isReady(rooms) },
      confirmations: confirmationsOf(rooms, this.#serving.jobs),
      clips: reader,
      unowned: { page: (query) => unownedPage(rooms.unowned, query) },
      plan: (aheadMs, limit) => {
        const nowMs = retention.nowMs();
        const due = config.sources.flatMap((s) => rooms.sweeping.store.due(s.id, nowMs + aheadMs, limit));
        const clips = due
          .sort((a, b) => a.dueMs - b.dueMs)
          .slice(0, limit)
          .flatMap((d) => reader.clip(d.clipId) ?? []);
        const holdsOf = (cameraId: string): ReturnType<typeof state.holdSet.ofCamera> =>
          state.holdSet.ofCamera(cameraId);
        return planDeletions(clips, { holdsOf, nowMs, untilMs: nowMs + aheadMs });
      },
      sweepNow: () => this.#serving.jobs.run('sweep'),
      drillNow: () => this.#serving.drillNow(),
      reconcileNow: async () => {
        for (const source of config.sources) await ingest.reconcile(source.id, { full: true });
      },
      nowMs: () => retention.nowMs(),
    };
  }
}

function httpDeps(rooms: Rooms, audit: HttpDeps['audit'], overrides: Overrides): HttpDeps {
  const { config, access, reader, cameras, holds, footage, retention, clock, events, log } = rooms;
  return {
    access,
    clips: reader,
    cameras,
    holds,
    preserved: rooms.preservation.preserved,
    audit,
    footage: { open: (clipId) => footage.view(clipId) },
    posters: footage.posters,
    confirmations: confirmationsOf(rooms, undefined),
    health: { status: () => rooms.desk.status(), ready: () => isReady(rooms) },
    unowned: { page: (query) => unownedPage(rooms.unowned, query) },
    clock: { nowMs: () => retention.nowMs(), wallMs: () => clock.wallMs() },
    events,
    log,
    config,
    pageDir: overrides.pageDir ?? builtPage(),
  };
}

/** The page lies beside the built program; run from the sources it may be built into `dist`. */
function builtPage(): string | undefined {
  const candidates = ['./web', '../dist/web'].map((p) => fileURLToPath(new URL(p, import.meta.url)));
  return candidates.find((dir) => existsSync(join(dir, 'assets')));
}

/** Footage can be served and recorded: every root is there, and there is room for the records. */
function isReady({ roots, state }: Rooms): boolean {
  if (state.reserve.gone) return false;
  // Without the vault everything goes on.
  const disks = roots.list().filter((r) => !isVault(r.id));
  return disks.every((r) => r.state !== 'offline' && r.state !== 'failing' && r.state !== 'foreign');
}
