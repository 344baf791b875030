/**
 * The one decision about a clip, with its reasons: may it be deleted, and may it be seen. Pure: the dry run, the
 * preview, the command line and the sweep share it. Idea of returning reasons: restic, snapshot_policy.go.
 */
import type { Clip } from '../clips/clip.ts';
import { binds, covers, stands, type HoldVersion } from '../holds/hold.ts';

export type Reason =
  | { readonly code: 'held'; readonly holdId: string; readonly caseRef: string }
  | {
      readonly code: 'cooling_off';
      readonly holdId: string;
      readonly caseRef: string;
      readonly untilMs: number;
    }
  | { readonly code: 'not_due'; readonly dueMs: number }
  | { readonly code: 'due'; readonly dueMs: number }
  | {
      readonly code: 'hold_released';
      readonly holdId: string;
      readonly caseRef: string;
      readonly endedMs: number;
    }
  | { readonly code: 'recording' }
  | { readonly code: 'being_deleted' }
  | { readonly code: 'gone' };

export interface Decision {
  readonly mayDelete: boolean;
  /** Somebody may see it. */
  readonly mayView: boolean;
  /** Past its time only those named on a case that keeps it may see it; null: not past its time. */
  readonly onlyFor: readonly string[] | null;
  readonly reasons: readonly Reason[];
}

/** Whether this person may, of those whose role lets them see footage at all. */
export function maySeeIt({ mayView, onlyFor }: Decision, userName: string): boolean {
  return mayView && (onlyFor === null || onlyFor.includes(userName));
}

/** How a receipt names the cause of a deletion. */
export type DeletionReason = 'retention' | 'hold_released';

/**
 * Decides about one clip at retention time `nowMs`. `holds` are current versions, ended ones and what was given up included.
 * Due exactly at its moment: `dueMs <= nowMs` deletes, one millisecond before does not.
 */
export function decide(clip: Clip, holds: readonly HoldVersion[], nowMs: number): Decision {
  const past = clip.dueMs !== null && clip.dueMs <= nowMs;
  const touching = holds.filter((h) => covers(h.terms, clip));
  const binding = touching.filter((h) => binds(h, nowMs));
  const held = heldReasons(binding, nowMs);
  if (clip.state === 'gone_external')
    return { mayDelete: false, mayView: false, onlyFor: null, reasons: [{ code: 'gone' }] };
  if (clip.state === 'recording' || clip.dueMs === null) {
    // Nothing is deleted while it grows; what grows for longer than the retention is shown only while it is held.
    return { mayDelete: false, ...sight(past, binding, nowMs), reasons: [{ code: 'recording' }, ...held] };
  }
  if (clip.state === 'deleting') {
    const reasons: Reason[] = [{ code: 'being_deleted' }, ...held, ...endedReasons(touching)];
    return { mayDelete: past && binding.length === 0, mayView: false, onlyFor: null, reasons };
  }
  if (!past) {
    const reasons: Reason[] = [{ code: 'not_due', dueMs: clip.dueMs }, ...held];
    return { mayDelete: false, mayView: true, onlyFor: null, reasons };
  }
  // Released and past its time: nobody looks during the cooling-off, nobody deletes either.
  if (binding.length > 0) return { mayDelete: false, ...sight(past, binding, nowMs), reasons: held };
  return {
    mayDelete: true,
    mayView: false,
    onlyFor: null,
    reasons: [{ code: 'due', dueMs: clip.dueMs }, ...endedReasons(touching)],
  };
}

/** Who may see it: past its time, those who need to know of a case whose hold stands. */
function sight(
  past: boolean,
  binding: readonly HoldVersion[],
  nowMs: number,
): Pick<Decision, 'mayView' | 'onlyFor'> {
  if (!past) return { mayView: true, onlyFor: null };
  const onlyFor = binding.filter((h) => stands(h, nowMs)).flatMap((h) => h.terms.viewers);
  return { mayView: onlyFor.length > 0, onlyFor };
}

/** What the receipt says: the clip went because its hold ended, if one reached past its due moment, else because it was due. */
export function deletionReason(clip: Clip, decision: Decision): DeletionReason {
  const { dueMs } = clip;
  const late = decision.reasons.some(
    (r) => r.code === 'hold_released' && dueMs !== null && r.endedMs > dueMs,
  );
  return late ? 'hold_released' : 'retention';
}

function heldReasons(holds: readonly HoldVersion[], nowMs: number): Reason[] {
  return holds.map((h) =>
    stands(h, nowMs) || h.endsMs === null
      ? { code: 'held', holdId: h.holdId, caseRef: h.terms.caseRef }
      : { code: 'cooling_off', holdId: h.holdId, caseRef: h.terms.caseRef, untilMs: h.endsMs },
  );
}

/** Holds that ended. Those that still bind are told by heldReasons. */
function endedReasons(holds: readonly HoldVersion[]): Reason[] {
  return holds.flatMap((h) =>
    h.endsMs === null
      ? []
      : [{ code: 'hold_released' as const, holdId: h.holdId, caseRef: h.terms.caseRef, endedMs: h.endsMs }],
  );
}
