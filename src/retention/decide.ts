/**
 * The one decision about a clip, with its reasons: may it be deleted, and may it be seen. Pure: the dry run, the
 * preview, the command line and the sweep share it. Idea of returning reasons: restic, snapshot_policy.go.
 */
import type { Clip } from '../clips/clip.ts';
import { binds, covers, type HoldVersion } from '../holds/hold.ts';

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
  readonly mayView: boolean;
  readonly reasons: readonly Reason[];
}

/** How a receipt names the cause of a deletion. */
export type DeletionReason = 'retention' | 'hold_released';

/**
 * Decides about one clip at retention time `nowMs`. `holds` are current versions, ended ones included.
 * Due exactly at its moment: `dueMs <= nowMs` deletes, one millisecond before does not.
 */
export function decide(clip: Clip, holds: readonly HoldVersion[], nowMs: number): Decision {
  const past = clip.dueMs !== null && clip.dueMs <= nowMs;
  const touching = holds.filter((h) => covers(h.terms, clip));
  const binding = touching.filter((h) => binds(h, nowMs));
  const standing = binding.filter((h) => h.releasedMs === null);
  if (clip.state === 'gone_external')
    return { mayDelete: false, mayView: false, reasons: [{ code: 'gone' }] };
  if (clip.state === 'recording' || clip.dueMs === null) {
    // Nothing is deleted while it grows; what grows for longer than the retention is shown only while it is held.
    return {
      mayDelete: false,
      mayView: !past || standing.length > 0,
      reasons: [{ code: 'recording' }, ...heldReasons(binding)],
    };
  }
  if (clip.state === 'deleting') {
    const reasons: Reason[] = [{ code: 'being_deleted' }, ...heldReasons(binding), ...endedReasons(touching)];
    return { mayDelete: past && binding.length === 0, mayView: false, reasons };
  }
  if (!past) {
    return {
      mayDelete: false,
      mayView: true,
      reasons: [{ code: 'not_due', dueMs: clip.dueMs }, ...heldReasons(binding)],
    };
  }
  if (binding.length > 0) {
    // Released and past its time: nobody looks during the cooling-off, nobody deletes either.
    return { mayDelete: false, mayView: standing.length > 0, reasons: heldReasons(binding) };
  }
  return {
    mayDelete: true,
    mayView: false,
    reasons: [{ code: 'due', dueMs: clip.dueMs }, ...endedReasons(touching)],
  };
}

/** What the receipt says: the clip went because its hold ended, if one reached past its due moment, else because it was due. */
export function deletionReason(clip: Clip, decision: Decision): DeletionReason {
  const { dueMs } = clip;
  const late = decision.reasons.some(
    (r) => r.code === 'hold_released' && dueMs !== null && r.endedMs > dueMs,
  );
  return late ? 'hold_released' : 'retention';
}

function heldReasons(holds: readonly HoldVersion[]): Reason[] {
  return holds.map((h) =>
    h.releasedMs === null || h.endsMs === null
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
