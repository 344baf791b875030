/** What the next sweeps would take, and why: the same decision as the sweep's, with nothing done. */
import type { Clip } from '../clips/clip.ts';
import type { HoldVersion } from '../holds/hold.ts';
import { decide, type Reason } from './decide.ts';

export interface PlannedClip {
  readonly clip: Clip;
  readonly mayDelete: boolean;
  readonly reasons: readonly Reason[];
}

export interface Plan {
  readonly nowMs: number;
  readonly clips: readonly PlannedClip[];
}

/** Decides about clips that are due by `untilMs`, as the sweep would at that moment. */
export function planDeletions(
  clips: readonly Clip[],
  at: {
    readonly holdsOf: (cameraId: string) => readonly HoldVersion[];
    readonly nowMs: number;
    readonly untilMs: number;
  },
): Plan {
  const planned = clips.map((clip) => {
    const { mayDelete, reasons } = decide(clip, at.holdsOf(clip.cameraId), Math.max(at.nowMs, at.untilMs));
    return { clip, mayDelete, reasons };
  });
  return { nowMs: at.nowMs, clips: planned };
}
