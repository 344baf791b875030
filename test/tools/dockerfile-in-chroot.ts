/**
 * Carries out a Dockerfile without a container engine: each stage is a debootstrapped Debian with the carried Node in
 * it, COPY copies, RUN runs in a chroot. Needs root, debootstrap and the network. The mounts belong to a name space of
 * the process that made them and vanish with it.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseDockerfile, type Stage, type Step } from './dockerfile.ts';

const TOP = new URL('../..', import.meta.url).pathname;
const CARRIED_NODE = join(TOP, 'node_modules/.bin/node');
const SUITE = 'bookworm';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const STEP_LIMIT_MS = 600_000;

/** Why it cannot be done here; undefined when it can. */
export function cannotRun(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  const lacking = ['debootstrap', 'chroot', 'unshare'].filter(
    (p) => spawnSync(p, ['--help']).error !== undefined,
  );
  return lacking.length === 0 ? undefined : `not installed: ${lacking.join(', ')}`;
}

/** What a built image says about running it. */
export interface Built {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly volumes: readonly string[];
  readonly healthcheck: readonly string[];
  readonly start: readonly string[];
}

/** Builds below the directory `work`; `note` gets a line per step. */
export function buildImage(work: string, note: (line: string) => void): Built {
  const base = makeBase(join(work, 'base'), note);
  const built = new Map<string, string>();
  let last: Built | undefined;
  for (const [i, stage] of parseDockerfile(readFileSync(join(TOP, 'Dockerfile'), 'utf8')).entries()) {
    const root = join(work, stage.name ?? `stage-${String(i)}`);
    must('cp', ['-a', '--reflink=auto', base, root]);
    last = carryOut(stage, { root, built, note });
    built.set(stage.name ?? String(i), root);
  }
  if (last === undefined) throw new Error('the Dockerfile has no stage');
  return last;
}

/** Debian slim with Node and npm: what `node:24-bookworm-slim` is to us. */
function makeBase(root: string, note: (line: string) => void): string {
  note(`debootstrap ${SUITE}`);
  must('debootstrap', ['--variant=minbase', '--include=ca-certificates', SUITE, root]);
  for (const file of ['/etc/resolv.conf', '/etc/hosts', CERTIFICATES])
    cpSync(realpathSync(file), join(root, file));
  for (const file of ['/etc/apt/sources.list.d', '/etc/apt/apt.conf.d', '/etc/apt/sources.list']) {
    if (existsSync(file)) cpSync(file, join(root, file), { recursive: true });
  }
  cpSync(realpathSync(CARRIED_NODE), join(root, 'usr/local/bin/node'));
  const npm = realpathSync(spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim());
  cpSync(resolve(dirname(npm), '..'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  must('ln', ['-s', '../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm')]);
  return root;
}

interface Site {
  readonly root: string;
  readonly built: ReadonlyMap<string, string>;
  readonly note: (line: string) => void;
}

function carryOut(stage: Stage, site: Site): Built {
  const state = { workdir: '/', env: {} as Record<string, string>, user: '0:0', volumes: [] as string[] };
  let healthcheck: readonly string[] = [];
  let entrypoint: readonly string[] = [];
  let cmd: readonly string[] = [];
  for (const step of stage.steps) {
    site.note(describeStep(step));
    if (step.kind === 'run') runStep(step.command, site.root, state);
    else if (step.kind === 'copy') copyStep(step, site, state.workdir);
    else if (step.kind === 'workdir') state.workdir = makeDir(site.root, step.path);
    else if (step.kind === 'env') state.env[step.name] = step.value;
    else if (step.kind === 'user') state.user = step.user;
    else if (step.kind === 'volume') state.volumes.push(step.path);
    else if (step.kind === 'healthcheck') healthcheck = step.command;
    else if (step.kind === 'entrypoint') entrypoint = step.command;
    else if (step.kind === 'cmd') cmd = step.command;
  }
  const { env, user, volumes } = state;
  return { root: site.root, env, user, volumes, healthcheck, start: [...entrypoint, ...cmd] };
}

function describeStep(step: Step): string {
  if (step.kind === 'run') return `RUN ${step.command}`;
  return step.kind === 'copy' ? `COPY ${step.sources.join(' ')} ${step.to}` : step.kind.toUpperCase();
}

function makeDir(root: string, path: string): string {
  mkdirSync(join(root, path), { recursive: true });
  return path;
}

/** What Docker gives a process, and the way to the network that this machine has. */
function environment(env: Readonly<Record<string, string>>): Record<string, string> {
  const passed = Object.entries(process.env).filter(([name]) => /^(https?|no)_proxy$/i.test(name));
  return {
    ...Object.fromEntries(passed.map(([name, value]) => [name, value ?? ''])),
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    DEBIAN_FRONTEND: 'noninteractive',
    npm_config_cafile: CERTIFICATES,
    ...env,
  };
}

const MOUNTS = 'mount --bind /proc "$0/proc" && mount --rbind /dev "$0/dev"';

function runStep(
  command: string,
  root: string,
  state: { workdir: string; env: Record<string, string> },
): void {
  const script = `${MOUNTS} && exec chroot "$0" /bin/sh -c "$1"`;
  const inside = `cd ${state.workdir} && ${command}`;
  must('unshare', ['--mount', '/bin/sh', '-c', script, root, inside], environment(state.env));
}

function copyStep(step: Step & { kind: 'copy' }, { root, built }: Site, workdir: string): void {
  const from = step.from === undefined ? TOP : built.get(step.from);
  if (from === undefined) throw new Error(`COPY --from=${step.from ?? ''}: no such stage`);
  const to = join(root, resolve(workdir, step.to));
  const intoDir = step.to.endsWith('/') || step.sources.length > 1;
  mkdirSync(intoDir ? to : dirname(to), { recursive: true });
  for (const source of step.sources) {
    const path = join(from, source);
    // As Docker does: of a directory its content is copied, not the directory itself.
    if (statSync(path).isDirectory()) must('cp', ['-a', '-T', path, to]);
    else must('cp', ['-a', path, to]);
  }
}

/**
 * Starts `command` in the image as its user, with a read-only root: only its volumes, `/tmp` and the bound directories
 * (host path -> path inside) can be written.
 */
export function startImage(
  image: Built,
  command: readonly string[],
  binds: Readonly<Record<string, string>>,
): ChildProcess {
  const mounts = Object.entries(binds).map(([outside, inside]) => {
    makeDir(image.root, inside);
    return `mount --bind ${outside} "$0${inside}"`;
  });
  const script = [
    'mount --bind "$0" "$0"',
    ...image.volumes.map((path) => `mount --bind "$0${path}" "$0${path}"`),
    ...mounts,
    'mount -t tmpfs tmpfs "$0/tmp"',
    MOUNTS,
    'mount -o remount,ro,bind "$0"',
    `exec chroot --userspec=${image.user} --groups= "$0" "$@"`,
  ].join(' && ');
  return spawn('unshare', ['--mount', '/bin/sh', '-c', script, image.root, ...command], {
    env: environment({ ...image.env, HOME: '/' }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function must(program: string, args: readonly string[], env?: Record<string, string>): void {
  const done = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: STEP_LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
    ...(env === undefined ? {} : { env }),
  });
  if (done.status === 0) return;
  const said = `${done.stdout}${done.stderr}`.slice(-3000);
  throw new Error(
    `${program} ${args.join(' ')} ended with ${String(done.status ?? done.error?.message)}:\n${said}`,
  );
}
