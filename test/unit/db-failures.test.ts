import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStorageFailure, tellFailures, telling } from '../../src/db/failures.ts';
import { openIndex, type Db } from '../../src/db/open.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
let db: Db;
let told: unknown[];
beforeEach(() => {
  dir = scratch();
  mkdirSync(join(dir.path, 'state'));
  db = openIndex(join(dir.path, 'state', 'index.db'));
  told = [];
  tellFailures(db, (error) => told.push(error));
});
afterEach(() => {
  db.close();
  dir.remove();
});

const failed = new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');

describe('F-P8: a disk that fails below the state directory', () => {
  it.each(['deferred', 'immediate', 'exclusive'] as const)(
    'is told by a transaction that begins %s',
    (way) => {
      const work = db.transaction(() => {
        throw failed;
      });
      expect(() => {
        work[way]();
      }).toThrow(failed);
      expect(told).toEqual([failed]);
    },
  );

  it('is not written to any more', () => {
    const add = db.prepare("INSERT INTO camera VALUES (1, 'hall')");
    const work = db.transaction(() => {
      throw failed;
    });
    expect(() => {
      work();
    }).toThrow(failed);
    expect(() => add.run()).toThrow(/readonly/);
    expect(() => db.transaction(() => add.run())()).toThrow(/readonly/);
    expect(told).toHaveLength(1);
  });

  it('is told by a statement that runs by itself, once', () => {
    db.function('fail', () => {
      throw failed;
    });
    const alone = db.prepare("INSERT INTO camera VALUES (fail(), 'hall')");
    expect(() => alone.run()).toThrow(failed);
    expect(() => db.transaction(() => alone.run())()).toThrow();
    expect(told).toEqual([failed]);
  });

  it('is told by a file of its own, for the reason that lies behind', () => {
    const error = new Error('the journal', { cause: Object.assign(new Error('read'), { code: 'EIO' }) });
    expect(() =>
      telling(
        (e) => told.push(e),
        () => {
          throw error;
        },
      ),
    ).toThrow(error);
    expect(told).toEqual([error]);
  });

  it('is no disk that is full, nor a statement that was refused', () => {
    const full = db.transaction(() => {
      throw new Database.SqliteError('full', 'SQLITE_FULL');
    });
    expect(() => {
      full.immediate();
    }).toThrow('full');
    expect(() => db.transaction(() => db.exec('INSERT INTO root (id) VALUES (1)'))()).toThrow(/NOT NULL/);
    expect(told).toEqual([]);
    expect(isStorageFailure(failed)).toBe(true);
  });

  it('changes nothing about transactions that end well', () => {
    const add = db.transaction((a: number, b: number) => a + b);
    expect([add(1, 2), add.immediate(3, 4)]).toEqual([3, 7]);
    expect(told).toEqual([]);
  });
});
