/**
 * A million clips: eight cameras, a clip every ten seconds, fourteen days and a half.
 *
 * The files are there, without data (an inode each): the rows are written straight into the index with the identity of
 * their files, so the daemon's first reconcile compares a million names and finds nothing to read. Retention is fifteen
 * days, so that nothing falls due while it is measured.
 */
import { execFileSync } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinRooms, type Rooms } from '../../src/app/rooms.ts';
import { openConfig } from '../../src/cli/open-config.ts';
import { packIntervals } from '../../src/db/clip-row.ts';
import { openIndexReadOnly, type Db } from '../../src/db/open.ts';
import { cameraCoverage } from '../../src/http/coverage-view.ts';
import type { HttpDeps } from '../../src/http/deps.ts';
import type { Bench, Group, Measured } from './bench.ts';
import { Daemon, makeSite, withDaemon, type Site } from './daemon.ts';
import { percentile } from './figures.ts';
import { CAMERAS, CLIP_MS, clipsFrom, fromEnd, writeTree, type TreeClip } from './trees.ts';

const CLIPS = 1_000_000;
const RETENTION_DAYS = 15;
const CLIP_BYTES = 5_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 14;
const SAMPLES = 500;
const PAGE = 500;
const HOURS_AT_ONCE = 64;

export const million: Group = {
  name: 'million',
  figures: [
    'coverage-day-p99-ms',
    'coverage-all-p99-ms',
    'page-500-p99-ms',
    'start-million-s',
    'million-rss-mb',
    'reconcile-million-s',
    'loop-delay-p99-ms',
  ],
  run: measureMillion,
};

async function measureMillion(bench: Bench): Promise<Measured> {
  const count = Math.ceil(CLIPS * bench.scale);
  const site = makeSite(bench.dir('million'), RETENTION_DAYS);
  const fromMs = fill(site, count);
  const seen = await withDaemon(new Daemon(site), async (daemon) => {
    const startMs = await firstAnswerMs(daemon);
    await daemon.loopDelay();
    const reconciled = await daemon.line('reconciled');
    if (reconciled['changed'] !== 0) throw new Error('the index did not fit its files');
    const loop = await daemon.loopDelay();
    await coverageWarm(site);
    return { startMs, loop, reconcileMs: Number(reconciled['tookMs']), peakMb: await daemon.peakMb() };
  });
  bench.say(
    `million: ${String(count)} clips; first answer ${seen.startMs.toFixed(0)} ms after the process began (warm cache), full ` +
      `reconcile of all files ${(seen.reconcileMs / 1000).toFixed(1)} s, memory at most ${seen.peakMb.toFixed(0)} MB over both; loop late p50 ${seen.loop.p50Ms.toFixed(1)}, p99 ${seen.loop.p99Ms.toFixed(1)}, most ${seen.loop.maxMs.toFixed(1)} ms`,
  );
  const asked = ask(site, fromMs, bench);
  return {
    ...asked,
    'start-million-s': seen.startMs / 1000,
    'million-rss-mb': seen.peakMb,
    'reconcile-million-s': seen.reconcileMs / 1000,
    'loop-delay-p99-ms': seen.loop.p99Ms,
  };
}

/** Writes files and rows; the start of the first clip. */
function fill(site: Site, count: number): number {
  const rooms = open(site);
  try {
    const { db } = rooms.state;
    const fromMs = fromEnd(count, HOUR_MS);
    const insert = inserter(db);
    db.exec('BEGIN');
    const clips = clipsFrom(fromMs, count);
    writeTree(site.root, clips, {
      content: CLIP_BYTES,
      onFile: (clip, { fd }) => {
        insert(clip, fstatSync(fd, { bigint: true }));
      },
    });
    db.exec('COMMIT');
    db.pragma('wal_checkpoint(TRUNCATE)');
    execFileSync('sync');
    return fromMs;
  } finally {
    close(rooms);
  }
}

