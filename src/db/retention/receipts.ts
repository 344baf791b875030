/** Receipts of deleted clips: what proves a deletion without naming the file. */
import type { TimeRange } from '../../base/range.ts';
import type { Receipt } from '../../clips/store.ts';
import type { Db } from '../open.ts';

interface ReceiptRow {
  clip_id: number;
  camera_id: string;
  start_ms: number;
  end_ms: number;
  due_ms: number;
  size_bytes: number;
  outcome: Receipt['outcome'];
  reason: Receipt['reason'];
  intent_seq: number;
  terminal_seq: number;
  at_ms: number;
}

const COLUMNS = `clip_id, camera.id AS camera_id, start_ms, end_ms, due_ms, size_bytes, outcome, reason, intent_seq,
  terminal_seq, at_ms`;

/** Outcomes after which the file is gone. */
export const GONE = "('deleted','deleted_recovered','already_gone')";

/** How far before a window a receipt's clip may have started and still reach into it. */
const REACH_MS = 49 * 3_600_000;

export interface ReceiptReader {
  receipt(clipId: number): Receipt | undefined;
  receipts(cameraId: string, window: TimeRange, limit: number): Receipt[];
  receiptCount(cameraId: string, window: TimeRange): number;
}

export function createReceiptReader(db: Db): ReceiptReader {
  const one = db.prepare<[number], ReceiptRow>(
    `SELECT ${COLUMNS} FROM receipt JOIN camera ON camera.n = receipt.camera_n
     WHERE clip_id = ? AND outcome IN ${GONE} ORDER BY terminal_seq DESC LIMIT 1`,
  );
  const many = db.prepare<{ camera: string; from: number; to: number; limit: number }, ReceiptRow>(
    `SELECT ${COLUMNS} FROM receipt JOIN camera ON camera.n = receipt.camera_n
     WHERE camera.id = @camera AND start_ms >= @from - ${String(REACH_MS)} AND start_ms < @to AND end_ms > @from
       AND outcome IN ${GONE} ORDER BY start_ms LIMIT @limit`,
  );
  const count = db.prepare<{ camera: string; from: number; to: number }, { n: number }>(
    `SELECT count(*) AS n FROM receipt
     WHERE camera_n = (SELECT n FROM camera WHERE id = @camera) AND start_ms >= @from - ${String(REACH_MS)}
       AND start_ms < @to AND end_ms > @from AND outcome IN ${GONE}`,
  );
  return {
    receiptCount: (cameraId, window) =>
      count.get({ camera: cameraId, from: window.fromMs, to: window.toMs })?.n ?? 0,
    receipt: (clipId) => {
      const row = one.get(clipId);
      return row && toReceipt(row);
    },
    receipts: (cameraId, window, limit) =>
      many.all({ camera: cameraId, from: window.fromMs, to: window.toMs, limit }).map(toReceipt),
  };
}

function toReceipt(row: ReceiptRow): Receipt {
  return {
    clipId: row.clip_id,
    cameraId: row.camera_id,
    startMs: row.start_ms,
    endMs: row.end_ms,
    dueMs: row.due_ms,
    sizeBytes: row.size_bytes,
    outcome: row.outcome,
    reason: row.reason,
    intentSeq: row.intent_seq,
    terminalSeq: row.terminal_seq,
    atMs: row.at_ms,
  };
}
