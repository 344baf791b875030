/** A sweep of five batches that is killed while two of them are under way, and what must be true after the next. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { verifyChain, everyRecord } from '../../src/audit/verify.ts';
import { HOUR_MS } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { DAY, T0, makeFootage } from '../support/footage.ts';
import { PROCESS_HANG_MS } from '../support/hang.ts';
import { MEMORY, writable } from './scene.ts';

/** Two clips a batch: clips of different hours never share one. Each batch touches both directories. */
const DUE = Array.from({ length: 10 }, (_, i) => `${i % 2 === 0 ? 'entrance' : 'other'}/${String(i)}.mp4`);

export const strace = spawnSync('strace', ['-V']).status === 0;

/** Calls after which something is durable or gone. */
export const CALLS = ['unlink', 'fsync', 'pwrite64'] as const;

export interface Overlap {
  /** Runs the sweep with these faults of strace; whether it was killed. `when` counts for each thread apart. */
  sweep(...faults: readonly string[]): boolean;
  /** Intents that have no end yet. */
  openIntents(): number;
  /** Sweeps once more, undisturbed, and checks every invariant. */
  expectSound(): void;
  remove(): void;
}

/** `entry`: the subject as `bundleSubject` makes it. */
export function makeOverlap(entry: string): Overlap {
  const dir = mkdtempSync(join(writable(MEMORY) ? MEMORY : tmpdir(), 'fortnight-overlap-'));
  const f = makeFootage({ dir });
  for (const [i, name] of DUE.entries()) {
    const startMs = T0 - 20 * DAY + Math.floor(i / 2) * HOUR_MS + i * 10_000;
    f.add(name, { startMs, endMs: startMs + 10_000 });
  }
  f.add('entrance/new.mp4', { startMs: T0 - DAY, endMs: T0 - DAY + 10_000 });
  f.db.close();
  const has = (name: string): boolean => existsSync(join(dir, 'footage', name));
  const withIndex = <T>(look: (db: Database.Database) => T): T => {
    const db = new Database(join(dir, 'state', 'index.db'), { readonly: true });
    try {
      return look(db);
    } finally {
      db.close();
    }
  };
  const one = (sql: string): unknown => withIndex((db) => db.prepare(sql).pluck().get());
  return {
    sweep: (...faults) => {
      const inject = faults.flatMap((fault) => ['-e', `inject=${fault}`]);
      const under = faults.length === 0 ? [] : ['strace', '-f', '-qq', '-o', '/dev/null', ...inject];
      const [command, ...args] = [...under, process.execPath, entry, dir];
      const env = { ...process.env, NODE_COMPILE_CACHE: join(entry, '..', 'cache') };
      return spawnSync(command, args, { timeout: PROCESS_HANG_MS, stdio: 'ignore', env }).status !== 0;
    },
    openIntents: () => Number(one('SELECT count(DISTINCT intent_seq) FROM clip WHERE state = 2')),
    expectSound() {
      expect(this.sweep(), 'the next sweep ends').toBe(false);
      expect(checkState({ stateDir: join(dir, 'state') }, 'size').findings).toEqual([]);
      expect(DUE.filter(has), 'I2: all that is due goes').toEqual([]);
      expect(has('entrance/new.mp4'), 'I3: nothing goes before it is due').toBe(true);
      const intents = one("SELECT count(*) FROM audit WHERE kind = 'deletion_intent'");
      expect(one('SELECT count(DISTINCT intent_seq) FROM receipt'), 'I4: each intent ends').toBe(intents);
      expect(one('SELECT count(DISTINCT terminal_seq) FROM receipt'), 'I4: ... once').toBe(intents);
      expect(one('SELECT count(*) FROM receipt'), 'I4: one deletion, one receipt').toBe(DUE.length);
      const chain = withIndex((db) => verifyChain(everyRecord(createAuditStore(db))));
      expect(chain, 'I11: the chain is whole').toMatchObject({ ok: true });
    },
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
