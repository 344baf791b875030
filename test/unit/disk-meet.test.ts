import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemFiles, type FileCalls } from '../../src/base/file-calls.ts';
import { openRootDir, type DirHandle } from '../../src/disk/handle.ts';
import { meetFile, readContent, type HowToRead } from '../../src/disk/read-content.ts';
import { walk } from '../../src/disk/walk.ts';

const makeTempDir = (): string => mkdtempSync(join(tmpdir(), 'fortnight-meet-'));

const HOW: HowToRead = {
  mounts: false,
  probe: ({ head, tail, sizeBytes }) => ({
    ok: false,
    reason: `${String(sizeBytes)}: ${String(head.length)} from ${String(head[0])}, ${String(tail.length)} to ${String(tail.at(-1))}`,
    arbiter: false,
  }),
};

const LONG_AFTER = Date.now() + 3_600_000;

const meet = (dir: DirHandle, name: string, sinceMs: number): ReturnType<typeof meetFile> =>
  meetFile(dir, { name, kind: 'video', sinceMs }, HOW);

test.each([0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073, 400_000])(
  'a file of %i bytes met for the first time is read as one that was listed',
  (size) => {
    const root = makeTempDir();
    writeFileSync(
      join(root, 'a'),
      Buffer.alloc(size).map((_, i) => (i * 7 + 3) % 251),
    );
    const dir = openRootDir(root);
    const stat = dir.stat('a')!;
    const met = meet(dir, 'a', LONG_AFTER);
    expect(met?.stat).toEqual(stat);
    expect(met?.content).toBeDefined();
    expect(met?.content).toEqual(readContent(dir, { ...stat, name: 'a', kind: 'video' }, HOW));
    dir.close();
  },
);

test('of a file written to since the scan began only the look is given, whatever its mtime says', () => {
  const root = makeTempDir();
  writeFileSync(join(root, 'a'), 'now');
  utimesSync(join(root, 'a'), 1e9, 1e9);
  const dir = openRootDir(root);
  expect(meet(dir, 'a', Date.now() - 60_000)).toEqual({ stat: dir.stat('a'), content: undefined });
  dir.close();
});

test('a file that changes while it is read gives no content', () => {
  const root = makeTempDir();
  writeFileSync(join(root, 'a'), Buffer.alloc(400_000));
  const dir = openRootDir(root);
  const probe: HowToRead['probe'] = () => {
    truncateSync(join(root, 'a'), 300_000);
    return { ok: false, reason: '', arbiter: false };
  };
  const met = meetFile(dir, { name: 'a', kind: 'video', sinceMs: LONG_AFTER }, { mounts: false, probe });
  expect(met?.stat.sizeBytes).toBe(400_000);
  expect(met?.content).toBeUndefined();
  dir.close();
});

test('a link, a FIFO, a directory and nothing at all are not met', () => {
  const root = makeTempDir();
  writeFileSync(join(root, 'a'), 'a');
  symlinkSync('a', join(root, 'link'));
  mkdirSync(join(root, 'dir'));
  spawnSync('mkfifo', [join(root, 'fifo')]);
  const dir = openRootDir(root);
  for (const name of ['link', 'fifo', 'dir', 'none']) expect(meet(dir, name, LONG_AFTER)).toBeUndefined();
  dir.close();
});

test('regular files that are not known come without a look; links, directories and known names with one', () => {
  const root = makeTempDir();
  for (const name of ['known', 'new']) writeFileSync(join(root, name), name);
  symlinkSync('new', join(root, 'link'));
  mkdirSync(join(root, 'dir'));
  const dir = openRootDir(root);
  const steps = walk(dir, { enter: () => true, unchanged: () => false, known: () => new Set(['known']) });
  const chunks = [...steps].filter((s) => s.is === 'chunk');
  expect(chunks.map((c) => [c.path, c.entries.map((e) => e.name), c.fresh])).toEqual([
    ['', ['known', 'link'], ['new']],
    ['dir', [], []],
  ]);
  dir.close();
});

test('where the file system tells no types every name is looked at, also one that is not text', () => {
  const root = makeTempDir();
  writeFileSync(Buffer.from(`${root}/\xe9.mp4`, 'latin1'), 'a');
  mkdirSync(join(root, 'dir'));
  writeFileSync(join(root, 'dir', 'b.mp4'), 'b');
  const readdirSync = ((path: string, options: { withFileTypes?: boolean }) => {
    if (options.withFileTypes === true) throw Object.assign(new Error('no such name'), { code: 'ENOENT' });
    return systemFiles.readdirSync(path, { encoding: 'latin1' });
  }) as FileCalls['readdirSync'];
  const dir = openRootDir(root, { ...systemFiles, readdirSync });
  const options = { enter: () => true, known: () => new Set<string>() };
  const compared = [...walk(dir, { ...options, unchanged: () => false })]
    .filter((s) => s.is === 'chunk')
    .map((s) => [s.path, s.entries.map((e) => e.name), s.fresh]);
  expect(compared).toEqual([
    ['', ['\xe9.mp4'], []],
    ['dir', ['b.mp4'], []],
  ]);
  const passedOver = [...walk(dir, { ...options, unchanged: () => true })].map((s) => [s.is, s.path]);
  expect(passedOver).toEqual([
    ['chunk', ''],
    ['unchanged', 'dir'],
  ]);
  dir.close();
});
