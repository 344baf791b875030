/**
 * The whole daemon as a process on a box whose wall clock is somebody else's (libfaketime). In a mount namespace of its
 * own, so that the flag of systemd-timesyncd is the test's, and so is the file that tells how long the box is up.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { stringify } from 'yaml';
import { callDaemon } from '../../src/cli/control-client.ts';
import { Status } from '../../src/http/api/index.ts';
import { validTree } from '../tools/config-file.ts';
import { DAY } from './footage.ts';
import { until, WAIT_MS } from './hang.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const asRoot = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
/**
 * Mounts of the box alone. libfaketime keeps what it shares under the number of its process, and goes by what an earlier
 * process of that number has left there, or waits for it for ever.
 */
const OWN_SHARED = 'mount -t tmpfs none /dev/shm';
const preload = spawnSync(
  'unshare',
  [...asRoot, '/bin/sh', '-c', `${OWN_SHARED} && exec faketime -m now printenv LD_PRELOAD`],
  { encoding: 'utf8', timeout: WAIT_MS },
);

/** Why these tests cannot run here; undefined when they can. */
export function whyNot(): string | undefined {
  const installed = spawnSync('faketime', ['--version'], { timeout: WAIT_MS });
  if (installed.error !== undefined) return 'faketime is not installed';
  if (preload.status !== 0) return `no mount namespace of our own is allowed here: ${preload.stderr.trim()}`;
  return undefined;
}

/** Often enough that the daemon, which looks once a second, sees the boot clock go. */
const UPTIME_MS = 100;

export interface BoxOptions {
  readonly trust?: 'synchronised' | 'rtc';
  /** True time when it is made, UTC ms; the machine's own time when left out. */
  readonly livesAtMs?: number;
  readonly timeZone?: string;
}

export class ClockBox {
  readonly dir = mkdtempSync(join(tmpdir(), 'fn-clock-'));
  readonly #run = join(this.dir, 'run');
  readonly #offsetFile = join(this.dir, 'offset');
  readonly #stateDir = join(this.dir, 'state');
  readonly #timeZone: string;
  readonly #uptime = openSync(join(this.dir, 'uptime'), 'w');
  readonly #ticking: NodeJS.Timeout;
  /** True time against the machine's: another date, and what the box has slept through. */
  #trueAheadMs: number;
  /** The boot clock against the machine's. */
  #bootAheadMs = 0;
  #offsetMs = 0;
  #rate = 1;
  #child: ChildProcess | undefined;
  #output = '';

