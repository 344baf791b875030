/** Indexing a tree from nothing, against ffprobe and against the bare reading of it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Bench, type Group, type Measured } from './bench.ts';
import { Daemon, makeSite, withDaemon, type LoopDelay, type Site } from './daemon.ts';
import { median } from './figures.ts';
import { clipsFrom, encodeClips, fromEnd, writeTree, type Tree } from './trees.ts';

const FILES = 100_000;
/** First indexings, each between two floors: by the middle one, what else the machine does is not taken for the daemon's. */
const RUNS = 3;
const FFPROBE_SAMPLE = 40;
/** So long must the number of watches stand still to count as final. */
const STILL_MS = 2000;

export const ingest: Group = {
  name: 'ingest',
  figures: [
    'ingest-vs-ffprobe',
    'ingest-vs-floor',
    'ingest-rss-mb',
    'watches-per-directory',
    'loop-delay-p99-ms',
  ],
  run: measureIngest,
};

async function measureIngest(bench: Bench): Promise<Measured> {
  const count = Math.ceil(FILES * bench.scale);
  const site = makeSite(bench.dir('ingest'));
  const clips = [...clipsFrom(fromEnd(count, 10 * 60_000), count)];
  const tree = writeTree(site.root, clips, { content: encodeClips() });
  execFileSync('sync'); // the writing of the tree is not what is measured
  const floors = [floorMs(tree)];
  const runs: Seen[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    forgetAll(site);
    runs.push(await withDaemon(new Daemon(site), (daemon) => watchIngest(daemon, tree)));
    floors.push(floorMs(tree));
  }
  const ratios = runs.map(({ tookMs }, i) => (2 * tookMs) / ((floors[i] ?? NaN) + (floors[i + 1] ?? NaN)));
  const tookMs = median(runs.map((r) => r.tookMs));
  const worst = (of: (seen: Seen) => number): number => Math.max(...runs.map(of));
  const sample = clips.filter((_, i) => i % Math.ceil(clips.length / FFPROBE_SAMPLE) === 0);
  const probe = ffprobeMs(sample.map((c) => join(site.root, c.dir, c.name)));
  bench.say(
    `ingest: ${String(tree.files)} files in ${String(tree.dirs)} directories indexed in ${runs.map((r) => s(r.tookMs)).join(', ')}, ` +
      `warm cache; floor ${floors.map(s).join(', ')}; ratios ${ratios.map((r) => r.toFixed(2)).join(', ')}; ` +
      `ffprobe ${probe.toFixed(0)} ms a file, from ${String(sample.length)} files`,
  );
  bench.say(
    `ingest: ${String(worst((r) => r.watches))} watches on ${String(tree.dirs)} directories; ` +
      `loop late, worst of the runs: p50 ${worst((r) => r.loop.p50Ms).toFixed(1)}, ` +
      `p99 ${worst((r) => r.loop.p99Ms).toFixed(1)}, most ${worst((r) => r.loop.maxMs).toFixed(1)} ms`,
  );
  return {
    'ingest-vs-ffprobe': (probe * tree.files) / tookMs,
    'ingest-vs-floor': median(ratios),
    'ingest-rss-mb': worst((r) => r.peakMb),
    'watches-per-directory': worst((r) => r.watches) / tree.dirs,
    'loop-delay-p99-ms': worst((r) => r.loop.p99Ms),
  };
}

/** As before the first start: no state, and nothing of ours in the root. */
function forgetAll(site: Site): void {
  rmSync(site.stateDir, { recursive: true, force: true });
  mkdirSync(site.stateDir, { mode: 0o700 });
  rmSync(join(site.root, '.fortnight'), { recursive: true, force: true });
}

interface Seen {
  readonly tookMs: number;
  readonly loop: LoopDelay;
  readonly peakMb: number;
  readonly watches: number;
}

async function watchIngest(daemon: Daemon, tree: Tree): Promise<Seen> {
  await daemon.line('started');
  await daemon.loopDelay();
  const { tookMs } = await daemon.line('reconciled');
  const loop = await daemon.loopDelay();
  const status = (await daemon.call('status', {})) as { cameras: { clips: number }[] };
  const indexed = status.cameras.reduce((sum, c) => sum + c.clips, 0);
  if (indexed !== tree.files)
    throw new Error(`${String(indexed)} of ${String(tree.files)} files were indexed`);
  const watches = await settled(() => daemon.watches());
  return { tookMs: Number(tookMs), loop, peakMb: await daemon.peakMb(), watches };
}

/** A count that has not changed for a while. */
async function settled(count: () => Promise<number>): Promise<number> {
  let last = await count();
  for (let sinceMs = performance.now(); performance.now() - sinceMs < STILL_MS;) {
    await sleep(100);
    const now = await count();
    if (now !== last || now === 0) sinceMs = performance.now();
    last = now;
  }
  return last;
}

function floorMs(tree: Tree): number {
  const program = fileURLToPath(new URL('./floor.ts', import.meta.url));
  const { ms, files } = JSON.parse(
    execFileSync(process.execPath, [program, tree.root], { encoding: 'utf8' }),
  ) as { ms: number; files: number };
  if (files < tree.files) throw new Error('the floor did not read all files');
  return ms;
}

/** Mean time of one ffprobe process that says what we index of a file. */
function ffprobeMs(paths: readonly string[]): number {
  const began = performance.now();
  for (const path of paths) {
    const args = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', `file:${path}`];
    execFileSync('ffprobe', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return (performance.now() - began) / paths.length;
}

function s(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
