/**
 * The record of looking: `view_start` is durable before the first byte leaves (I7), `view_end` follows with what was
 * seen when the window has been quiet for ten minutes, at log-out, or at stop; after a crash, at the next start.
 * Records that arrive within ten milliseconds share one fsync.
 */
import { HOUR_MS } from '../base/clock.ts';
import { clamp, type TimeRange } from '../base/range.ts';
import type { Append, Ledger } from './ledger.ts';
import { purposeKey, purposePayload, type Purpose } from './purpose.ts';
import type { Session } from './session.ts';
import { hoursOf, VIEW_QUIET_MS, withSpan, type ViewStore, type ViewWindow } from './view-window.ts';

export const GROUP_COMMIT_MS = 10;
export const MAX_OPEN_WINDOWS = 10_000;

export type ViewEnd = 'quiet' | 'session_closed' | 'purpose_ended' | 'stop' | 'crowded' | 'unknown';

export interface Look {
  readonly session: Session;
  readonly purpose: Purpose;
  readonly cameraId: string;
  /** The footage that the bytes may show. */
  readonly range: TimeRange;
  readonly nowMs: number;
}

/** Permission to send, with its record written. */
export interface Admission {
  /** Counts what was sent; its windows stay open. */
  count(bytes: number, nowMs: number): void;
}

export interface ViewGateParts {
  readonly store: ViewStore;
  readonly ledger: Ledger;
  /** Told of every window that opens, for the metrics. */
  readonly onOpened: (window: ViewWindow) => void;
}

interface Pending {
  readonly window: Omit<ViewWindow, 'startSeq'>;
  readonly opened: PromiseWithResolvers<ViewWindow>;
}

export class ViewGate {
  readonly #parts: ViewGateParts;
  /** In order of last use, so that the first is the one longest quiet. */
  readonly #open = new Map<string, ViewWindow>();
  readonly #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ViewGateParts) {
    this.#parts = parts;
  }

  /** Ends what an earlier run left open: nobody knows any more what was seen. */
  recover(): void {
    const { store, ledger } = this.#parts;
    const left = store.leftovers();
    if (left.length === 0) return;
    ledger.commit((append) => {
      for (const w of left) {
        store.close(w);
        const { sessionId: session, cameraId: camera, startSeq } = w;
        append({
          kind: 'view_end',
          actor: w.userName,
          payload: { session, camera, startSeq, why: 'unknown' },
        });
      }
    });
  }

  /**
   * Resolves when a durable record names this look; one look may need several windows (a clip over the full hour).
   * Throws `audit_unavailable`: then not a byte may leave.
   */
  async admit(look: Look): Promise<Admission> {
    const windows = await Promise.all(hoursOf(look.range).map((hourMs) => this.#windowOf(look, hourMs)));
    for (const window of windows) {
      window.requests += 1;
      const hour = { fromMs: window.hourMs, toMs: window.hourMs + HOUR_MS };
      window.spans = withSpan(window.spans, clamp(look.range, hour) ?? look.range);
      this.#use(window, look.nowMs);
    }
    const [first] = windows;
    return {
      count: (bytes, nowMs) => {
        if (first !== undefined) first.bytes += bytes;
        for (const window of windows) this.#use(window, nowMs);
      },
    };
  }

  /** Ends the windows of a session: it was closed, or its purpose ended. */
  endSession(sessionId: string, why: ViewEnd): void {
    this.#flush();
    this.#end(
      [...this.#open.values()].filter((w) => w.sessionId === sessionId),
      why,
    );
  }

  /** Ends windows nobody looked through for ten minutes; each second. */
  tick(nowMs: number): void {
    this.#end(
      [...this.#open.values()].filter((w) => nowMs - w.lastMs >= VIEW_QUIET_MS),
      'quiet',
    );
  }

  /** Ends every window, at shut-down. */
  stop(): void {
    this.#flush();
    this.#end([...this.#open.values()], 'stop');
  }

  get size(): number {
    return this.#open.size;
  }

  #windowOf(look: Look, hourMs: number): Promise<ViewWindow> {
    const key = JSON.stringify([look.session.id, look.cameraId, hourMs, purposeKey(look.purpose)]);
    const open = this.#open.get(key);
    if (open !== undefined) return Promise.resolve(open);
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending.opened.promise;
    const opened = Promise.withResolvers<ViewWindow>();
    const window = {
      key,
      sessionId: look.session.id,
      userName: look.session.account.userName,
      cameraId: look.cameraId,
      hourMs,
      purpose: look.purpose,
      requests: 0,
      bytes: 0,
      spans: [],
      lastMs: look.nowMs,
    };
    this.#pending.set(key, { window, opened });
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, GROUP_COMMIT_MS);
    return opened.promise;
  }

  /** Writes what waits, in one transaction: all of it or nothing, and the waiting learn which. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    if (waiting.length === 0) return;
    try {
      const windows = this.#parts.ledger.commit((append) =>
        waiting.map((p) => this.#start(append, p.window)),
      );
      windows.forEach((window, i) => {
        this.#open.set(window.key, window);
        this.#parts.onOpened(window);
        waiting[i]?.opened.resolve(window);
      });
    } catch (error) {
      for (const p of waiting) p.opened.reject(error);
      return;
    }
    this.#makeRoom();
  }

  #start(append: Append, window: Pending['window']): ViewWindow {
    const { sessionId: session, cameraId: camera, hourMs, purpose } = window;
    const startSeq = append({
      kind: 'view_start',
      actor: window.userName,
      payload: { session, camera, hourMs, ...purposePayload(purpose) },
    });
    const started = { ...window, startSeq };
    this.#parts.store.open(started);
    return started;
  }

  #end(windows: readonly ViewWindow[], why: ViewEnd): void {
    if (windows.length === 0) return;
    this.#parts.ledger.commit((append) => {
      for (const window of windows) {
        this.#parts.store.close(window);
        append({ kind: 'view_end', actor: window.userName, payload: endOf(window, why) });
      }
    });
    for (const window of windows) this.#open.delete(window.key);
  }

  #use(window: ViewWindow, nowMs: number): void {
    window.lastMs = Math.max(window.lastMs, nowMs);
    if (this.#open.delete(window.key)) this.#open.set(window.key, window);
  }

  #makeRoom(): void {
    const excess = this.#open.size - MAX_OPEN_WINDOWS;
    if (excess > 0) this.#end([...this.#open.values()].slice(0, excess), 'crowded');
  }
}

function endOf(window: ViewWindow, why: ViewEnd): { [key: string]: string | number | number[][] } {
  const { sessionId: session, cameraId: camera, hourMs, startSeq, requests, bytes } = window;
  const seen = window.spans.map((s) => [s.fromMs, s.toMs]);
  return { session, camera, hourMs, startSeq, requests, bytes, seen, why };
}
