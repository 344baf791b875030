/**
 * The breaker: a sweep that would take far more than the passing of time explains is parked until a person looks.
 * Pure. It guards against wrong times (a restored disk, a wrong layout), not against the clock, which has its own rules.
 */
export interface BreakerInput {
  /** Due clips of the root that no hold's end, shorter retention or adoption has just freed. */
  readonly dueClips: number;
  /** All clips of the root. */
  readonly clips: number;
  /** Retention time since the root's last completed sweep; null when there was none since its adoption. */
  readonly sinceSweepMs: number | null;
  readonly retentionMs: number;
}

export const BREAKER_MIN_CLIPS = 50;
export const BREAKER_SHARE = 0.15;
export const BREAKER_FACTOR = 3;

/** Whether the sweep of this root must wait for a person. */
export function breakerTrips(input: BreakerInput): boolean {
  if (input.sinceSweepMs === null) return false;
  const expected = (input.clips * input.sinceSweepMs) / input.retentionMs;
  return (
    input.dueClips > BREAKER_MIN_CLIPS &&
    input.dueClips > BREAKER_SHARE * input.clips &&
    input.dueClips > BREAKER_FACTOR * expected
  );
}
