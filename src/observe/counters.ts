/**
 * What is counted as it happens. Every combination of labels that can occur stands at 0 from the start, so that the
 * first event is an increase.
 */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Receipt } from '../clips/store.ts';

export type LoginOutcome = 'success' | 'failure' | 'throttled';
/** `discarded`: the disk was not the same after the look. `refused`: it was not there, or not ours. */
export type ReconcileOutcome = 'done' | 'discarded' | 'refused';

export interface Counters {
  readonly deletions: Counter<'outcome' | 'reason'>;
  readonly deletionDelay: Histogram;
  readonly sweepDuration: Histogram;
  readonly reconcileDuration: Histogram<'root'>;
  readonly reconciles: Counter<'root' | 'outcome'>;
  readonly unownedDeletions: Counter<'root' | 'outcome'>;
  readonly logins: Counter<'outcome'>;
  readonly views: Counter;
  readonly viewedBytes: Counter;
  readonly auditEntries: Counter<'kind'>;
  readonly clipsIndexed: Counter;
}

const OUTCOMES: Readonly<Record<Receipt['outcome'], true>> = {
  deleted: true,
  deleted_recovered: true,
  already_gone: true,
  identity_changed: true,
  withdrawn_held: true,
  failed: true,
};
const REASONS: Readonly<Record<Receipt['reason'], true>> = { retention: true, hold_released: true };
const LOGIN_OUTCOMES: readonly LoginOutcome[] = ['success', 'failure', 'throttled'];

/** The promise is five minutes; what lies beyond tells how badly it was missed. */
const DELAY_BUCKETS_S = [15, 30, 60, 120, 180, 300, 600, 3600, 21_600, 86_400];
const DURATION_BUCKETS_S = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];

export function createCounters(registry: Registry): Counters {
  const registers = [registry];
  const counters: Counters = {
    deletions: new Counter({
      name: 'fortnight_deletions_total',
      help: 'Clips whose deletion ended, by outcome of the receipt and by its reason.',
      labelNames: ['outcome', 'reason'],
      registers,
    }),
    deletionDelay: new Histogram({
      name: 'fortnight_deletion_delay_seconds',
      help: 'Time from the due moment of a clip to its deletion.',
      buckets: DELAY_BUCKETS_S,
      registers,
    }),
    sweepDuration: new Histogram({
      name: 'fortnight_sweep_duration_seconds',
      help: 'Length of a sweep.',
      buckets: DURATION_BUCKETS_S,
      registers,
    }),
    reconcileDuration: new Histogram({
      name: 'fortnight_reconcile_duration_seconds',
      help: 'Length of a full reconcile of a root.',
      labelNames: ['root'],
      buckets: DURATION_BUCKETS_S,
      registers,
    }),
    reconciles: new Counter({
      name: 'fortnight_reconciles_total',
      help: 'Reconciles that ended; only of those that are done is anything concluded.',
      labelNames: ['root', 'outcome'],
      registers,
    }),
    unownedDeletions: new Counter({
      name: 'fortnight_unowned_deletions_total',
      help: 'Files nobody owned whose deletion by a confirmed rule ended, by outcome.',
      labelNames: ['root', 'outcome'],
      registers,
    }),
    logins: new Counter({
      name: 'fortnight_logins_total',
      help: 'Attempts to log in, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    views: new Counter({ name: 'fortnight_views_total', help: 'View windows opened.', registers }),
    viewedBytes: new Counter({
      name: 'fortnight_viewed_bytes_total',
      help: 'Bytes of footage sent to viewers.',
      registers,
    }),
    auditEntries: new Counter({
      name: 'fortnight_audit_entries_total',
      help: 'Records written to the audit, by kind.',
      labelNames: ['kind'],
      registers,
    }),
    clipsIndexed: new Counter({
      name: 'fortnight_clips_indexed_total',
      help: 'Clips that were added to the index.',
      registers,
    }),
  };
  for (const outcome of Object.keys(OUTCOMES)) {
    for (const reason of Object.keys(REASONS)) counters.deletions.inc({ outcome, reason }, 0);
  }
  for (const outcome of LOGIN_OUTCOMES) counters.logins.inc({ outcome }, 0);
  return counters;
}