  constructor({ trust = 'synchronised', livesAtMs = Date.now(), timeZone = 'UTC' }: BoxOptions = {}) {
    this.#trueAheadMs = livesAtMs - Date.now();
    this.#timeZone = timeZone;
    this.#tick();
    this.#ticking = setInterval(() => {
      this.#tick();
    }, UPTIME_MS);
    mkdirSync(this.#run);
    this.setWall(0);
    const tree = { ...validTree(this.dir), clock: { trust }, metrics: { enabled: false }, http: { port: 0 } };
    writeFileSync(join(this.dir, 'fortnight.yaml'), stringify(tree), { mode: 0o600 });
  }

  /** The wall clock is true time and this; 0: it is right. */
  setWall(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    const aheadMs = this.#trueAheadMs + offsetMs;
    const rate = this.#rate === 1 ? '' : ` x${String(this.#rate)}`;
    writeFileSync(this.#offsetFile, `${aheadMs < 0 ? '' : '+'}${String(aheadMs / 1000)}${rate}\n`);
  }

  /** From the next start on the wall clock goes this much faster than time. */
  drift(rate: number): void {
    this.#rate = rate;
    this.setWall(0);
  }

  trueMs(): number {
    return Date.now() + this.#trueAheadMs;
  }

  wallMs(): number {
    return this.trueMs() + this.#offsetMs;
  }

  /** Time passes while the box sleeps: every clock of the box goes on but the monotonic one. */
  sleep(ms: number): void {
    this.#trueAheadMs += ms;
    this.#bootAheadMs += ms;
    this.#tick();
    this.setWall(this.#offsetMs);
  }

  /** Time passes while the box is off. */
  async off(ms: number): Promise<void> {
    await this.stop();
    this.#trueAheadMs += ms;
    await this.reboot(this.#offsetMs);
  }

  async start(): Promise<void> {
    const mounts = `${OWN_SHARED} && mount --bind "$0/run" /run && mount --bind "$0/uptime" /proc/uptime`;
    // Of the daemon only: what runs before it would make that anew.
    const faked = `LD_PRELOAD=${preload.stdout.trim()}`;
    const program = [process.execPath, MAIN, 'run', '--config', join(this.dir, 'fortnight.yaml')];
    const child = spawn(
      'unshare',
      [...asRoot, '/bin/sh', '-c', `${mounts} && exec env "$@"`, this.dir, faked, ...program],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
          HOME: this.dir,
          TZ: this.#timeZone,
          FAKETIME_TIMESTAMP_FILE: this.#offsetFile,
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          FAKETIME_CACHE_DURATION: '1',
        },
      },
    );
    this.#output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (this.#output += part.toString()));
    this.#child = child;
    await this.until(() => Promise.resolve(this.#output.includes('"event":"started"')));
    await this.until(() => this.status().then(() => true));
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || endOf(child) !== undefined) return;
    child.kill('SIGTERM');
    try {
      await once(child, 'exit', { signal: AbortSignal.timeout(WAIT_MS) });
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`the daemon does not end when it is told to: ${this.#output}`, { cause: error });
    }
  }

  /** The box was off: the index was last written in another boot. */
  async reboot(wallOffsetMs: number): Promise<void> {
    await this.stop();
    const db = new Database(join(this.#stateDir, 'index.db'));
    // This machine has not just started: what its boot clock shows already is taken from the boot before.
    db.prepare("UPDATE retention_clock SET boot_id = 'the boot before', r_ms = r_ms - ?").run(
      Math.round(uptime() * 1000),
    );
    this.#bootAheadMs = 0;
    this.#tick();
    db.close();
    // It was told the clock of this boot.
    rmSync(join(this.dir, 'rec/.fortnight/head'), { force: true });
    this.unvouch();
    this.setWall(wallOffsetMs);
    await this.start();
  }

  /** systemd-timesyncd says that the wall clock is right as it is. */
  vouch(): void {
    const flag = join(this.#run, 'systemd/timesync/synchronized');
    mkdirSync(dirname(flag), { recursive: true });
    writeFileSync(flag, '');
    utimesSync(flag, this.wallMs() / 1000, this.wallMs() / 1000);
  }

  /** The time source has gone. */
  unvouch(): void {
    rmSync(join(this.#run, 'systemd'), { recursive: true, force: true });
  }

  /** As after a minute: the clock is stored, and what the wall clock says is weighed. */
  async again(): Promise<void> {
    await this.stop();
    await this.start();
    await this.settled();
  }

  /** The clock was set right and checked once; then nobody is there to check it. */
  async vouchedOnce(): Promise<void> {
    this.vouch();
    await this.again();
    const { clock } = await this.status();
    if (clock.state !== 'trusted' || !clock.synchronised) throw new Error('the clock is not believed');
    this.unvouch();
  }

  async status(): Promise<Status> {
    return Status.parse(await this.call('status'));
  }

  /** The status once the daemon has seen the wall clock as it is set. */
  async settled(): Promise<Status> {
    let seen: Status | undefined;
    await this.until(async () => {
      seen = await this.status();
      return Math.abs(seen.wallMs - Math.max(0, this.wallMs())) < 1500;
    });
    return seen as unknown as Status;
  }

  call(op: string): Promise<unknown> {
    return callDaemon(join(this.#stateDir, 'control.sock'), op, {});
  }

  /** Puts a file where the recorder of the camera would, ended so long ago by true time; finished, since nobody writes to it. */
  footage(ageMs: number): string {
    const endMs = this.trueMs() - ageMs;
    const at = new Date(endMs).toISOString();
    const path = join(
      this.dir,
      'rec',
      at.slice(0, 10),
      at.slice(11, 13),
      'front_door',
      `${at.slice(14, 16)}.${at.slice(17, 19)}.mp4`,
    );
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'not a real recording');
    utimesSync(path, endMs / 1000, endMs / 1000);
    return path;
  }

  /** Finds what is new and deletes what is due. */
  async sweep(): Promise<void> {
    await this.call('reconcile');
    await this.call('retention.sweep');
  }

  async remove(): Promise<void> {
    await this.stop();
    clearInterval(this.#ticking);
    closeSync(this.#uptime);
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** In place and in one write: whoever reads it meanwhile reads a number. */
  #tick(): void {
    const seconds = (uptime() + this.#bootAheadMs / 1000).toFixed(2).padStart(15, '0');
    writeSync(this.#uptime, `${seconds} 0.00\n`, 0);
  }

  /** Waits until it is so, and asks the daemon for `op` each time; throws when the daemon ends. */
  async until(probe: () => Promise<boolean>, op?: string): Promise<void> {
    await until(
      async () => {
        const ended = this.#child && endOf(this.#child);
        if (ended !== undefined) throw new Error(`the daemon ended with ${ended}: ${this.#output}`);
        if (await probe().catch(() => false)) return true;
        if (op !== undefined) await this.call(op);
        return false;
      },
      () => `${String(probe)}\n${this.#output}`,
    );
  }
}

/** With what a process ended; undefined: it has not. */
function endOf({ exitCode, signalCode }: ChildProcess): string | undefined {
  if (exitCode === null && signalCode === null) return undefined;
  return signalCode ?? String(exitCode);
}

export { DAY, existsSync as exists };
