/**
 * Whether a person may see a clip now, by its own fate and the cases they are named on: asked at every request and each
 * second while a stream runs (I7). Their role was looked at before.
 */
import type { Clip } from '../clips/clip.ts';
import type { ClipReader, Receipt } from '../clips/store.ts';
import type { HoldVersion } from '../holds/hold.ts';
import { decide, deletionReason, maySeeIt } from '../retention/decide.ts';

export type GoneReason = 'retention' | 'hold_released' | 'external';

export type Sight =
  | { readonly see: 'yes'; readonly clip: Clip }
  | { readonly see: 'gone'; readonly reason: GoneReason; readonly atMs: number | null }
  | { readonly see: 'unknown' };

export interface SightParts {
  readonly clips: Pick<ClipReader, 'clip' | 'receipt'>;
  /** Every hold, and apart from it what a narrowing gave up. */
  readonly currentHolds: () => readonly HoldVersion[];
}

export interface Looker {
  readonly userName: string;
  readonly nowMs: number;
}

/** `gone` as soon as the clip is due, for whoever no case names, whether or not its file still exists. */
export function maySee(parts: SightParts, clipId: number, { userName, nowMs }: Looker): Sight {
  const clip = parts.clips.clip(clipId);
  if (clip === undefined) return receiptSight(parts.clips.receipt(clipId));
  const decision = decide(clip, parts.currentHolds(), nowMs);
  if (maySeeIt(decision, userName)) return { see: 'yes', clip };
  if (clip.state === 'gone_external') return { see: 'gone', reason: 'external', atMs: null };
  const released = decision.reasons.some((r) => r.code === 'cooling_off');
  return {
    see: 'gone',
    reason: released ? 'hold_released' : deletionReason(clip, decision),
    atMs: clip.dueMs,
  };
}

function receiptSight(receipt: Receipt | undefined): Sight {
  if (receipt === undefined) return { see: 'unknown' };
  const ours = receipt.outcome === 'deleted' || receipt.outcome === 'deleted_recovered';
  return { see: 'gone', reason: ours ? receipt.reason : 'external', atMs: receipt.atMs };
}
