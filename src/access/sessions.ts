/**
 * The sessions that live. Held in memory and in the index: a look-up costs nothing, a restart signs nobody out.
 * A session that is over by the clock is refused at once; its record follows within a second (`tick`).
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { MINUTE_MS } from '../base/clock.ts';
import { newId, newToken } from '../base/ids.ts';
import type { Account } from './account.ts';
import { ifRecordable, type Append, type Ledger } from './ledger.ts';
import {
  expiry,
  MAX_SESSIONS_PER_ACCOUNT,
  type Session,
  type SessionEnd,
  type SessionStore,
} from './session.ts';

/** Use is written this often: after a crash a session may look idle for at most this much longer than it was. */
const WRITE_USE_MS = MINUTE_MS;

export interface Opened {
  /** The cookie's value; known to the browser only. */
  readonly token: string;
  readonly session: Session;
  /** Sessions closed to keep to the limit: hand them to `announce` after the commit. */
  readonly closed: readonly Session[];
}

export class Sessions {
  readonly #store: SessionStore;
  readonly #ledger: Ledger;
  /** By the hash of the token (what a request brings) and by session id. */
  readonly #byToken = new Map<string, Session>();
  readonly #live = new Map<string, { readonly session: Session; readonly key: string; writtenMs: number }>();
  readonly #listeners: ((session: Session, why: SessionEnd) => void)[] = [];

  constructor(store: SessionStore, ledger: Ledger) {
    this.#store = store;
    this.#ledger = ledger;
    for (const { tokenHash, session } of store.all()) this.#remember(tokenHash, session);
  }

  /** Calls `listener` after a session was closed: its streams and its view windows end with it. */
  onClosed(listener: (session: Session, why: SessionEnd) => void): void {
    this.#listeners.push(listener);
  }

  /** Opens a session inside a transaction; the oldest of the account give way beyond the limit. */
  open(append: Append, account: Account, at: { readonly peer: string; readonly nowMs: number }): Opened {
    const token = newToken();
    const session: Session = {
      id: newId(),
      account,
      csrf: newToken(),
      createdMs: at.nowMs,
      peer: at.peer,
      usedMs: at.nowMs,
      purpose: undefined,
      purposeMs: at.nowMs,
    };
    const mine = this.of(account.id).sort((a, b) => a.createdMs - b.createdMs);
    const closed = mine.slice(0, Math.max(0, mine.length - MAX_SESSIONS_PER_ACCOUNT + 1));
    for (const old of closed) this.#remove(append, old, { why: 'too_many', actor: 'system' });
    this.#store.insert(digest(token), session);
    return { token, session, closed };
  }

  /** Makes an opened session usable, and tells of those it replaced: after the commit. */
  admit(opened: Opened): void {
    this.#remember(digest(opened.token), opened.session);
    this.announce(opened.closed, 'too_many');
  }

  /** The live session of a cookie's value; undefined when there is none or its time is over. */
  find(token: string, nowMs: number): Session | undefined {
    const session = this.#byToken.get(digest(token).toString('hex'));
    return session !== undefined && expiry(session, nowMs) === undefined ? session : undefined;
  }

  /** Whether the session still lives; what running streams ask every second. */
  isLive(session: Session, nowMs: number): boolean {
    return expiry(session, nowMs) === undefined && this.#live.has(session.id);
  }

  /** Live sessions of an account. */
  of(accountId: number): Session[] {
    return this.#all().filter((s) => s.account.id === accountId);
  }

  /** The session was used. Memory counts; the index follows once a minute, when it can be written. */
  touch(session: Session, nowMs: number): void {
    session.usedMs = Math.max(session.usedMs, nowMs);
    const entry = this.#live.get(session.id);
    if (entry === undefined || nowMs - entry.writtenMs < WRITE_USE_MS) return;
    entry.writtenMs = nowMs;
    // A full state disk must not shut out the person who comes to look at the status.
    ifRecordable(() => {
      this.#ledger.commit(() => {
        this.#store.update(session);
      });
    });
  }

  /** Whether `token` is the session's own; takes the same time for every wrong one. */
  csrfMatches(session: Session, token: string): boolean {
    return timingSafeEqual(digest(session.csrf), digest(token));
  }

  /** Closes one session with its record. Throws `audit_unavailable`; the session is then over all the same. */
  close(session: Session, why: SessionEnd, actor = session.account.userName): void {
    this.#closeAll([session], why, actor);
  }

  /** Inside a transaction: closes every session of an account, but for `keep`. Announce them after the commit. */
  closeOf(
    append: Append,
    accountId: number,
    how: { why: SessionEnd; actor: string; keep?: Session },
  ): Session[] {
    const closing = this.of(accountId).filter((s) => s.id !== how.keep?.id);
    for (const session of closing) this.#remove(append, session, how);
    return closing;
  }

  /** Closed sessions end here for the rest of the program: no request finds them any more, listeners hear of them. */
  announce(closed: readonly Session[], why: SessionEnd): void {
    for (const session of closed) {
      this.#forget(session);
      for (const listener of this.#listeners) listener(session, why);
    }
  }

  /** Closes what the clock has ended; each second. */
  tick(nowMs: number): void {
    for (const why of ['idle', 'absolute'] as const) {
      const over = this.#all().filter((s) => expiry(s, nowMs) === why);
      if (over.length > 0) this.#closeAll(over, why, 'system');
    }
  }

  #all(): Session[] {
    return [...this.#live.values()].map((e) => e.session);
  }

  #closeAll(sessions: readonly Session[], why: SessionEnd, actor: string): void {
    try {
      this.#ledger.commit((append) => {
        for (const session of sessions) this.#remove(append, session, { why, actor });
      });
    } finally {
      this.announce(sessions, why);
    }
  }

  #remove(append: Append, session: Session, how: { why: SessionEnd; actor: string }): void {
    this.#store.remove(session.id);
    append({
      kind: how.why === 'logout' ? 'logout' : 'session_closed',
      actor: how.actor,
      payload: { session: session.id, user: session.account.userName, why: how.why },
    });
  }

  #remember(tokenHash: Buffer, session: Session): void {
    const key = tokenHash.toString('hex');
    this.#byToken.set(key, session);
    this.#live.set(session.id, { session, key, writtenMs: session.usedMs });
  }

  #forget(session: Session): void {
    const entry = this.#live.get(session.id);
    if (entry !== undefined) this.#byToken.delete(entry.key);
    this.#live.delete(session.id);
  }
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
