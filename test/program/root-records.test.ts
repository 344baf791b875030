import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reservedRootStore } from '../../src/app/root-store.ts';
import { createAuditLog } from '../../src/audit/log.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { openIndex, type Db } from '../../src/db/open.ts';
import { createReserve, type Reserve } from '../../src/db/reserve.ts';
import { ensureRoots } from '../../src/db/roots.ts';
import type { RootChange, RootStore } from '../../src/roots/contract.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
let db: Db;
let reserve: Reserve;
let store: RootStore;

/** Too long for the room that is left in any page. */
const offline: RootChange = {
  state: 'offline',
  why: 'the disk is missing. '.repeat(5000),
  nowMs: 1,
  failing: null,
  recovery: null,
};
const allow = (pages: number): void => {
  db.pragma(`max_page_count = ${String(pages)}`);
};

beforeEach(() => {
  dir = scratch();
  db = openIndex(join(dir.path, 'index.db'));
  ensureRoots(db, [{ id: 'nvr', root: dir.path }], 0);
  writeFileSync(join(dir.path, 'reserve'), 'a reserve');
  reserve = createReserve(join(dir.path, 'reserve'));
  const audit = createAuditLog(createAuditStore(db), new SimulatedClock(0), () => undefined);
  store = reservedRootStore({ db, audit, reserve });
  allow(db.pragma('page_count', { simple: true }) as number);
});
afterEach(() => {
  db.close();
  dir.remove();
});

test('a change of state on a full disk uses the reserve, then tells that it is not recorded', () => {
  expect(store.changed('nvr', offline)).toBe(false);
  expect(existsSync(join(dir.path, 'reserve'))).toBe(false);
  expect(reserve.gone).toBe(false);
  expect(store.changed('nvr', offline)).toBe(false);
  expect(reserve.gone).toBe(true);
  allow(1_000_000);
  expect(store.changed('nvr', offline)).toBe(true);
  expect(db.prepare('SELECT count(*) FROM audit').pluck().get()).toBe(1);
});

test('what a person confirms is refused when it cannot be recorded, and nothing is confirmed', () => {
  const by = { actor: 'fatima '.repeat(5000), listSeq: 0, standing: 0, rootSeq: 1 };
  expect(() => {
    store.holdsConfirmed('nvr', by);
  }).toThrow('the audit cannot be written');
  expect(store.all()[0]?.recovery).toBeNull();
});
