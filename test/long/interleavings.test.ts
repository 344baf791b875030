import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MINUTE_MS } from '../../src/base/clock.ts';
import { report } from './report.ts';

/** INTERLEAVINGS of them from INTERLEAVING_FROM on; INTERLEAVING_MINUTES: as many as come about in that time. */
const count = Number(process.env['INTERLEAVINGS'] ?? 1_000_000);
const from = Number(process.env['INTERLEAVING_FROM'] ?? 20_001);
const minutes = Number(process.env['INTERLEAVING_MINUTES'] ?? 230);
const CORES = 2;
/** What one interleaving leaves is garbage for the next: collected seldom, by the core that made it. */
const MEMORY = ['--max-semi-space-size=32', '--single-threaded-gc'];
const WORKER = fileURLToPath(new URL('interleavings-worker.ts', import.meta.url));

interface Told {
  readonly count: number;
  readonly orders: number;
  readonly failed: string | null;
}

test(
  `in ${String(count)} more interleavings no hold is broken or forgotten`,
  { timeout: (minutes + 5) * MINUTE_MS },
  async () => {
    const each = Math.ceil(count / CORES);
    const begins = Array.from({ length: CORES }, (_, i) => from + i * each);
    const told = await Promise.all(
      begins.map((begin) => share(begin, Math.min(begin + each, from + count) - 1)),
    );
    const sum = (of: (t: Told) => number): string => String(told.reduce((all, t) => all + of(t), 0));
    report(`interleavings: ${sum((t) => t.count)}, of which ${sum((t) => t.orders)} differ in their order`);
    expect(told.flatMap((t) => t.failed ?? [])).toEqual([]);
  },
);

function share(begin: number, end: number): Promise<Told> {
  const worker = fork(WORKER, [String(begin), String(end), String(minutes * MINUTE_MS)], {
    execArgv: MEMORY,
  });
  return new Promise((resolve, reject) => {
    worker.on('message', (told) => {
      resolve(told as Told);
    });
    worker.on('error', reject).on('exit', (code) => {
      if (code !== 0) reject(new Error(`the worker ended with ${String(code)}`));
    });
  });
}
