/**
 * Copies nobody has heard of: the daemon ended, or the call failed, between a copy and its row. They are looked at before
 * anything is copied. What the recorder did to the original meanwhile may have left them the only content there is.
 */
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { CopyDisk, CopyRow, CopyStore } from './copies.ts';
import type { During } from './take-over.ts';

/** Clips looked up at once. */
const SLICE = 256;

export interface UnheardDeps {
  readonly store: Pick<CopyStore, 'slice' | 'heard'>;
  readonly disk: Pick<CopyDisk, 'readCopies' | 'settleCopy'>;
  /** Roots, and the vault, that may be written to now. */
  readonly onlineRoots: () => readonly string[];
  /** The retention clock. */
  readonly nowMs: () => number;
  /** Whether a copy is worth reading; else it goes unread. */
  readonly matters: (copy: CopyRow) => boolean;
  readonly breathe: () => Promise<void>;
  readonly log: Log;
}

/** Reads each that `matters`, and says in its row what it is. Never rejects. `stopping`: nothing new is begun. */
export async function hearOfCopies(
  deps: UnheardDeps,
  during: During,
  stopping: () => boolean,
): Promise<void> {
  let after = -1;
  for (;;) {
    const rows = deps.store.slice(after, SLICE);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.clipId;
    for (const row of rows) {
      if (stopping()) return;
      if (!row.asked || !deps.onlineRoots().includes(row.placeId) || !deps.matters(row)) continue;
      try {
        await during(row.clipId, () => hearOf(deps, row));
      } catch (error) {
        const why = error instanceof FortnightError ? error.message : String(error);
        deps.log.warn('copy_not_heard_of', { placeId: row.placeId, clipId: row.clipId, why });
      }
    }
    await deps.breathe();
  }
}

/** What cannot be read stays asked for: another time, or with its clip. */
async function hearOf({ store, disk, nowMs }: UnheardDeps, row: CopyRow): Promise<void> {
  const [reading] = await disk.readCopies(row.placeId, [row]);
  if (reading === undefined || (reading.found === 'unreadable' && reading.errno !== 'ENOENT')) return;
  const there = await disk.settleCopy(row.placeId, row);
  if (there === (reading.found === 'read')) store.heard(row.placeId, reading, nowMs());
}
