/** Sending footage: ranges of one MiB of one file, by the daemon and by nginx in turn, with and without TLS. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MIB, type Bench, type Group, type Measured } from './bench.ts';
import { signIn } from './browser.ts';
import { Daemon, makeSite, withDaemon, type Site } from './daemon.ts';
import { median } from './figures.ts';
import { loadOf, type Load, type Target } from './load-client.ts';
import { startNginx, withNginx } from './nginx.ts';
import { findProgram } from './programs.ts';
import { clipsFrom, encodeClips, fromEnd, writeTree } from './trees.ts';

const RUNS = 5;
const FILE_MIB = 64;
const SECURITY = { userName: 'sam', role: 'security', password: 'a sentence that nobody guesses' };
/** The program with its server in clear: an argument in code, not a setting. */
const PLAIN = fileURLToPath(new URL('./plain-daemon.ts', import.meta.url));

export const serving: Group = {
  name: 'serving',
  figures: ['range-tls-vs-nginx', 'range-plain-vs-nginx', 'loop-delay-p99-ms'],
  run: measureServing,
};

async function measureServing(bench: Bench): Promise<Measured> {
  const nginx = findProgram('nginx');
  if (nginx === undefined) {
    bench.say('serving: nginx is not installed');
    return { 'range-tls-vs-nginx': null, 'range-plain-vs-nginx': null };
  }
  const site = makeSite(bench.dir('serving'));
  const file = writeLongClip(site);
  const seconds = Math.max(0.3, 2 * bench.scale);
  const compare = async (daemon: Daemon, scheme: 'tls' | 'plain'): Promise<Comparison> => {
    await daemon.line('reconciled');
    const port = await daemon.port();
    if (scheme === 'tls') await daemon.call('users.add', SECURITY);
    const { cookie, path } = await signIn({ port, scheme }, SECURITY);
    const key = readKey(site);
    return withNginx(
      startNginx(nginx, { root: site.root, dir: bench.dir(`nginx-${scheme}`), key }),
      async (rival) => {
        const ours: Target = {
          name: 'ours',
          scheme,
          port,
          path,
          cookie,
          sizeMib: FILE_MIB,
          pid: await daemon.pid(),
        };
        const theirs: Target = {
          ...ours,
          name: 'nginx',
          port: scheme === 'tls' ? rival.tlsPort : rival.plainPort,
          path: `/${file}`,
          pid: rival.workerPid(),
        };
        await daemon.loopDelay();
        const rounds = await alternate([ours, theirs], seconds);
        return { rounds, loopP99Ms: (await daemon.loopDelay()).p99Ms };
      },
    );
  };
  const tls = await withDaemon(new Daemon(site), (daemon) => compare(daemon, 'tls'));
  const plain = await withDaemon(new Daemon(site, { script: PLAIN }), (daemon) => compare(daemon, 'plain'));
  tell(bench, 'tls', tls);
  tell(bench, 'plain', plain);
  return {
    'range-tls-vs-nginx': ratio(tls.rounds),
    'range-plain-vs-nginx': ratio(plain.rounds),
    'loop-delay-p99-ms': Math.max(tls.loopP99Ms, plain.loopP99Ms),
  };
}

interface Comparison {
  readonly rounds: readonly (readonly [Load, Load])[];
  readonly loopP99Ms: number;
}

/** Ours, theirs, ours, theirs: what else the machine does falls on both. A first round warms up. */
async function alternate(
  [ours, theirs]: readonly [Target, Target],
  seconds: number,
): Promise<Comparison['rounds']> {
  const rounds: [Load, Load][] = [];
  for (let round = 0; round <= RUNS; round += 1) {
    rounds.push([await loadOf(ours, seconds), await loadOf(theirs, seconds)]);
    await sleep(50);
  }
  return rounds.slice(1);
}

function ratio(rounds: Comparison['rounds']): number {
  return median(rounds.map(([ours, theirs]) => ours.mbPerSecond / theirs.mbPerSecond));
}

function tell(bench: Bench, scheme: string, { rounds, loopP99Ms }: Comparison): void {
  const row = (i: 0 | 1): string => rounds.map((r) => r[i].mbPerSecond.toFixed(0)).join(' ');
  const perCpu = (i: 0 | 1): string => median(rounds.map((r) => r[i].mbPerCpuSecond)).toFixed(0);
  bench.say(
    `serving, ${scheme}: MB/s ours ${row(0)}, nginx ${row(1)}; MB per second of the server's CPU: ours ${perCpu(0)}, ` +
      `nginx ${perCpu(1)}; loop late p99 ${loopP99Ms.toFixed(1)} ms`,
  );
}

/** A clip of 64 MiB: a real one with a free box behind it. Its path below the root. */
function writeLongClip(site: Site): string {
  const [clip] = [...clipsFrom(fromEnd(1, 3_600_000), 1)];
  const [real] = encodeClips();
  if (clip === undefined || real === undefined) throw new Error('there is no clip');
  const free = Buffer.alloc(FILE_MIB * MIB - real.length, 'footage ');
  free.writeUInt32BE(free.length, 0);
  free.write('free', 4, 'latin1');
  writeTree(site.root, [clip], { content: [Buffer.concat([real, free])] });
  return join(clip.dir, clip.name);
}

/** The daemon's own certificate: both servers sign with the same key. */
function readKey(site: Site): { readonly cert: string; readonly key: string } {
  const dir = join(site.stateDir, 'tls');
  return { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
}
