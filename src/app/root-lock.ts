/** The lock of a root: its file is reached by descriptor (disk/), the lock itself is SQLite's (db/). */
import { quoted } from '../base/printable.ts';
import { takeLock, type Lock } from '../db/lock.ts';
import { openLockFile } from '../disk/own-dir.ts';
import type { RootAddress } from '../roots/contract.ts';
import { addressOf } from './sweeping.ts';

/**
 * Throws `state_locked` when another daemon acts on the root, `root_refused` or `storage_failed` when it is no place
 * for a lock.
 */
export function lockRoot(at: RootAddress): Lock {
  const file = openLockFile(addressOf(at));
  try {
    const lock = takeLock(file.path, `the root ${quoted(at.path)}`, file.fd);
    return {
      release: () => {
        lock.release();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}
