/**
 * Where footage was deleted, as merged spans. A day of a camera is thousands of receipts, and the page asks for a
 * fortnight of every camera: spans are kept per hour once read, and new receipts are added to them as they come.
 */
import { HOUR_MS } from '../../base/clock.ts';
import { clamp, merge, type TimeRange } from '../../base/range.ts';
import type { Db } from '../open.ts';
import { GONE } from '../retention/receipts.ts';

/** Hours kept; beyond, all are read again when they are asked for. */
const MAX_HOURS = 50_000;
/** More new receipts than this at once (a backlog went) are not worth adding one by one. */
const MAX_NEW = 20_000;
/** A clip that began this many hours before a window may still reach into it. */
const REACH_HOURS = 2;

/** Clips that were deleted one after the other were one recording: shorter pauses are not told apart any more. */
const JOIN_MS = 60_000;

interface NewReceipt {
  id: number;
  camera_n: number;
  start_ms: number;
  end_ms: number;
}

export class DeletedSpans {
  readonly #number;
  readonly #head;
  readonly #since;
  readonly #ofHour;
  readonly #hours = new Map<string, TimeRange[]>();
  /** Receipts up to this one are in the hours that are kept. */
  #seenId = 0;

  constructor(db: Db) {
    this.#number = db.prepare<[string], number>('SELECT n FROM camera WHERE id = ?').pluck();
    this.#head = db.prepare<[], number | null>('SELECT max(id) FROM receipt').pluck();
    this.#since = db.prepare<[number, number], NewReceipt>(
      `SELECT id, camera_n, start_ms, end_ms FROM receipt WHERE id > ? AND outcome IN ${GONE} ORDER BY id LIMIT ?`,
    );
    this.#ofHour = db.prepare<[number, number, number], { fromMs: number; toMs: number }>(
      `SELECT start_ms AS fromMs, end_ms AS toMs FROM receipt
       WHERE camera_n = ? AND start_ms >= ? AND start_ms < ? AND outcome IN ${GONE}`,
    );
  }

  /** Spans of the window, merged. */
  of(cameraId: string, window: TimeRange): TimeRange[] {
    this.#catchUp();
    const camera = this.#number.get(cameraId);
    if (camera === undefined) return [];
    const spans: TimeRange[] = [];
    const first = Math.floor(window.fromMs / HOUR_MS) - REACH_HOURS;
    const last = Math.ceil(window.toMs / HOUR_MS);
    for (let hour = first; hour < last; hour += 1) spans.push(...this.#hour(camera, hour));
    return merge(spans, JOIN_MS).flatMap((span) => clamp(span, window) ?? []);
  }

  #hour(camera: number, hour: number): TimeRange[] {
    const key = `${String(camera)} ${String(hour)}`;
    const kept = this.#hours.get(key);
    if (kept !== undefined) return kept;
    const read = merge(this.#ofHour.all(camera, hour * HOUR_MS, (hour + 1) * HOUR_MS), JOIN_MS);
    if (this.#hours.size >= MAX_HOURS) this.#hours.clear();
    this.#hours.set(key, read);
    return read;
  }

  #catchUp(): void {
    const head = this.#head.get() ?? 0;
    if (head === this.#seenId) return;
    const fresh = this.#since.all(this.#seenId, MAX_NEW);
    if (fresh.length === MAX_NEW) this.#hours.clear();
    for (const receipt of fresh) {
      const key = `${String(receipt.camera_n)} ${String(Math.floor(receipt.start_ms / HOUR_MS))}`;
      const kept = this.#hours.get(key);
      if (kept !== undefined)
        this.#hours.set(key, merge([...kept, { fromMs: receipt.start_ms, toMs: receipt.end_ms }], JOIN_MS));
    }
    this.#seenId = head;
  }
}
