/**
 * Numbered migrations, each in one transaction with its version number: killed half way, it is as if it never began.
 * A test migrates the oldest database and compares it with a fresh one.
 */
import { readFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { FortnightError } from '../base/errors.ts';

/** From nothing to SCHEMA_VERSION. */
const fresh = (): string => readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');

/** A copy may lie in the vault: its row says where, and of which source it is. */
const VAULT = `
ALTER TABLE copy RENAME TO copy_before;
CREATE TABLE copy (
  clip_id       INTEGER NOT NULL,
  root_n        INTEGER NOT NULL REFERENCES root (n),
  source_n      INTEGER NOT NULL REFERENCES root (n),
  source_ino    INTEGER NOT NULL,
  size_bytes    INTEGER NOT NULL,
  state         INTEGER NOT NULL CHECK (state IN (0,1,2,3,4)),
  ino           INTEGER,
  mtime_ns      INTEGER,
  sha256        BLOB,
  made_ms       INTEGER,
  why           TEXT,
  found         INTEGER CHECK (found IN (0,1,2,3,4)),
  found_ms      INTEGER,
  found_why     TEXT,
  decoded_ms    INTEGER,
  short_ms      INTEGER,
  errors        INTEGER,
  read_ms       INTEGER,
  PRIMARY KEY (clip_id, source_ino, root_n),
  CHECK (state NOT IN (1,4) OR (ino IS NOT NULL AND mtime_ns IS NOT NULL AND sha256 IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO copy SELECT clip_id, root_n, root_n, source_ino, size_bytes, state, ino, mtime_ns, sha256, made_ms, why, found,
  found_ms, found_why, decoded_ms, short_ms, errors, read_ms FROM copy_before;
DROP TABLE copy_before;
CREATE INDEX copy_read ON copy (coalesce(read_ms, made_ms)) WHERE state IN (1,4);
CREATE INDEX copy_found ON copy (found, clip_id) WHERE state IN (1,4);
`;

/** UPGRADES[i] leads from version i + 1 to i + 2. Never edit one that was released. */
const UPGRADES: readonly string[] = [VAULT];

export const SCHEMA_VERSION = UPGRADES.length + 1;

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
  if (version === 0) step(db, fresh(), SCHEMA_VERSION);
  else
    UPGRADES.slice(version - 1).forEach((script, i) => {
      step(db, script, version + i + 1);
    });
}

function step(db: Database, script: string, version: number): void {
  db.transaction(() => {
    db.exec(script);
    db.pragma(`user_version = ${String(version)}`);
  }).immediate();
}
