/**
 * One function per thing that happens in the business: it writes the log line and counts, so that neither is ever
 * forgotten or said in two ways. Idea: atproto, packages/pds/src/events.ts.
 */
import type { AuditKind } from '../audit/entry.ts';
import type { Log } from '../base/log.ts';
import type { Receipt } from '../clips/store.ts';
import type { BlockedReason, RootState } from '../roots/root.ts';
import type { Counters, LoginOutcome, ReconcileOutcome } from './counters.ts';

/** How a batch of deletions ended: one entry per outcome and reason, and the wait of each clip that went. */
export interface DeletionResult {
  readonly rootId: string;
  readonly ended: readonly {
    readonly outcome: Receipt['outcome'];
    readonly reason: Receipt['reason'];
    readonly dueMs: number;
    readonly atMs: number;
  }[];
}

/** How a batch of deletions of files nobody owned ended. */
export interface UnownedResult {
  readonly rootId: string;
  readonly ends: readonly { readonly outcome: string }[];
}

export interface SweepResult {
  readonly deleted: number;
  readonly failed: number;
  readonly tookMs: number;
}

export interface ReconcileResult {
  readonly rootId: string;
  readonly outcome: ReconcileOutcome;
  readonly tookMs: number;
  readonly added: number;
  readonly changed: number;
  readonly missing: number;
  readonly unreadableDirs: number;
}

/** The wall clock and the retention clock agree (`trusted`) or the wall clock is not believed (`suspect`). */
export type ClockState = 'trusted' | 'suspect';

export interface Events {
  started(what: { readonly version: string; readonly port: number; readonly tookMs: number }): void;
  stopping(what: { readonly reason: string }): void;
  rootStateChanged(what: { readonly rootId: string; readonly from: RootState; readonly to: RootState }): void;
  deletionBlocked(what: { readonly rootId: string; readonly reason: BlockedReason }): void;
  clockChanged(what: { readonly state: ClockState; readonly unacceptedMs: number }): void;
  clipsIndexed(what: { readonly rootId: string; readonly clips: number }): void;
  reconciled(what: ReconcileResult): void;
  deletionEnded(what: DeletionResult): void;
  unownedEnded(what: UnownedResult): void;
  swept(what: SweepResult): void;
  loginTried(what: { readonly outcome: LoginOutcome }): void;
  viewOpened(what: { readonly cameraId: string }): void;
  footageSent(what: { readonly bytes: number }): void;
  auditWritten(what: { readonly kind: AuditKind }): void;
  alarmRaised(what: { readonly code: string; readonly subject: string }): void;
  alarmEnded(what: { readonly code: string; readonly subject: string }): void;
}

export function createEvents(log: Log, counters: Counters): Events {
  return { ...lifeEvents(log), ...footageEvents(log, counters), ...peopleEvents(log, counters) };
}

type LifeEvents = Pick<
  Events,
  | 'started'
  | 'stopping'
  | 'rootStateChanged'
  | 'deletionBlocked'
  | 'clockChanged'
  | 'alarmRaised'
  | 'alarmEnded'
>;

function lifeEvents(log: Log): LifeEvents {
  return {
    started: (what) => {
      log.info('started', what);
    },
    stopping: (what) => {
      log.info('stopping', what);
    },
    rootStateChanged: (what) => {
      if (what.to === 'online') log.info('root_state', what);
      else log.warn('root_state', what);
    },
    deletionBlocked: (what) => {
      log.warn('deletion_blocked', what);
    },
    clockChanged: (what) => {
      if (what.state === 'trusted') log.info('clock', what);
      else log.warn('clock', what);
    },
    alarmRaised: (what) => {
      log.error('alarm', what);
    },
    alarmEnded: (what) => {
      log.info('alarm_ended', what);
    },
  };
}

type FootageEvents = Pick<Events, 'clipsIndexed' | 'reconciled' | 'deletionEnded' | 'unownedEnded' | 'swept'>;

function footageEvents(log: Log, counters: Counters): FootageEvents {
  return {
    clipsIndexed({ rootId, clips }) {
      counters.clipsIndexed.inc(clips);
      log.info('clips_indexed', { rootId, clips });
    },
    reconciled(what) {
      counters.reconcileDuration.observe({ root: what.rootId }, what.tookMs / 1000);
      counters.reconciles.inc({ root: what.rootId, outcome: what.outcome });
      if (what.outcome === 'done' && what.unreadableDirs === 0) log.info('reconciled', { ...what });
      else log.warn('reconciled', { ...what });
    },
    unownedEnded({ rootId, ends }) {
      const byOutcome: Record<string, number> = {};
      for (const { outcome } of ends) {
        counters.unownedDeletions.inc({ root: rootId, outcome });
        byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1;
      }
      log.info('unowned_deletion', { rootId, ...byOutcome });
    },
    deletionEnded({ rootId, ended }) {
      const byOutcome: Record<string, number> = {};
      for (const { outcome, reason, dueMs, atMs } of ended) {
        counters.deletions.inc({ outcome, reason });
        byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1;
        // A clip that went because its hold ended waited for the hold, not for us.
        if (outcome === 'deleted' && reason === 'retention') {
          counters.deletionDelay.observe(Math.max(0, atMs - dueMs) / 1000);
        }
      }
      log.info('deletion_ended', { rootId, ...byOutcome });
    },
    swept(what) {
      counters.sweepDuration.observe(what.tookMs / 1000);
      if (what.failed > 0) log.warn('swept', { ...what });
      else if (what.deleted > 0) log.info('swept', { ...what });
    },
  };
}

type PeopleEvents = Pick<Events, 'loginTried' | 'viewOpened' | 'footageSent' | 'auditWritten'>;

/** People are named in the audit, never in the log: it has another retention and other readers. */
function peopleEvents(log: Log, counters: Counters): PeopleEvents {
  return {
    loginTried: (what) => {
      counters.logins.inc({ outcome: what.outcome });
      if (what.outcome === 'success') log.info('login', what);
      else log.warn('login', what);
    },
    viewOpened: (what) => {
      counters.views.inc();
      log.info('view', what);
    },
    footageSent: ({ bytes }) => {
      counters.viewedBytes.inc(bytes);
    },
    auditWritten: ({ kind }) => {
      counters.auditEntries.inc({ kind });
    },
  };
}
