/** I10, and what of I1 concerns pins and copies: the same in whole lives and in single interleavings. */
import type { HoldSet } from '../../src/holds/hold-set.ts';
import type { HoldTruth } from './hold-truth.ts';
import { durableLines, lineIn, type Line } from './journal-lines.ts';
import type { SimDisk } from './sim-disk.ts';

/** What a daemon knows of a hold, against what was acknowledged. What is wrong, or nothing. */
export function wrongWith(
  truth: HoldTruth,
  known: ReturnType<HoldSet['get']>,
  lines: readonly Line[],
): string | undefined {
  const { top, holdId } = truth;
  if (top === undefined || holdId === undefined) return undefined;
  if (known === undefined) return `the hold ${holdId} is forgotten`;
  if (known.version < top.version)
    return `version ${String(top.version)} of the hold ${holdId} (${top.act}) is forgotten`;
  const own = lines.filter((l) => l.holdId === holdId);
  const said = own.find((l) => l.version === known.version);
  if (said === undefined)
    return `version ${String(known.version)} of ${holdId} would not survive a power cut`;
  if (known.releasedMs !== null && said.releasedMs === null)
    return `the hold ${holdId} counts as released, and its journal does not say so`;
  const lesser = own.find((l) => lessens(l) && !truth.isGranted(l));
  return lesser && `the hold ${holdId} was ${lesser.act} by nobody`;
}

/** What came back from a mirror lessens nothing, whatever act it was. */
function lessens({ act, releasedMs, recovered }: Line): boolean {
  return act === 'released' ? releasedMs !== null : act === 'narrowed' && !recovered;
}

/** A second place for what was acknowledged: the durable mirror on a root. */
export function mirrorWrong(footage: SimDisk, { top }: HoldTruth): string | undefined {
  if (top === undefined) return undefined;
  const file = footage.durablePath(`.fortnight/holds/${top.holdId}.json`);
  const text = (file?.durableBytes ?? file?.bytes ?? '').toString();
  if (text === '') return `the hold ${top.holdId} has no mirror`;
  return lineIn(text.trimEnd()).version >= top.version ? undefined : `the mirror of ${top.holdId} is behind`;
}

/** Whether the journal as it would be after a power cut has what was acknowledged. */
export function journalWrong(stateDisk: SimDisk, { top }: HoldTruth): string | undefined {
  if (top === undefined) return undefined;
  const has = durableLines(stateDisk).some((l) => l.holdId === top.holdId && l.version >= top.version);
  return has ? undefined : `the hold ${top.holdId} would not survive a power cut`;
}
