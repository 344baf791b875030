import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemFiles, type FileCalls } from '../../src/base/file-calls.ts';
import { openJournal } from '../../src/holds/journal.ts';
import { holdOver } from '../support/sweeping.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const KEY = Buffer.alloc(32, 5);
let dir: Scratch;
let path: string;

beforeEach(() => {
  dir = scratch();
  path = join(dir.path, 'holds.journal');
});
afterEach(() => {
  dir.remove();
});

it('makes durable what it finds before it believes it: who wrote the last line may have died before its fsync', () => {
  openJournal(path, KEY).append(holdOver(['hall'], 0, 1000));
  let synced = 0;
  const files: FileCalls = {
    ...systemFiles,
    fsyncSync: (fd) => {
      synced += 1;
      systemFiles.fsyncSync(fd);
    },
  };
  expect(openJournal(path, KEY, files).entries).toHaveLength(1);
  expect(synced).toBe(1);
});

it('cuts a torn last line off, and takes the next version in its place', () => {
  openJournal(path, KEY).append(holdOver(['hall'], 0, 1000));
  appendFileSync(path, '{"mac":"12');
  const journal = openJournal(path, KEY);
  expect(journal.entries).toHaveLength(1);
  expect(journal.append(holdOver(['hall'], 0, 1000, { version: 2 }))).toBe(2);
  expect(openJournal(path, KEY).entries.map((e) => e.version.version)).toEqual([1, 2]);
});
