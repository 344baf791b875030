/**
 * Alarms: what a person must know or do. One row each, a log line, a metric and a line on the status page; an alarm
 * ends with its cause. All codes are explained in docs/guide/alarms.md.
 */
export type AlarmCode =
  | 'root_offline'
  | 'root_foreign'
  | 'root_readonly'
  | 'root_failing'
  | 'adoption_waiting'
  | 'recovery_waiting'
  | 'breaker_tripped'
  | 'clock_suspect'
  | 'overdue'
  | 'disk_overdue'
  | 'review_overdue'
  | 'hold_unconfirmed'
  | 'clips_missing'
  | 'clip_returned'
  | 'clip_overlong'
  | 'held_content_changed'
  | 'held_content_gone'
  | 'copies_stopped'
  | 'vault_offline'
  | 'vault_foreign'
  | 'vault_readonly'
  | 'vault_failing'
  | 'vault_full'
  | 'pins_refused'
  | 'held_copy_damaged'
  | 'kept_without_clip'
  | 'audit_unwritable'
  | 'mirror_foreign'
  | 'mirror_refused'
  | 'directory_unreadable'
  | 'snapshots_seen'
  | 'self_test'
  | 'unowned_files'
  | 'drill_failed'
  | 'watch_limit'
  | 'tool_missing'
  | 'certificate_expiring';

export interface Alarm {
  readonly code: AlarmCode;
  /** Root, camera or hold id; empty when the alarm is about the whole box. */
  readonly subject: string;
  readonly sinceMs: number;
  /** Figures for the sentence. */
  readonly detail: Readonly<Record<string, string | number>>;
}

export interface AlarmStore {
  all(): Alarm[];
  put(alarm: Alarm): void;
  remove(code: AlarmCode, subject: string): void;
}

export interface AlarmEvents {
  alarmRaised(what: { readonly code: string; readonly subject: string }): void;
  alarmEnded(what: { readonly code: string; readonly subject: string }): void;
}

export type Standing = Omit<Alarm, 'sinceMs'>;

export class Alarms {
  readonly #store: AlarmStore;
  readonly #events: AlarmEvents;
  readonly #nowMs: () => number;

  constructor(store: AlarmStore, events: AlarmEvents, nowMs: () => number) {
    this.#store = store;
    this.#events = events;
    this.#nowMs = nowMs;
  }

  all(): Alarm[] {
    return this.#store.all();
  }

  /** Raises an alarm that stands until `end`; one that stands already keeps its beginning. */
  raise(standing: Standing): void {
    const known = this.#find(standing.code, standing.subject);
    if (known === undefined) this.#events.alarmRaised(standing);
    const unchanged = known !== undefined && JSON.stringify(known.detail) === JSON.stringify(standing.detail);
    if (!unchanged) this.#store.put({ ...standing, sinceMs: known?.sinceMs ?? this.#nowMs() });
  }

  /** Says again, as when they were raised, which alarms of these codes stand: for those a person must not get used to. */
  remind(codes: readonly AlarmCode[]): void {
    for (const { code, subject } of this.all())
      if (codes.includes(code)) this.#events.alarmRaised({ code, subject });
  }

  end(code: AlarmCode, subject: string): void {
    if (this.#find(code, subject) === undefined) return;
    this.#store.remove(code, subject);
    this.#events.alarmEnded({ code, subject });
  }

  /** Of these codes exactly the given alarms stand now: the others of these codes have lost their cause. */
  replace(codes: readonly AlarmCode[], standing: readonly Standing[]): void {
    for (const a of this.all()) {
      const still = standing.some((s) => s.code === a.code && s.subject === a.subject);
      if (codes.includes(a.code) && !still) this.end(a.code, a.subject);
    }
    for (const s of standing) this.raise(s);
  }

  #find(code: AlarmCode, subject: string): Alarm | undefined {
    return this.#store.all().find((a) => a.code === code && a.subject === subject);
  }
}
