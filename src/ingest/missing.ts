/**
 * When absence is believed. Pure; "Reconciling" of invariants.md: missing in two scans ten minutes apart; when many
 * are missing at once, not before a third scan an hour later.
 */
import { HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import type { Candidate } from '../clips/known.ts';

export const SECOND_SCAN_MS = 10 * MINUTE_MS;
export const THIRD_SCAN_MS = HOUR_MS;
/** Above either, a loss is no recorder tidying up. */
export const MASS_LOSS_CLIPS = 50;
export const MASS_LOSS_SHARE = 0.01;

/** A finished clip whose name was not there, in a directory that was listed without error. */
export interface Absent {
  readonly id: number;
  readonly missingMs: number | null;
  readonly missedTwice: boolean;
}

export interface Absence {
  readonly id: number;
  readonly as: 'once' | 'twice' | 'gone';
}

/**
 * What becomes of the clips that are absent. `clips` is how many finished ones the index has below this root, these
 * included; `wallMs` the time of this scan. Those whose time has not come are left out: nothing changes.
 */
export function judgeAbsence(
  absent: readonly Absent[],
  clips: number,
  wallMs: number,
): { readonly massLoss: boolean; readonly changes: Absence[] } {
  const confirmed = absent.filter(
    (a) => !a.missedTwice && a.missingMs !== null && wallMs - a.missingMs >= SECOND_SCAN_MS,
  );
  const massLoss = isMassLoss(confirmed.length, clips);
  const changes: Absence[] = [];
  for (const a of absent) {
    if (a.missingMs === null) changes.push({ id: a.id, as: 'once' });
    else if (a.missedTwice && wallMs - a.missingMs >= THIRD_SCAN_MS) changes.push({ id: a.id, as: 'gone' });
  }
  for (const a of confirmed) changes.push({ id: a.id, as: massLoss ? 'twice' : 'gone' });
  return { massLoss, changes };
}

function isMassLoss(lost: number, clips: number): boolean {
  return lost > MASS_LOSS_CLIPS || lost > clips * MASS_LOSS_SHARE;
}

/**
 * Pairs vanished rows with rows that have their file now: the same inode, and the same content, or for a recording
 * that had no content yet one at least as long. An inode number is used again soon after its file went, hence the
 * content.
 */
export function pairMoved(
  vanished: ReadonlyMap<bigint, Candidate>,
  there: Iterable<Candidate>,
): { fromId: number; toId: number }[] {
  const pairs: { fromId: number; toId: number }[] = [];
  for (const now of there) {
    const was = vanished.get(now.ino);
    if (was !== undefined && was.id !== now.id && isSameFile(was, now))
      pairs.push({ fromId: was.id, toId: now.id });
  }
  return pairs;
}

function isSameFile(was: Candidate, now: Candidate): boolean {
  if (was.fingerprint === null) return now.sizeBytes >= was.sizeBytes && now.mtimeNs >= was.mtimeNs;
  if (now.fingerprint === null || now.sizeBytes !== was.sizeBytes) return false;
  return was.fingerprint === now.fingerprint;
}
