/** A million clips (million-site.ts): starting, reconciling, and the questions of the page. */
import { request } from 'node:https';
import { cameraCoverage } from '../../src/http/coverage-view.ts';
import type { HttpDeps } from '../../src/http/deps.ts';
import type { Bench, Group, Measured } from './bench.ts';
import { Daemon, makeSite, withDaemon, type Site } from './daemon.ts';
import { percentile } from './figures.ts';
import { CLIPS, close, coverageWarm, DAY_MS, fill, hourOf, open, RETENTION_DAYS } from './million-site.ts';
import { CAMERAS } from './trees.ts';

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

/** The same "random" numbers in every run (a linear congruence). */
function numbers(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
