import { afterEach, beforeEach, expect, it } from 'vitest';
import { join } from 'node:path';
import { SCHEMA_VERSION } from '../../src/db/migrate.ts';
import { openIndex } from '../../src/db/open.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => {
  dir.remove();
});

it('F-D7: an index of a newer Fortnight is refused with 78 and left as it is', () => {
  const path = join(dir.path, 'index.db');
  const newer = SCHEMA_VERSION + 1;
  const db = openIndex(path);
  db.pragma(`user_version = ${String(newer)}`);
  expect(() => openIndex(path)).toThrow(
    expect.objectContaining({ code: 'state_newer', exitCode: 78 }) as Error,
  );
  expect(db.pragma('user_version', { simple: true })).toBe(newer);
  db.close();
});

it('F-D7: a migration that fails half way is as if it had never begun', () => {
  const path = join(dir.path, 'index.db');
  const db = openIndex(path);
  db.exec('DROP TABLE alarm; DROP TABLE view_window; PRAGMA user_version = 0;');
  const before = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  // The whole schema again: its first table is there already.
  expect(() => openIndex(path)).toThrow(/already exists/);
  expect(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(before);
  expect(db.pragma('user_version', { simple: true })).toBe(0);
  db.close();
});
