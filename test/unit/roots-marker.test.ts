import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../../src/base/ids.ts';
import { NotContained, openRootDir } from '../../src/disk/handle.ts';
import { MarkerDamaged, readMarker, writeMarker } from '../../src/disk/marker.ts';
import { openForReading, openVerified } from '../../src/disk/verified-root.ts';
import type { Marker } from '../../src/roots/root.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
beforeEach(() => (dir = scratch()));
afterEach(() => {
  dir.remove();
});

const marker: Marker = { format: 1, rootUuid: newId(), installId: newId(), lastHoldSeq: 0 };
const expected = { rootUuid: marker.rootUuid, installId: marker.installId };

function enrol(path = dir.path, content: Marker = marker): void {
  const root = openRootDir(path);
  writeMarker(root, content);
  root.close();
}

function read(): Marker | undefined {
  const root = openRootDir(dir.path);
  try {
    return readMarker(root);
  } finally {
    root.close();
  }
}

function verify(): string {
  const got = openVerified(dir.path, expected);
  got.root?.close();
  return got.root === undefined ? got.state : 'ours';
}

test('a marker that was written is read back, and leaves no temporary file', () => {
  expect(read()).toBeUndefined();
  enrol();
  enrol(dir.path, { ...marker, lastHoldSeq: 7 });
  expect(read()).toEqual({ ...marker, lastHoldSeq: 7 });
  expect(readdirSync(join(dir.path, '.fortnight'))).toEqual(['marker.json']);
});

test('a temporary file left by a crash does not stop the next marker', () => {
  mkdirSync(join(dir.path, '.fortnight'));
  writeFileSync(join(dir.path, '.fortnight/marker.json.new'), 'torn');
  enrol();
  expect(read()).toEqual(marker);
});

test.each([
  ['no JSON', 'marker'],
  ['an unknown field', JSON.stringify({ ...marker, more: 1 })],
  ['another format', JSON.stringify({ ...marker, format: 2 })],
  ['an id that is no UUID', JSON.stringify({ ...marker, rootUuid: '../..' })],
  ['too long', JSON.stringify(marker) + ' '.repeat(5000)],
])('a marker with %s is damaged, and its root is foreign', (_, text) => {
  enrol();
  writeFileSync(join(dir.path, '.fortnight/marker.json'), text);
  expect(read).toThrow(MarkerDamaged);
  expect(verify()).toBe('foreign');
});

test('a marker behind a link is not read', () => {
  enrol();
  renameSync(join(dir.path, '.fortnight'), join(dir.path, 'elsewhere'));
  symlinkSync('elsewhere', join(dir.path, '.fortnight'));
  expect(read).toThrow(NotContained);
  expect(verify()).toBe('offline');
});

test('only the root that was enrolled is opened as ours', () => {
  expect(verify()).toBe('offline');
  enrol();
  expect(verify()).toBe('ours');
  enrol(dir.path, { ...marker, rootUuid: newId() });
  expect(verify()).toBe('foreign');
  enrol(dir.path, { ...marker, installId: newId() });
  expect(verify()).toBe('foreign');
  rmSync(join(dir.path, '.fortnight'), { recursive: true });
  expect(verify()).toBe('offline');
});

test('a missing root, a file in its place and a link to it are offline', () => {
  const path = join(dir.path, 'root');
  expect(openVerified(path, expected)).toMatchObject({ state: 'offline' });
  writeFileSync(path, '');
  expect(openVerified(path, expected)).toMatchObject({ state: 'offline' });
  rmSync(path);
  mkdirSync(join(dir.path, 'real'));
  enrol(join(dir.path, 'real'));
  symlinkSync('real', path);
  expect(openVerified(path, expected)).toMatchObject({ state: 'offline' });
  expect(existsSync(join(dir.path, 'real/.fortnight/marker.json'))).toBe(true);
});

test('the place of a root changes when another directory takes its path', () => {
  const path = join(dir.path, 'root');
  const places = ['a', 'b'].map((name) => {
    mkdirSync(path);
    enrol(path);
    const got = openForReading(path, expected);
    if (got.root === undefined) throw new Error(got.why);
    got.root.close();
    renameSync(path, join(dir.path, name));
    return got.place;
  });
  expect(places[0]).not.toBe(places[1]);
});

test('a directory the service may not write to is read-only', (ctx) => {
  if (process.getuid?.() === 0) ctx.skip('root may write everywhere');
  enrol();
  chmodSync(join(dir.path, '.fortnight'), 0o500);
  expect(verify()).toBe('readonly');
  chmodSync(join(dir.path, '.fortnight'), 0o700);
});

test('the marker and its directory are private to the service', () => {
  enrol();
  expect(statSync(join(dir.path, '.fortnight')).mode & 0o777).toBe(0o700);
  expect(statSync(join(dir.path, '.fortnight/marker.json')).mode & 0o777).toBe(0o600);
});
