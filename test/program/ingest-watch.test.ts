import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/base/clock.ts';
import type { CompiledLayout } from '../../src/clips/layouts/index.ts';
import { watchRoot, type Watching } from '../../src/ingest/watch.ts';
import { WAIT_MS } from '../support/hang.ts';
import { absolute, frigate, ingestLab } from '../support/ingest-lab.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
let watching: Watching | undefined;
const hints = new Set<string>();
let lost = 0;
let failures: unknown[] = [];

beforeEach(() => {
  dir = scratch();
  hints.clear();
  lost = 0;
  failures = [];
});
afterEach(async () => {
  await watching?.close();
  dir.remove();
});

const closesMs: CompiledLayout['closesMs'] = (path) => {
  const day = /^\d{4}-\d\d-\d\d/.exec(path)?.[0];
  return day === undefined ? null : Date.parse(day) + DAY_MS;
};

async function watch(flatDirs: string[], wallMs: number): Promise<void> {
  watching = watchRoot(
    { path: dir.path, layout: { closesMs }, flatDirs, wallMs },
    {
      hint: (path) => hints.add(path),
      lost: () => (lost += 1),
      failed: (error) => failures.push(error),
    },
  );
  // Watches are set asynchronously: the first event seen says that they are.
  await vi.waitFor(() => {
    appendFileSync(join(dir.path, 'ready'), '.');
    if (!flatDirs.includes('')) writeFileSync(join(dir.path, `ready-${Math.random()}`), '');
    expect(hints.size).toBeGreaterThan(0);
  }, WAIT_MS);
}

/** Watches this process holds, by the kernel's own account. */
function watches(): number {
  let count = 0;
  for (const fd of readdirSync('/proc/self/fd')) {
    const to = (() => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    })();
    if (to !== 'anon_inode:inotify') continue;
    count += readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')
      .split('\n')
      .filter((l) => l.startsWith('inotify')).length;
  }
  return count;
}

test('a new file and a renamed one give a hint of where to look', async () => {
  mkdirSync(join(dir.path, '2026-05-02/hall'), { recursive: true });
  await watch([], Date.parse('2026-05-02T12:00Z'));
  await vi.waitFor(() => {
    writeFileSync(join(dir.path, '2026-05-02/hall/a.tmp'), 'x');
    renameSync(join(dir.path, '2026-05-02/hall/a.tmp'), join(dir.path, '2026-05-02/hall/a.mp4'));
    expect([...hints]).toContain('2026-05-02/hall/a.mp4');
  }, WAIT_MS);
});

test('watches are of the order of open directories: neither files nor days that are over hold one', async () => {
  for (let day = 1; day <= 20; day += 1) {
    const at = `2026-05-${String(day).padStart(2, '0')}/hall`;
    mkdirSync(join(dir.path, at), { recursive: true });
    for (let i = 0; i < 50; i += 1) writeFileSync(join(dir.path, at, `${i}.mp4`), '');
  }
  mkdirSync(join(dir.path, '.fortnight/holds'), { recursive: true });
  const before = watches();
  await watch([], Date.parse('2026-05-20T12:00Z'));
  expect(watches() - before).toBeLessThanOrEqual(5);
  expect(watching!.directories()).toBeLessThanOrEqual(5);
});

test('a flat directory has one plain watch, which knows names byte for byte', async () => {
  for (let i = 0; i < 500; i += 1) writeFileSync(join(dir.path, `${i}.mp4`), '');
  const before = watches();
  await watch([''], HOUR_MS);
  expect(watches() - before).toBe(1);
  await vi.waitFor(() => {
    writeFileSync(absolute(dir.path, 'new \xff\n.mp4'), 'x');
    expect([...hints]).toContain('new \xff\n.mp4');
  }, WAIT_MS);
});

test('a name that is no text cannot be told where nobody watches byte for byte: the root is reconciled', async () => {
  await watch([], HOUR_MS);
  await vi.waitFor(() => {
    writeFileSync(absolute(dir.path, 'new \xff.mp4'), 'x');
    expect(lost).toBeGreaterThan(0);
  }, WAIT_MS);
});

test('a directory that cannot be watched is told, once there is no watch for it', () => {
  watching = watchRoot(
    { path: dir.path, layout: { closesMs }, flatDirs: ['', 'not there'], wallMs: HOUR_MS },
    { hint: () => undefined, lost: () => undefined, failed: (error) => failures.push(error) },
  );
  expect(failures).toHaveLength(1);
});

describe('lost events', () => {
  test('F-S27: cost time, never footage: 30,000 creations nobody heard of are found by the next reconcile', async () => {
    const lab = ingestLab();
    try {
      await lab.full();
      const startMs = Date.UTC(2026, 3, 1);
      mkdirSync(join(lab.root, '2026-04-01/00/hall'), { recursive: true });
      for (let i = 0; i < 30_000; i += 1) {
        const path = frigate('hall', startMs + i * 1000);
        if (i % 3600 === 0) mkdirSync(join(lab.root, path, '..'), { recursive: true });
        if (!existsSync(join(lab.root, path, '..')))
          mkdirSync(join(lab.root, path, '..'), { recursive: true });
        writeFileSync(join(lab.root, path), '');
      }
      lab.clock.advance(2 * HOUR_MS);
      const report = await lab.changed();
      expect(report).toMatchObject({ outcome: 'done', files: 30_000 });
      expect(lab.db.prepare('SELECT count(*) FROM clip WHERE state = 1').pluck().get()).toBe(30_000);
    } finally {
      await lab.close();
    }
  });
});
