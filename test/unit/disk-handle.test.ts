import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnds, END_BYTES } from '../../src/disk/content.ts';
import { DirHandle, displayName, NotContained, openBelow, openRootDir } from '../../src/disk/handle.ts';
import { mounts } from '../../src/disk/mounts.ts';
import { openFileBelow } from '../../src/disk/open-file.ts';
import { walk } from '../../src/disk/walk.ts';
import { absolute } from '../support/ingest-lab.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
let root: DirHandle;
beforeEach(() => {
  dir = scratch();
  root = openRootDir(dir.path);
});
afterEach(() => {
  root.close();
  dir.remove();
});

test('a link is never entered or opened, whatever it leads to', () => {
  mkdirSync(join(dir.path, 'real'));
  writeFileSync(join(dir.path, 'real/clip'), 'x');
  symlinkSync('real', join(dir.path, 'dir-link'));
  symlinkSync('real/clip', join(dir.path, 'file-link'));
  expect(() => root.openDir('dir-link')).toThrow(NotContained);
  expect(() => root.openFile('file-link')).toThrow(NotContained);
  expect(() => root.openEntry('file-link')).toThrow(NotContained);
  expect(() => openBelow(root, 'dir-link')).toThrow(NotContained);
  closeSync(openBelow(root, 'real').openFile('clip'));
});

test('a file is reached component by component, by no link and with nothing left open', () => {
  mkdirSync(join(dir.path, 'a/b'), { recursive: true });
  writeFileSync(join(dir.path, 'a/b/clip'), 'footage');
  symlinkSync('b', join(dir.path, 'a/link'));
  symlinkSync('clip', join(dir.path, 'a/b/clip-link'));
  const open = (): string[] => readdirSync('/proc/self/fd');
  const before = open().length;
  const { fd, stat } = openFileBelow(root, { dir: 'a/b', name: 'clip' });
  expect(stat).toMatchObject({ kind: 'file', sizeBytes: 7 });
  expect(stat.ino).toBe(statSync(join(dir.path, 'a/b/clip'), { bigint: true }).ino);
  closeSync(fd);
  const refused = [
    ['a/link', 'clip'],
    ['a/b', 'clip-link'],
    ['a', 'b'],
    ['a/..', 'a'],
    ['', 'a/b/clip'],
  ] as const;
  for (const [below, name] of refused)
    expect(() => openFileBelow(root, { dir: below, name })).toThrow(NotContained);
  expect(open().length).toBe(before);
});

test('a file of another mount than the one of its root is not opened', () => {
  const elsewhere = new DirHandle(root.fd, 'another');
  writeFileSync(join(dir.path, 'clip'), 'footage');
  const before = readdirSync('/proc/self/fd').length;
  expect(() => openFileBelow(elsewhere, { dir: '', name: 'clip' })).toThrow(NotContained);
  expect(readdirSync('/proc/self/fd').length).toBe(before);
});

test('what is no regular file is not opened as one, and a FIFO is never waited for', () => {
  mkdirSync(join(dir.path, 'd'));
  execFileSync('mkfifo', [join(dir.path, 'fifo')]);
  for (const name of ['d', 'fifo']) expect(() => root.openFile(name)).toThrow(NotContained);
  writeFileSync(join(dir.path, 'f'), '');
  expect(() => root.openDir('f')).toThrow(NotContained);
});

test.each(['', '.', '..', 'a/b', '../x', 'a\0b'])('%j is no name of one component', (name) => {
  expect(() => root.stat(name)).toThrow(NotContained);
  expect(() => {
    root.unlink(name);
  }).toThrow(NotContained);
});