/** Rows as the ingest leaves them: with fingerprint, format and key frames. */
function inserter(db: Db): (clip: TreeClip, file: { ino: bigint; mtimeNs: bigint }) => void {
  const root = db.prepare("SELECT n FROM root WHERE id = 'nvr'").pluck().get();
  const camera = new Map(
    CAMERAS.map((id) => [id, db.prepare('SELECT n FROM camera WHERE id = ?').pluck().get(id)]),
  );
  const format = db
    .prepare(
      `INSERT INTO media_format (container, video_codec, width_px, height_px, frame_rate_milli)
       VALUES ('mov,mp4,m4a,3gp,3g2,mj2', 'h264', 2560, 1440, 15000)`,
    )
    .run().lastInsertRowid;
  const addDir = db.prepare('INSERT INTO dir (root_n, path) VALUES (?, ?)');
  const addFrames = db.prepare('INSERT INTO key_frames VALUES (?, ?)');
  const add = db.prepare(
    `INSERT INTO clip (dir_id, name, root_n, camera_n, kind, state, start_ms, end_ms, end_from, cover_from_ms,
       cover_to_ms, cover_class, intervals, due_ms, first_seen_ms, finished_ms, duration_ms, size_bytes, ino, mtime_ns,
       fingerprint, format_id)
     VALUES (@dirId, @name, @root, @camera, 0, 1, @startMs, @endMs, 0, @coverFromMs, @coverToMs, @coverClass, @intervals,
       @dueMs, @endMs, @endMs, ${String(CLIP_MS)}, ${String(CLIP_BYTES)}, @ino, @mtimeNs, @fingerprint, @format)`,
  );
  const frames = Buffer.from(Uint32Array.from([0, 2000, 4000, 6000, 8000]).buffer);
  const fingerprint = Buffer.alloc(16, 7);
  let at = { dir: '', id: 0n };
  return (clip, { ino, mtimeNs }) => {
    const { dir, name, startMs } = clip;
    if (dir !== at.dir) at = { dir, id: BigInt(addDir.run(root, dir).lastInsertRowid) };
    const endMs = startMs + CLIP_MS;
    const cover = packIntervals([{ fromMs: startMs, toMs: endMs }]);
    const dueMs = endMs + RETENTION_DAYS * DAY_MS;
    const is = { dirId: at.id, root, camera: camera.get(clip.camera), format, fingerprint };
    const { lastInsertRowid } = add.run({ ...cover, ...is, name, startMs, endMs, dueMs, ino, mtimeNs });
    addFrames.run(lastInsertRowid, frames);
  };
}

/** From the start of the process to the first HTTPS answer. */
async function firstAnswerMs(daemon: Daemon): Promise<number> {
  const port = await daemon.port();
  await new Promise<void>((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', path: '/api/v1/session', rejectUnauthorized: false });
    call.on('error', reject).on('response', (response) => {
      response.resume().on('end', resolve);
    });
    call.end();
  });
  return performance.now() - daemon.spawnedMs;
}

/** Waits until the daemon has merged the spans of all hours. */
async function coverageWarm(site: Site): Promise<void> {
  const db = openIndexReadOnly(`${site.stateDir}/index.db`);
  const hours = db.prepare('SELECT count(*) FROM coverage_hour').pluck();
  try {
    for (let before = -1, now = 0; now === 0 || now !== before;) {
      before = now;
      await sleep(1000);
      now = Number(hours.get());
    }
  } finally {
    db.close();
  }
}

/**
 * The questions of the page, in process. A clip arrives every ten seconds and drops the merged spans of its hour, which
 * are merged again within ten seconds; so one hour of every camera asked about is missing at each question.
 */
function ask(site: Site, fromMs: number, bench: Bench): Measured {
  const rooms = open(site);
  try {
    const { reader, cameras, holds } = rooms;
    const deps = { clips: reader, cameras, holds } as unknown as HttpDeps;
    const nowMs = Date.now();
    const drop = rooms.state.db.prepare(
      'DELETE FROM coverage_hour WHERE hour_ms = ? AND camera_n = (SELECT n FROM camera WHERE id = ?)',
    );
    const days = Math.max(1, Math.floor((nowMs - fromMs) / DAY_MS));
    const random = numbers();
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const warm = (): void => {
      while (rooms.coverage.warm(HOURS_AT_ONCE) > 0);
    };
    const day = sample(() => {
      warm();
      const from = fromMs + Math.floor(random() * days) * DAY_MS;
      const cameraId = pick(CAMERAS);
      drop.run(hourOf(from + random() * DAY_MS), cameraId);
      return () => cameraCoverage(deps, cameraId, { window: { fromMs: from, toMs: from + DAY_MS }, nowMs });
    });
    const all = sample(() => {
      warm();
      const window = { fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs };
      for (const id of CAMERAS) drop.run(hourOf(window.fromMs + random() * DAYS * DAY_MS), id);
      return () => CAMERAS.map((id) => cameraCoverage(deps, id, { window, nowMs }));
    });
    const page = sample(() => {
      const window = { fromMs: fromMs + random() * days * DAY_MS, toMs: nowMs };
      const query = { cameraId: pick(CAMERAS), window, limit: PAGE };
      return () => reader.page(query);
    });
    for (const [what, list] of Object.entries({ 'camera-day': day, 'all cameras': all, page })) {
      bench.say(
        `million: ${what} p50 ${percentile(list, 0.5).toFixed(2)}, p99 ${percentile(list, 0.99).toFixed(2)} ms`,
      );
    }
    return {
      'coverage-day-p99-ms': percentile(day, 0.99),
      'coverage-all-p99-ms': percentile(all, 0.99),
      'page-500-p99-ms': percentile(page, 0.99),
    };
  } finally {
    close(rooms);
  }
}

/** Times of questions; what `prepare` does before is not counted. The first tenth warms up. */
function sample(prepare: () => () => unknown): number[] {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES * 1.1; i += 1) {
    const question = prepare();
    const began = performance.now();
    question();
    times.push(performance.now() - began);
  }
  return times.slice(-SAMPLES);
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

/** The same "random" numbers in every run (a linear congruence). */
function numbers(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function open(site: Site): Rooms {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return joinRooms(openConfig(site.config).config, { log });
}

function close(rooms: Rooms): void {
  rooms.metrics.stop();
  rooms.state.close();
}
