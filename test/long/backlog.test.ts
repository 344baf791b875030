/**
 * The whole daemon on a box that comes back after three weeks off (F-S32): half a million clips are overdue. They go at
 * once, the oldest first, without a person's confirmation, and nobody who looks meanwhile waits. BACKLOG_CLIPS: another
 * number of them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkState } from '../../src/cli/check/command.ts';
import { openIndex, openIndexReadOnly } from '../../src/db/open.ts';
import { Status } from '../../src/http/api/index.ts';
import { percentile } from '../bench/figures.ts';
import { BACKLOG_PATTERN, makeBacklog } from '../support/backlog.ts';
import { Daemon, writeSite, type Site } from '../support/daemon.ts';
import { Client } from '../support/http/client.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { report } from './report.ts';

const CLIPS = Number(process.env['BACKLOG_CLIPS'] ?? 500_000);
const CLIP_MS = 2000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OFF_MS = 21 * DAY;
/** How often a status page that is open asks. */
const LOOK_MS = 1000;
const FACILITY = { userName: 'facility', role: 'facility', password: PASSWORDS.facility };

interface Look {
  readonly tookMs: number;
  /** CPU time the daemon has used, all threads. */
  readonly workedS: number;
  readonly root: Status['roots'][number];
}

let dir: string;
let site: Site;
let loopFile: string;
let running: Daemon | undefined;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fortnight-backlog-'));
  loopFile = join(dir, 'loop.json');
  const places = { state: join(dir, 'state'), footage: join(dir, 'footage') };
  mkdirSync(places.state, { mode: 0o700 });
  mkdirSync(places.footage);
  site = writeSite(dir, { ...places, pattern: BACKLOG_PATTERN });
  await liveBefore();
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await running?.ended;
  rmSync(dir, { recursive: true, force: true });
});

/** Before it was off, the box recorded for eleven days, and was swept. */
async function liveBefore(): Promise<void> {
  const daemon = await new Daemon(site).started();
  await daemon.call('users.add', FACILITY);
  await daemon.call('retention.sweep', {});
  await daemon.stop();
  const db = openIndex(join(site.state, 'index.db'));
  const offMs = Date.now() - OFF_MS;
  makeBacklog({ db, root: site.footage }, { clips: CLIPS, clipMs: CLIP_MS, startMs: firstStart(offMs) });
  db.prepare('UPDATE root SET last_sweep_ms = ?').run(offMs);
  // What the boot clock of this machine shows already is taken from the boot before.
  db.prepare(
    `UPDATE retention_clock SET boot_id = 'the boot before', r_ms = @r, wall_ms = @off, budget_from_ms = @r,
       sure_from_ms = @r`,
  ).run({ off: offMs, r: Math.round(offMs - uptime() * 1000) });
  db.close();
}

function firstStart(offMs: number): number {
  return Math.floor((offMs - CLIPS * CLIP_MS) / HOUR) * HOUR;
}

/** Looks at the status page again and again until nothing is overdue. */
async function lookUntilGone(client: Client, pid: number): Promise<Look[]> {
  const looks: Look[] = [];
  for (;;) {
    const began = performance.now();
    const { json } = await client.get('/api/v1/status');
    const tookMs = performance.now() - began;
    const status = Status.parse(json);
    const root = status.roots[0]!;
    expect(root, 'nobody has to confirm it').toMatchObject({ state: 'online', breakerSinceMs: null });
    looks.push({ tookMs, workedS: workedS(pid), root });
    if (status.cameras.every((c) => c.clips === 0)) return looks;
    await sleep(LOOK_MS);
  }
}

const lines = (daemon: Daemon, event: string): Record<string, number>[] =>
  daemon.output
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line) as Record<string, number>);

