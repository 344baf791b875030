/** Sending footage: ranges of one MiB of one file, by the daemon and by nginx in turn, with and without TLS. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MIB, type Bench, type Group, type Measured } from './bench.ts';
import { signIn, type Server } from './browser.ts';
import { Daemon, makeSite, withDaemon, type Site } from './daemon.ts';
import { median } from './figures.ts';
import { loadOf, type Load, type Target } from './load-client.ts';
import { startNginx, withNginx, type Nginx } from './nginx.ts';
import { findProgram } from './programs.ts';
import { clipsFrom, encodeClips, fromEnd, writeTree } from './trees.ts';

const RUNS = 5;
const RUN_S = 2;
/** A daemon runs for months: until V8 has compiled for good what a request goes through, some 20,000 of them. */
const WARM_UP_RUNS = 5;
const MIN_RUN_S = 0.3;
const FILE_MIB = 64;
const SECURITY = { userName: 'sam', role: 'security', password: 'a sentence that nobody guesses' };
/** The program with its server in clear: an argument in code, not a setting. */
const PLAIN = fileURLToPath(new URL('./plain-daemon.ts', import.meta.url));
const BARE = fileURLToPath(new URL('./bare-server.ts', import.meta.url));

export const serving: Group = {
  name: 'serving',
  figures: ['range-tls-vs-nginx', 'range-plain-vs-nginx', 'loop-delay-p99-ms'],
  run: measureServing,
};

interface Comparison {
  /** One entry per round, one load per server: ours first. */
  readonly rounds: readonly (readonly Load[])[];
  readonly loopP99Ms: number;
}

async function measureServing(bench: Bench): Promise<Measured> {
  const program = findProgram('nginx');
  if (program === undefined) {
    bench.say('serving: nginx is not installed');
    return { 'range-tls-vs-nginx': null, 'range-plain-vs-nginx': null };
  }
  const site = makeSite(bench.dir('serving'));
  const file = writeLongClip(site);
  const seconds = Math.max(MIN_RUN_S, RUN_S * bench.scale);
  const against = (daemon: Daemon, scheme: Server['scheme']): Promise<Comparison> => {
    const nginx = startNginx(program, {
      root: site.root,
      dir: bench.dir(`nginx-${scheme}`),
      key: keyOf(site),
    });
    return withNginx(nginx, (rival) =>
      compare({ daemon, rival, scheme, file, fullPath: join(site.root, file), seconds }),
    );
  };
  const tls = await withDaemon(new Daemon(site), async (daemon) => {
    await daemon.line('reconciled');
    await daemon.call('users.add', SECURITY);
    return against(daemon, 'tls');
  });
  const plain = await withDaemon(new Daemon(site, { script: PLAIN }), async (daemon) => {
    await daemon.line('reconciled');
    return against(daemon, 'plain');
  });
  tell(bench, 'tls', tls);
  tell(bench, 'plain', plain);
  bench.say(
    `serving, plain: ${ratio(plain, 2).toFixed(2)} of nginx with sendfile, ${ratio(plain, 3).toFixed(2)} of Node's own server ` +
      `without anything of ours, which is ${median(plain.rounds.map((loads) => rateOf(loads, 3) / rateOf(loads, 1))).toFixed(2)} of nginx here`,
  );
  return {
    'range-tls-vs-nginx': ratio(tls, 1),
    'range-plain-vs-nginx': ratio(plain, 1),
    'loop-delay-p99-ms': Math.max(tls.loopP99Ms, plain.loopP99Ms),
  };
}

interface Match {
  readonly daemon: Daemon;
  readonly rival: Nginx;
  readonly scheme: Server['scheme'];
  /** Of the clip, below the root. */
  readonly file: string;
  readonly fullPath: string;
  readonly seconds: number;
}

async function compare({ daemon, rival, scheme, file, fullPath, seconds }: Match): Promise<Comparison> {
  const port = await daemon.port();
  const { cookie, path } = await signIn({ port, scheme }, SECURITY);
  const ours: Target = {
    name: 'ours',
    scheme,
    port,
    path,
    cookie,
    sizeMib: FILE_MIB,
    pid: await daemon.pid(),
  };
  const nginx = (theirPort: number): Target => ({
    ...ours,
    name: 'nginx',
    port: theirPort,
    path: `/${file}`,
    pid: rival.workerPid(),
  });
  const rivals = scheme === 'tls' ? [rival.tlsPort] : [rival.plainPort, rival.sendfilePort];
  const bare = scheme === 'tls' ? undefined : await startBare(fullPath);
  const targets = [ours, ...rivals.map(nginx), ...(bare === undefined ? [] : [{ ...ours, ...bare.target }])];
  try {
    await daemon.loopDelay();
    const rounds = await alternate(targets, seconds);
    return { rounds, loopP99Ms: (await daemon.loopDelay()).p99Ms };
  } finally {
    bare?.stop();
  }
}

async function startBare(
  file: string,
): Promise<{ readonly target: Pick<Target, 'name' | 'port' | 'pid'>; stop(): void }> {
  const child = spawn(process.execPath, [BARE, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    target: { name: 'bare', port: Number(said.toString('latin1')), pid: child.pid ?? 0 },
    stop: () => {
      child.kill();
    },
  };
}

/** Ours, theirs, ours, theirs: what else the machine does falls on all. The first rounds warm up. */
async function alternate(targets: readonly Target[], seconds: number): Promise<Load[][]> {
  const rounds: Load[][] = [];
  for (let round = 0; round < WARM_UP_RUNS + RUNS; round += 1) {
    const loads: Load[] = [];
    for (const target of targets) loads.push(await loadOf(target, seconds));
    rounds.push(loads);
  }
  return rounds.slice(WARM_UP_RUNS);
}

/** Our throughput by that of server `other`, round by round; the median. */
function ratio({ rounds }: Comparison, other: number): number {
  return median(rounds.map((loads) => rateOf(loads, 0) / rateOf(loads, other)));
}

function rateOf(loads: readonly Load[], server: number): number {
  return loads[server]?.mbPerSecond ?? NaN;
}

function tell(bench: Bench, scheme: string, { rounds, loopP99Ms }: Comparison): void {
  const servers =
    scheme === 'tls' ? ['ours', 'nginx'] : ['ours', 'nginx', 'nginx with sendfile', 'bare node:http'];
  const rows = servers.map((name, i) => {
    const perCpu = median(rounds.map((loads) => loads[i]?.mbPerCpuSecond ?? NaN));
    return `${name} ${rounds.map((loads) => rateOf(loads, i).toFixed(0)).join(' ')} MB/s, ${perCpu.toFixed(0)} MB per second of its CPU`;
  });
  bench.say(`serving, ${scheme}: ${rows.join('; ')}; loop late p99 ${loopP99Ms.toFixed(1)} ms`);
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
function keyOf(site: Site): { readonly cert: string; readonly key: string } {
  const dir = join(site.stateDir, 'tls');
  return { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
}
