import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockRoot } from '../../src/app/root-lock.ts';
import { takeLock } from '../../src/db/lock.ts';
import { openLockFile } from '../../src/disk/own-dir.ts';
import { enrol } from '../../src/disk/root-probe.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';
import { fresh } from '../support/roots.ts';

const rootUuid = '6f4c1b9e-3c5f-4d4e-9a55-0d8f9d3f8f01';
const installId = '6f4c1b9e-3c5f-4d4e-9a55-0d8f9d3f8f02';

let dir: Scratch;
let path: string;
let lockPath: string;

beforeEach(() => {
  dir = scratch();
  path = join(dir.path, 'nvr');
  lockPath = join(path, '.fortnight/daemon.lock');
  mkdirSync(path);
  enrol(path, { marker: { format: 1, rootUuid, installId, lastHoldSeq: 0 }, over: fresh(path) });
});
afterEach(() => {
  dir.remove();
});

const lock = (uuid = rootUuid): { release(): void } => lockRoot({ path, rootUuid: uuid, installId });

test('a root is locked once, and again after its release', () => {
  const first = lock();
  expect(() => takeLock(lockPath, 'it')).toThrow('another Fortnight');
  first.release();
  lock().release();
});

test('a link in the place of the lock is refused, and what it points to is not made', () => {
  symlinkSync(join(dir.path, 'elsewhere'), lockPath);
  expect(() => lock()).toThrow('something else than our lock');
  expect(existsSync(join(dir.path, 'elsewhere'))).toBe(false);
});

test('a second name of another file in the place of the lock is refused', () => {
  writeFileSync(join(dir.path, 'secret'), 'kept');
  linkSync(join(dir.path, 'secret'), lockPath);
  expect(() => lock()).toThrow('something else than our lock');
  expect(readFileSync(join(dir.path, 'secret'), 'utf8')).toBe('kept');
});

test('a root that is not the one expected is not locked, and gets no lock file', () => {
  expect(() => lock('6f4c1b9e-3c5f-4d4e-9a55-0d8f9d3f8f03')).toThrow('another root');
  expect(existsSync(lockPath)).toBe(false);
});

test('a file that was put in the place of the lock after it was opened is noticed', () => {
  const file = openLockFile({ path, expected: { rootUuid, installId } });
  const other = join(dir.path, 'other');
  writeFileSync(other, '');
  renameSync(lockPath, `${lockPath}.away`);
  symlinkSync(other, lockPath);
  expect(() => takeLock(file.path, 'the root', file.fd)).toThrow('cannot be taken');
  file.close();
});
