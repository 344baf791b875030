/**
 * Numbered migrations, each in one transaction with its version number: killed half way, it is as if it never began.
 * A test migrates the oldest database and compares it with a fresh one.
 */
import { readFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { FortnightError } from '../base/errors.ts';

/** MIGRATIONS[i] leads from version i to i + 1. The first is the whole schema. Never edit one that was released. */
const MIGRATIONS: readonly (() => string)[] = [
  () => readFileSync(new URL('./schema.sql', import.meta.url), 'utf8'),
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings a database to SCHEMA_VERSION. Refuses one that a newer Fortnight has written. */
export function migrate(db: Database): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new FortnightError(
      'state_newer',
      `the index has version ${String(version)}, this program knows ${String(SCHEMA_VERSION)}`,
      {
        hint: 'run the newer Fortnight again, or restore the state from before the upgrade',
      },
    );
  }
  MIGRATIONS.slice(version).forEach((script, i) => {
    db.transaction(() => {
      db.exec(script());
      db.pragma(`user_version = ${String(version + i + 1)}`);
    }).immediate();
  });
}
