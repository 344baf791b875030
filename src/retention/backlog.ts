/**
 * How far a backlog is worked off, by root: how many clips are left, how fast they go, when the last one will. For what
 * has piled up while the box was off or deletion was blocked; what goes within seconds is no backlog.
 */
import { MINUTE_MS, SECOND_MS } from '../base/clock.ts';

/** Fewer due clips than this are an ordinary sweep. */
export const BACKLOG_MIN = 1000;
/** The speed is that of the last so many milliseconds. */
const WINDOW_MS = MINUTE_MS;

export interface Backlog {
  readonly left: number;
  /** Clips that went per second lately; 0 while none has. */
  readonly perSecond: number;
  /** Milliseconds until the last one goes, at that speed; null while none goes. */
  readonly leftMs: number | null;
}

interface Running {
  left: number;
  beganMs: number;
  batches: { readonly atMs: number; readonly clips: number }[];
}

/** All times are of a clock that only advances. */
export class BacklogMeter {
  readonly #running = new Map<string, Running>();

  /** A sweep of a root begins, with so many clips due. */
  begin(rootId: string, due: number, atMs: number): void {
    const known = this.#running.get(rootId);
    if (due < BACKLOG_MIN) this.#running.delete(rootId);
    else if (known === undefined) this.#running.set(rootId, { left: due, beganMs: atMs, batches: [] });
    else known.left = due;
  }

  /** A batch is over. */
  gone(rootId: string, clips: number, atMs: number): void {
    const backlog = this.#running.get(rootId);
    if (backlog === undefined) return;
    backlog.left -= clips;
    backlog.batches.push({ atMs, clips });
    const first = backlog.batches.findIndex((b) => b.atMs > atMs - WINDOW_MS);
    backlog.batches.splice(0, first);
    if (backlog.left <= 0) this.#running.delete(rootId);
  }

  /** Null when there is none. */
  of(rootId: string, nowMs: number): Backlog | null {
    const backlog = this.#running.get(rootId);
    if (backlog === undefined) return null;
    const recent = backlog.batches.filter((b) => b.atMs > nowMs - WINDOW_MS);
    const tookMs = Math.max(SECOND_MS, Math.min(WINDOW_MS, nowMs - backlog.beganMs));
    const perSecond = (recent.reduce((sum, b) => sum + b.clips, 0) * SECOND_MS) / tookMs;
    const leftMs = perSecond === 0 ? null : Math.round((backlog.left / perSecond) * SECOND_MS);
    return { left: backlog.left, perSecond, leftMs };
  }
}
