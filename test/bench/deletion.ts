/**
 * Deleting what is due, with the whole protocol, against `find -delete` on an equal tree.
 *
 * The sweep owes fsyncs that find does not; their time is measured in the run itself and added to find's. strace counts
 * them: with --seccomp-bpf the kernel stops the daemon at fsync and fdatasync only, everything else runs untouched.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Group, Measured } from './bench.ts';
import { Daemon, makeSite, withDaemon, type LogLine } from './daemon.ts';
import { clipsFrom, encodeClips, fromEnd, writeTree } from './trees.ts';
import { hasProgram } from './programs.ts';

const FILES = 100_000;
/** All of it fell due in the last days: a backlog as after an outage. */
const DUE_AGO_MS = 15 * 86_400_000;
const FACILITY = { userName: 'fatima', role: 'facility', password: 'a sentence that nobody guesses' };

export const deletion: Group = {
  name: 'deletion',
  figures: ['delete-vs-find', 'loop-delay-p99-ms'],
  run: measureDeletion,
};

async function measureDeletion(bench: Bench): Promise<Measured> {
  const count = Math.ceil(FILES * bench.scale);
  const clips = [...clipsFrom(fromEnd(count, DUE_AGO_MS), count)];
  const content = encodeClips();
  const finds = [findMs(bench.dir('find'), clips, content)];
  const dir = bench.dir('deletion');
  const site = makeSite(dir);
  writeTree(site.root, clips, { content });
  execFileSync('sync');
  const traced = hasProgram('strace');
  const calls = join(dir, 'fsyncs.txt');
  const under = [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-ttt',
    '-T',
    '-e',
    'trace=fsync,fdatasync',
    '-o',
    calls,
  ];
  const seen = await withDaemon(new Daemon(site, traced ? { under } : {}), (daemon) => sweep(daemon, count));
  finds.push(findMs(dir, clips, content));
  const find = finds.reduce((a, b) => a + b, 0) / finds.length;
  const fsyncs = traced ? fsyncsOf(readFileSync(calls, 'latin1'), seen.swept) : { calls: 0, ms: 0 };
  const perSecond = (ms: number): string => `${((count / ms) * 1000).toFixed(0)}/s`;
  bench.say(
    `deletion: ${String(count)} clips in ${ms(seen.tookMs)} (${perSecond(seen.tookMs)}); find -delete ` +
      `${finds.map(ms).join(', ')} (${perSecond(find)}); ${traced ? String(fsyncs.calls) : 'not counted (no strace)'} ` +
      `fsyncs of the sweep took ${ms(fsyncs.ms)}`,
  );
  bench.say(
    `deletion: loop late p50 ${seen.loop.p50Ms.toFixed(1)}, p99 ${seen.loop.p99Ms.toFixed(1)}, most ${seen.loop.maxMs.toFixed(1)} ms`,
  );
  return { 'delete-vs-find': seen.tookMs / (find + fsyncs.ms), 'loop-delay-p99-ms': seen.loop.p99Ms };
}

async function sweep(
  daemon: Daemon,
  count: number,
): Promise<{ tookMs: number; swept: LogLine; loop: { p50Ms: number; p99Ms: number; maxMs: number } }> {
  await daemon.line('reconciled');
  await daemon.call('users.add', FACILITY);
  execFileSync('sync');
  await daemon.loopDelay();
  const { userName: as, password } = FACILITY;
  await daemon.call('roots.adopt', { as, password, rootId: 'nvr', trustNames: false });
  const swept = await daemon.line('swept', (line) => Number(line['deleted']) > 0);
  const loop = await daemon.loopDelay();
  if (swept['deleted'] !== count)
    throw new Error(`${String(swept['deleted'])} of ${String(count)} were deleted`);
  return { tookMs: Number(swept['tookMs']), swept, loop };
}

/** Makes an equal tree below `dir`, and has `find` delete its files. */
function findMs(dir: string, clips: Parameters<typeof writeTree>[1], content: readonly Buffer[]): number {
  const root = join(dir, 'find');
  writeTree(root, clips, { content });
  execFileSync('sync');
  const began = performance.now();
  execFileSync('find', [root, '-type', 'f', '-delete']);
  const tookMs = performance.now() - began;
  rmSync(root, { recursive: true });
  return tookMs;
}

/** The calls that began while the sweep ran: lines `<thread> <seconds> fdatasync(22) = 0 <0.000123>`. */
export function fsyncsOf(trace: string, swept: LogLine): { readonly calls: number; readonly ms: number } {
  const untilS = Date.parse(swept.time) / 1000;
  const fromS = untilS - Number(swept['tookMs']) / 1000;
  let calls = 0;
  let seconds = 0;
  // A call of one thread may be interrupted in print by another's: then its time stands in the line of its end.
  for (const [, at, took] of trace.matchAll(/^\d+ +(\d+\.\d+) .*<(\d+\.\d+)>$/gm)) {
    if (Number(at) < fromS || Number(at) > untilS) continue;
    calls += 1;
    seconds += Number(took);
  }
  return { calls, ms: seconds * 1000 };
}

function ms(value: number): string {
  return `${(value / 1000).toFixed(2)} s`;
}
