import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

describe('an index of the oldest Fortnight', () => {
  const oldest = (path: string): Database.Database => {
    const db = new Database(path);
    db.exec(readFileSync(new URL('../tools/schema-1.sql', import.meta.url), 'utf8'));
    db.pragma('user_version = 1');
    return db;
  };
  /** What a schema means: comments, quotes and layout apart. */
  const schemaOf = (db: Database.Database): string[] =>
    (db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').pluck().all() as string[])
      .map((sql) =>
        sql
          .replace(/--.*$/gm, '')
          .replace(/\s+/g, ' ')
          .replace(/ ([,)])/g, '$1'),
      )
      .sort();

  it('is migrated to exactly the fresh schema', () => {
    oldest(join(dir.path, 'old.db')).close();
    const [migrated, fresh] = [openIndex(join(dir.path, 'old.db')), openIndex(join(dir.path, 'new.db'))];
    expect(schemaOf(migrated)).toEqual(schemaOf(fresh));
    expect(migrated.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    migrated.close();
    fresh.close();
  });

  it('keeps its copies: each lies below the root of its clip', () => {
    const old = oldest(join(dir.path, 'old.db'));
    old.exec(`INSERT INTO root (n, id, path, state, state_since_ms) VALUES (3, 'nvr', '/srv/nvr', 'online', 0);
      INSERT INTO copy (clip_id, root_n, source_ino, size_bytes, state, ino, mtime_ns, sha256, made_ms, found, read_ms)
      VALUES (7, 3, 99, 5, 1, 98, 2, x'ab', 4, 0, 6)`);
    old.close();
    const db = openIndex(join(dir.path, 'old.db'));
    const wanted = { clip_id: 7, root_n: 3, source_n: 3, source_ino: 99, size_bytes: 5, state: 1, ino: 98 };
    expect(db.prepare('SELECT * FROM copy').all()).toMatchObject([
      { ...wanted, mtime_ns: 2, sha256: Buffer.from([0xab]), made_ms: 4, found: 0, read_ms: 6 },
    ]);
    db.close();
  });
});
