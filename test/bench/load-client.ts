/** Loads a server from a process of its own, and tells what it got and what that cost the server. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

export interface Target {
  readonly name: string;
  readonly scheme: 'tls' | 'plain';
  readonly port: number;
  readonly path: string;
  readonly cookie: string;
  readonly sizeMib: number;
  /** Process of the server. */
  readonly pid: number;
}

export interface Load {
  readonly mbPerSecond: number;
  /** By the processor time of the server: what else runs on the machine does not show in it. */
  readonly mbPerCpuSecond: number;
}

const TLS_CLIENT = fileURLToPath(new URL('./load.ts', import.meta.url));
const PLAIN_CLIENT = fileURLToPath(new URL('./discard.pl', import.meta.url));
/** USER_HZ of Linux, on every architecture we run on. */
const TICKS_PER_SECOND = 100;

export async function loadOf(target: Target, seconds: number): Promise<Load> {
  const before = cpuSeconds(target.pid);
  const { stdout } = await promisify(execFile)(...clientOf(target, seconds), { encoding: 'utf8' });
  const { bytes, tookMs } = JSON.parse(stdout) as { bytes: number; tookMs: number };
  if (bytes === 0) throw new Error(`${target.name} sent nothing`);
  const cpu = Math.max(cpuSeconds(target.pid) - before, 1 / TICKS_PER_SECOND);
  return { mbPerSecond: bytes / 1e3 / tookMs, mbPerCpuSecond: bytes / 1e6 / cpu };
}

function clientOf(target: Target, seconds: number): [string, string[]] {
  const { scheme, port, path, cookie, sizeMib } = target;
  const task = { port, path, cookie, sizeMib, seconds };
  return scheme === 'tls'
    ? [process.execPath, [TLS_CLIENT, JSON.stringify(task)]]
    : ['perl', [PLAIN_CLIENT, ...Object.values(task).map(String)]];
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
