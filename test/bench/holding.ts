/**
 * Placing a hold over a day of eight cameras while there are a million clips: until it is answered, how the loop is
 * meanwhile, and until every clip has its second name. The files are real and so are the links.
 */
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { openIndexReadOnly } from '../../src/db/open.ts';
import type { Bench, Group, Measured } from './bench.ts';
import { enter, ask, type Server } from './browser.ts';
import { Daemon, makeSite, withDaemon, type LoopDelay, type Site } from './daemon.ts';
import { percentile } from './figures.ts';
import { CLIPS, coverageWarm, DAY_MS, fill, RETENTION_DAYS } from './million-site.ts';
import { CAMERAS } from './trees.ts';

const PLAIN = fileURLToPath(new URL('./plain-daemon.ts', import.meta.url));
const FACILITY = { userName: 'fatima', role: 'facility', password: 'a sentence that nobody guesses' };
/** Somebody looks at the status page so often meanwhile. */
const LOOK_MS = 50;

export const holding: Group = {
  name: 'holding',
  figures: ['hold-201-s', 'hold-loop-max-ms', 'loop-delay-p99-ms'],
  run: measureHolding,
};

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Seen {
  readonly answeredMs: number;
  readonly pinnedMs: number;
  readonly clips: number;
  readonly notPinned: number;
  /** How long each look at the status took. */
  readonly looksMs: readonly number[];
  readonly loop: LoopDelay;
}

async function measureHolding(bench: Bench): Promise<Measured> {
  const site = makeSite(bench.dir('holding'), RETENTION_DAYS);
  const fromMs = fill(site, Math.ceil(CLIPS * bench.scale));
  const seen = await withDaemon(new Daemon(site, { script: PLAIN }), async (daemon) => {
    await daemon.line('reconciled');
    await daemon.call('users.add', FACILITY);
    const { userName: as, password } = FACILITY;
    await daemon.call('roots.adopt', { as, password, rootId: 'nvr', trustNames: false });
    await coverageWarm(site);
    return place(daemon, site, {
      fromMs: fromMs + DAY_MS * bench.scale,
      toMs: fromMs + 2 * DAY_MS * bench.scale,
    });
  });
  const { loop } = seen;
  bench.say(
    `holding: ${String(seen.clips)} clips held, answered after ${s(seen.answeredMs)} with ${String(seen.notPinned)} to be linked ` +
      `yet, all linked after ${s(seen.pinnedMs)}; loop late p50 ${loop.p50Ms.toFixed(1)}, p99 ${loop.p99Ms.toFixed(1)}, most ` +
      `${loop.maxMs.toFixed(1)} ms; ${String(seen.looksMs.length)} looks at the status meanwhile, p50 ` +
      `${percentile(seen.looksMs, 0.5).toFixed(0)}, p99 ${percentile(seen.looksMs, 0.99).toFixed(0)} ms`,
  );
  return {
    'hold-201-s': seen.answeredMs / 1000,
    'hold-loop-max-ms': loop.maxMs,
    'loop-delay-p99-ms': loop.p99Ms,
  };
}

/** Places it, and waits until everything it covers has its link. */
async function place(daemon: Daemon, { stateDir }: Site, window: Window): Promise<Seen> {
  const server: Server = { port: await daemon.port(), scheme: 'plain' };
  const token = await enter(server, FACILITY);
  await daemon.loopDelay();
  const began = performance.now();
  const looks = lookOn(server, token.cookie);
  const { json } = await ask(server, 'POST /api/v1/holds', token, {
    cameraIds: CAMERAS,
    ...window,
    ...{ reviewMs: Date.now() + 30 * DAY_MS },
    ...{ caseRef: 'Z-1', title: 'A day of all cameras', kind: 'legal_claim', ground: 'gdpr_17_3_e' },
    reason: 'The insurer asks to keep the footage of that day.',
  });
  const answeredMs = performance.now() - began;
  const { hold, coverage } = json as { hold: { id: string }; coverage: { clips: number; notPinned: number } };
  await linked(stateDir, hold.id, coverage.clips);
  const pinnedMs = performance.now() - began;
  const looksMs = await looks.stop();
  return { answeredMs, pinnedMs, ...coverage, looksMs, loop: await daemon.loopDelay() };
}

async function linked(stateDir: string, holdId: string, clips: number): Promise<void> {
  const db = openIndexReadOnly(`${stateDir}/index.db`);
  const made = db.prepare('SELECT count(*) FROM pin WHERE hold_id = ? AND state = 1').pluck();
  try {
    while (Number(made.get(holdId)) < clips) await sleep(LOOK_MS);
  } finally {
    db.close();
  }
}

function lookOn(server: Server, cookie: string): { stop(): Promise<number[]> } {
  const looksMs: number[] = [];
  let stopped = false;
  const look = async (): Promise<number[]> => {
    while (!stopped) {
      const began = performance.now();
      await ask(server, 'GET /api/v1/status', { cookie });
      looksMs.push(performance.now() - began);
      await sleep(LOOK_MS);
    }
    return looksMs;
  };
  const looking = look();
  return {
    stop: () => {
      stopped = true;
      return looking;
    },
  };
}

function s(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
