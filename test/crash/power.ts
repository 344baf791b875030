/**
 * Power cuts: one life on two disks, stopped after each of its calls that the disks could keep or lose; there both are
 * copied as they are. Each pair of copies is then mounted, looked at, and lived on from.
 */
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Disks } from './disks.ts';
import { layFootage } from './life.ts';
import { afterTheCrash, afterTheRestart } from './oracle.ts';
import { MEMORY, live, writable } from './scene.ts';

/** Calls after which a disk may have more, or less, than before. Writing alone changes nothing that lasts: see EVERY_WRITE. */
const LASTING = ['fsync', 'fdatasync', 'ftruncate', 'unlink', 'rename', 'mkdir', 'link', 'write'];

export interface Cut {
  /** The call after which the power went. */
  readonly at: string;
  readonly acknowledged: readonly string[];
  readonly disks: Disks;
}

export interface PowerOptions {
  /** Every so many pages written there is a cut, too. */
  readonly everyWrite: number;
  /** Of all cuts every so many are kept. */
  readonly every: number;
  /** No cut before the subject has said this. */
  readonly after?: string;
}

/** A directory for disks; in memory when there is room, since what is lost is lost above the image. */
export function makeDir(): { path: string; remove(): void } {
  const path = mkdtempSync(join(writable(MEMORY) ? MEMORY : tmpdir(), 'fortnight-power-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Lives once and cuts the power again and again. The disks of the cuts lie below `dir`. */
export async function cutAgainAndAgain(entry: string, dir: string, options: PowerOptions): Promise<Cut[]> {
  const disks = new Disks(join(dir, 'life'));
  disks.format();
  disks.mount();
  try {
    layFootage(disks.places.footage);
    chmodSync(disks.places.state, 0o700);
    writeFileSync(join(disks.places.state, 'reserve'), '');
  } finally {
    disks.unmount(); // the recorder's files are on the disk before the life begins
  }
  disks.mount();
  try {
    return await stopAndCopy(entry, { disks, dir, options });
  } finally {
    disks.unmount();
  }
}

interface Life {
  readonly disks: Disks;
  readonly dir: string;
  readonly options: PowerOptions;
}

async function stopAndCopy(entry: string, life: Life): Promise<Cut[]> {
  const { disks, dir, options } = life;
  const said = join(dir, 'said');
  const out = openSync(said, 'w');
  const { state, footage } = disks.places;
  const command = stoppedAgainAndAgain([process.execPath, entry, 'act', state, footage], options.everyWrite);
  const child = spawn('strace', command, {
    stdio: ['ignore', out, 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(entry, '..', 'cache') },
  });
  closeSync(out);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const cuts: Cut[] = [];
  let stops = 0;
  for await (const { pid, at } of stopsIn(child.stderr!)) {
    const acknowledged = readFileSync(said, 'utf8').split('\n').slice(0, -1);
    if (counts(at, acknowledged, life) && stops++ % options.every === 0) {
      cuts.push({ at, acknowledged, disks: disks.cut(join(dir, `cut-${String(cuts.length)}`)) });
    }
    process.kill(pid, 'SIGCONT');
  }
  const status = await ended;
  if (status !== 0) throw new Error(`the life ended with ${String(status)}`);
  return cuts;
}

/** strace's arguments: the process is stopped after each of the calls. Its log goes to standard error. */
function stoppedAgainAndAgain(command: readonly string[], everyWrite: number): string[] {
  return [
    ...['-f', '-y', '-qq', '-s', '0', '-o', '|cat >&2', '-e', 'signal=SIGSTOP'],
    ...['-e', `trace=${[...LASTING, 'pwrite64'].join(',')}`, '-e', `inject=${LASTING.join(',')}:signal=STOP`],
    ...['-e', `inject=pwrite64:signal=STOP:when=1+${String(everyWrite)}`],
    ...command,
  ];
}

/** The stops of the first thread, which makes all calls, each with the call it came after. */
async function* stopsIn(log: Readable): AsyncGenerator<{ pid: number; at: string }> {
  let main: string | undefined;
  let at = '';
  for await (const line of createInterface({ input: log })) {
    const [, pid, what = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    main ??= pid;
    if (pid === undefined || pid !== main) continue;
    if (what.startsWith('--- stopped by SIGSTOP')) yield { pid: Number(pid), at };
    else if (/^\w+\(/.test(what)) at = what;
  }
}

function counts(at: string, acknowledged: readonly string[], { disks, options }: Life): boolean {
  const { state, footage } = disks.places;
  const begun = options.after === undefined || acknowledged.includes(options.after);
  return begun && [state, footage, '/proc/self/fd'].some((place) => at.includes(place));
}

/** What is wrong on the disks of a cut, and after the box was switched on again. Its images are removed. */
export async function powerOn(entry: string, cut: Cut): Promise<string[]> {
  const { disks } = cut;
  disks.mount();
  try {
    const wrong = afterTheCrash(disks.places, cut.acknowledged);
    const ran = await live(entry, 'reboot', { places: disks.places });
    const later = afterTheRestart(disks.places, ran.out);
    if (later.length > 0)
      wrong.push(...later, `the restart: ${ran.out.join(', ')}; ${ran.err.slice(0, 400)}`);
    return wrong.map((w) => `power cut after ${cut.at} [${cut.acknowledged.join(', ')}]: ${w}`);
  } finally {
    disks.unmount();
    disks.removeImages();
  }
}
