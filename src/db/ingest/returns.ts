/** Files that come back after their deletion was proven: a disk that lied about its cache, a backup put back. */
import type { AuditLog } from '../../audit/log.ts';
import type { ClipFile } from '../../clips/change.ts';
import type { Reckoning } from '../../clips/index-writer.ts';
import type { Db } from '../open.ts';
import { hashPath, pathKeyOf } from '../retention/sweep.ts';

export interface Returns {
  /** When a receipt says that this finished file was deleted, it keeps the due moment it had. Whether it did. */
  makeDue(
    clipId: number,
    file: ClipFile,
    batch: { readonly rootId: string; readonly at: Reckoning },
  ): boolean;
  /** Must be called before the first clip of a batch. */
  startBatch(): void;
  /** One record for the returned clips of a batch. */
  record(rootId: string, clipIds: readonly number[]): void;
}

interface ReceiptRow {
  readonly due_ms: number;
  readonly at_ms: number;
}

export function createReturns(db: Db, audit: AuditLog): Returns {
  const any = db.prepare<[], number>('SELECT 1 FROM receipt LIMIT 1').pluck();
  const key = pathKeyOf(db);
  const find = db.prepare<[Buffer, number], ReceiptRow>(
    `SELECT due_ms, at_ms FROM receipt WHERE path_hash = ? AND size_bytes = ?
       AND outcome IN ('deleted', 'deleted_recovered', 'already_gone') ORDER BY at_ms DESC LIMIT 1`,
  );
  const makeDue = db.prepare('UPDATE clip SET due_ms = min(due_ms, ?) WHERE id = ? AND due_ms IS NOT NULL');
  let anyReceipt = true;
  const receipt = (rootId: string, file: ClipFile): ReceiptRow | undefined => {
    if (!anyReceipt) return undefined;
    const path = file.dir === '' ? file.name : `${file.dir}/${file.name}`;
    const found = find.get(hashPath(key(), rootId, path), file.sizeBytes);
    return found !== undefined && couldBe(file, found) ? found : undefined;
  };
  return {
    startBatch: () => {
      anyReceipt = any.get() !== undefined;
    },
    makeDue: (clipId, file, { rootId, at }) => {
      const found = receipt(rootId, file);
      if (found === undefined) return false;
      makeDue.run(Math.min(found.due_ms, at.nowMs), clipId);
      return true;
    },
    record: (rootId, clipIds) => {
      if (clipIds.length === 0) return;
      audit.append({
        kind: 'clip_returned',
        actor: 'system',
        payload: { root: rootId, clips: [...clipIds] },
      });
    },
  };
}

/**
 * A name with a time in it is written once. One without is written over and over by recorders that go round in a ring,
 * with files of one size: such a file is the deleted one only when it was last written before the deletion.
 */
function couldBe(file: ClipFile, receipt: ReceiptRow): boolean {
  return file.startsMs.length > 0 || Number(file.mtimeNs / 1_000_000n) <= receipt.at_ms;
}
