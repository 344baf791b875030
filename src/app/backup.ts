/** Which parts of the state directory a backup takes: what cannot be made again. No footage, no pictures. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { errnoOf, FortnightError } from '../base/errors.ts';
import { programVersion } from '../base/version.ts';
import { writeBackup, type KeptFile } from '../db/backup.ts';

const DIRECTORIES = ['keys', 'tls'];
export const JOURNAL = 'holds.journal';
export const INDEX = 'index.db';

/**
 * Writes a backup to `target`, whether the daemon runs or not. Throws `not_found` without a state, and what
 * `writeBackup` throws.
 */
export function backUpState(stateDir: string, target: string, clock: Pick<Clock, 'wallMs'>): void {
  if (readIfThere(join(stateDir, 'keys', 'install.id')) === undefined) {
    throw new FortnightError('not_found', 'there is no state to back up', {
      hint: 'has the daemon been started with this configuration?',
    });
  }
  // A version of a hold is in the journal before it is in the index: the journal is read after the index was copied.
  const files = (): KeptFile[] =>
    [
      JOURNAL,
      ...DIRECTORIES.flatMap((dir) => namesIn(join(stateDir, dir)).map((name) => `${dir}/${name}`)),
    ].flatMap((name) => {
      const bytes = readIfThere(join(stateDir, name));
      return bytes === undefined ? [] : [{ name, bytes }];
    });
  writeBackup(join(stateDir, INDEX), target, { files, madeMs: clock.wallMs(), program: programVersion() });
}

/** Undefined when there is none. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return [];
  }
}