test('names are walked byte for byte, in byte order, in every directory', () => {
  const names = ['\xff\xfe', '-rf', 'a\nb', 'x'.repeat(255), '\xe9', '\x01', '\\'];
  mkdirSync(join(dir.path, '.fortnight'));
  writeFileSync(join(dir.path, '.fortnight/marker.json'), '');
  mkdirSync(join(dir.path, 'sub'));
  for (const name of names) {
    writeFileSync(absolute(dir.path, name), 'x');
    writeFileSync(absolute(dir.path, `sub/${name}`), 'x');
  }
  const seen = [...walk(root)].flatMap((s) =>
    s.is === 'chunk' ? [[s.path, s.entries.map((e) => e.name)]] : [],
  );
  const sorted = [...names].sort();
  expect(seen).toEqual([
    ['', sorted],
    ['sub', sorted],
  ]);
});

test('F-S26: a large directory comes in chunks that leave no name between them', () => {
  for (let i = 0; i < 1203; i += 1) writeFileSync(join(dir.path, String(i)), '');
  const chunks = [...walk(root)].filter((s) => s.is === 'chunk');
  expect(chunks.map((c) => c.entries.length)).toEqual([500, 500, 203]);
  chunks.forEach((chunk, i) => {
    expect(chunk.after).toBe(i === 0 ? null : chunks[i - 1]?.upTo);
  });
  expect(chunks.at(-1)?.upTo).toBeNull();
});

test('times beyond what the index can hold count as its last', () => {
  writeFileSync(join(dir.path, 'late'), '');
  utimesSync(join(dir.path, 'late'), 12_000_000_000, 12_000_000_000);
  expect(root.stat('late')?.mtimeNs).toBeLessThanOrEqual(2n ** 63n - 1n);
});

test.each([
  ['plain text', 'hall 1.mp4', 'hall 1.mp4'],
  ['UTF-8', Buffer.from('zaal één', 'utf8').toString('latin1'), 'zaal één'],
  ['an escape for terminals', '\x1b[2J', '\\u{1b}[2J'],
  ['a text turned right to left', Buffer.from('a\u202eb', 'utf8').toString('latin1'), 'a\\u{202e}b'],
  ['bytes that are no text', 'a\xffb', 'aÿb'],
])('a person is shown %s so that it cannot act', (_, bytes, shown) => {
  expect(displayName(bytes)).toBe(shown);
});

test('the ends of a file are read once, and the fingerprint knows each of their bytes and the size', () => {
  const prints = new Map<string, string>();
  const read = (name: string, content: Buffer): string => {
    writeFileSync(join(dir.path, name), content);
    const fd = root.openFile(name);
    const ends = readEnds(fd, content.length)!;
    closeSync(fd);
    expect(ends.head).toEqual(content.subarray(0, END_BYTES));
    expect(ends.tail).toEqual(content.subarray(Math.max(0, content.length - END_BYTES)));
    return ends.fingerprint;
  };
  for (const size of [0, 1, END_BYTES, END_BYTES + 1, 2 * END_BYTES, 2 * END_BYTES + 1, 5 * END_BYTES]) {
    const content = Buffer.alloc(size, 1);
    prints.set(`${size}`, read('f', content));
    if (size === 0) continue;
    content[size - 1] = 2;
    prints.set(`${size} last`, read('f', content));
    content[size - 1] = 1;
    content[0] = 2;
    if (size > 1) prints.set(`${size} first`, read('f', content));
  }
  expect(new Set(prints.values()).size).toBe(prints.size);
  const fd = root.openFile('f');
  expect(readEnds(fd, 5 * END_BYTES + 1)).toBeUndefined();
  closeSync(fd);
});

test('the mount table is read with its escapes undone, whatever optional fields a line has', () => {
  const text =
    '36 35 98:0 / /mnt/a\\040b rw,noatime shared:1 master:2 - ext4 /dev/x rw\n37 35 0:5 / /proc rw - proc proc rw\n';
  expect(mounts(text)).toEqual([
    {
      id: '36',
      device: '98:0',
      point: '/mnt/a b',
      type: 'ext4',
      source: '/dev/x',
      options: ['rw', 'noatime', 'rw'],
    },
    { id: '37', device: '0:5', point: '/proc', type: 'proc', source: 'proc', options: ['rw', 'rw'] },
  ]);
});