function workedS(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${String(pid)}/stat`, 'latin1').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user! + system!) / 100;
}

/** CPU seconds for the first half of the clips and for the second. */
function halves(looks: readonly Look[]): [number, number] {
  const leftAt = (look: Look): number => look.root.backlog?.left ?? Infinity;
  const first = looks.find((look) => leftAt(look) <= CLIPS)!;
  const middle = looks.find((look) => leftAt(look) <= CLIPS / 2)!;
  return [middle.workedS - first.workedS, looks.at(-1)!.workedS - middle.workedS];
}

/** Intents that hold clips of two hours, or of an hour before those of an intent before. */
function disorder(): number {
  const db = openIndexReadOnly(join(site.state, 'index.db'));
  try {
    const found = db
      .prepare(
        `SELECT count(*) FROM (
           SELECT min(due_ms / ${String(HOUR)}) AS first, max(due_ms / ${String(HOUR)}) AS last,
             lag(max(due_ms / ${String(HOUR)})) OVER (ORDER BY intent_seq) AS before
           FROM receipt GROUP BY intent_seq)
         WHERE first < before OR first <> last`,
      )
      .pluck()
      .get();
    return Number(found);
  } finally {
    db.close();
  }
}

it(
  'half a million overdue clips go at full speed, the oldest hour first, and the status page and the log say how far it is',
  { timeout: 4 * HOUR },
  async () => {
    const preload = new URL(`../support/loop-work.mjs?file=${loopFile}`, import.meta.url);
    const daemon = new Daemon(site, { node: ['--import', preload.href] });
    running = daemon;
    await daemon.started();
    const [{ port = 0 } = {}] = lines(daemon, 'started');
    const client = await new Client(port).enter('facility');
    await loopWork(daemon);
    const looks = await lookUntilGone(client, daemon.pid);
    await daemon.line('"event":"swept"');
    const loop = await loopWork(daemon);
    expect((await daemon.stop()).status).toBe(0);

    const [swept] = lines(daemon, 'swept');
    const told = lines(daemon, 'backlog');
    const [first, second] = halves(looks);
    const answers = looks.map((look) => look.tookMs);
    report(
      `backlog: ${String(swept!['deleted'])} clips in ${(swept!['tookMs']! / 1000).toFixed(1)} s, ` +
        `${((CLIPS / swept!['tookMs']!) * 1000).toFixed(0)} a second, of CPU ${first.toFixed(1)} s for the first half, ${second.toFixed(1)} s for the second; ` +
        `${String(looks.length)} looks at the status page, p50 ${percentile(answers, 0.5).toFixed(0)}, p99 ${percentile(answers, 0.99).toFixed(0)}, ` +
        `most ${Math.max(...answers).toFixed(0)} ms; a turn of the loop p99 ${loop.p99Ms.toFixed(0)}, most ${loop.maxMs.toFixed(0)} ms`,
    );
    expect(swept).toMatchObject({ deleted: CLIPS, failed: 0 });
    expect(spawnSync('find', [site.footage, '-name', '*.mp4'], { encoding: 'utf8' }).stdout).toBe('');
    expect(disorder()).toBe(0);
    expect(second, 'a steady rate').toBeLessThan(2 * first);

    expectProgress(looks);
    expect(told[0]).toMatchObject({ rootId: 'nvr', left: CLIPS });
    expect(told.length).toBeGreaterThanOrEqual(Math.floor(swept!['tookMs']! / 60_000));
    // In CPU time: how soon a busy machine gives a process its turn is not the daemon's doing.
    expect(loop.p99Ms, 'a person who looks').toBeLessThan(50);
    expect(checkState({ stateDir: site.state }, 'size').findings).toEqual([]);
  },
);

/** Fewer and fewer are left, and when the last one goes is known as soon as one has. */
function expectProgress(looks: readonly Look[]): void {
  const seen = looks.flatMap(({ root }) => root.backlog ?? []);
  const left = seen.map((b) => b.left);
  expect(left.length).toBeGreaterThan(2);
  expect(left).toEqual([...left].sort((a, b) => b - a));
  const wrong = seen.filter(
    (b) => b.left < CLIPS && (b.perSecond <= 0 || b.leftMs !== Math.round((b.left / b.perSecond) * 1000)),
  );
  expect(wrong).toEqual([]);
}

/** How long the daemon worked without letting anything else have its turn, since this was asked last. */
async function loopWork(daemon: Daemon): Promise<{ p99Ms: number; maxMs: number }> {
  rmSync(loopFile, { force: true });
  daemon.kill('SIGUSR2');
  while (!existsSync(loopFile)) await sleep(LOOK_MS);
  return JSON.parse(readFileSync(loopFile, 'utf8')) as { p99Ms: number; maxMs: number };
}
