import Database from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { createUntilChanged } from '../../src/db/until-changed.ts';

let db: Database.Database;
let asked: number;
let name: (id: number) => string | undefined;

beforeEach(() => {
  db = new Database(':memory:');
  db.exec(`PRAGMA foreign_keys = ON;
    CREATE TABLE camera (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE clip (id INTEGER PRIMARY KEY, name TEXT, camera INTEGER REFERENCES camera (id) ON DELETE CASCADE);
    INSERT INTO camera VALUES (1, 'hall');
    INSERT INTO clip VALUES (1, 'first', 1), (2, 'second', NULL);`);
  asked = 0;
  const find = db.prepare<[number], string>('SELECT name FROM clip WHERE id = ?').pluck();
  name = createUntilChanged(db)((id) => {
    asked += 1;
    return find.get(id);
  });
});

test('what nothing has changed is asked for once', () => {
  expect([name(1), name(2), name(1), name(1)]).toEqual(['first', 'second', 'first', 'first']);
  expect(asked).toBe(2);
});

test('a change of any row, also by a cascade, makes it be asked for again', () => {
  name(1);
  db.exec("UPDATE clip SET name = 'other' WHERE id = 1");
  expect(name(1)).toBe('other');
  db.exec('DELETE FROM camera');
  expect(name(1)).toBeUndefined();
});

test('what is not there is asked for each time', () => {
  expect(name(3)).toBeUndefined();
  db.exec("INSERT INTO clip VALUES (3, 'third', NULL)");
  expect(name(3)).toBe('third');
});

test('what is read inside a transaction is not kept: it may be rolled back', () => {
  name(1);
  expect(() => {
    db.transaction(() => {
      db.exec("UPDATE clip SET name = 'never' WHERE id = 1");
      expect(name(1)).toBe('never');
      throw new Error('rolled back');
    })();
  }).toThrow('rolled back');
  expect(name(1)).toBe('first');
});

test('no more than a bounded number of answers is kept', () => {
  db.exec(
    'WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 209) INSERT INTO clip SELECT i, i, NULL FROM n',
  );
  for (let id = 10; id < 210; id += 1) name(id);
  expect(asked).toBe(200);
  name(10);
  expect(asked).toBe(201);
});
