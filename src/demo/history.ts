/**
 * The footage that seems to have been there before the demo began: fourteen days of clips, most of them around the two
 * moments that are watched, now and the one at which footage falls due. A few encoded samples, copied under the names
 * and times of the past.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import type { TimeRange } from '../base/range.ts';
import type { CompiledLayout } from '../clips/layouts/index.ts';

export interface HistoryPlan {
  readonly nowMs: number;
  readonly retentionMs: number;
  readonly clipMs: number;
}

/** This much is due already when the demo begins: what the adoption is about. */
export const OVERDUE_MS = 5 * MINUTE_MS;
/** From here on a clip falls due every few seconds while one watches. */
const FALLING_DUE_MS = 45 * MINUTE_MS;
/** Unbroken up to now; the desk opens an hour back. */
const RECENT_MS = 150 * MINUTE_MS;
/** In between: what a camera that records on motion leaves. */
const BURST_EVERY_MS = 90 * MINUTE_MS;
const BURST_MS = 2 * MINUTE_MS;
/** The camera was out of order for a while: a gap to see. */
const OUTAGE: TimeRange = { fromMs: 3 * DAY_MS + 2 * HOUR_MS, toMs: 3 * DAY_MS + 9 * HOUR_MS };

/** Starts of the clips of one camera, ascending; none reaches past `nowMs`. Pure. */
export function historyStarts({ nowMs, retentionMs, clipMs }: HistoryPlan): number[] {
  const cutMs = nowMs - retentionMs;
  const oldest = range(cutMs - OVERDUE_MS, cutMs + FALLING_DUE_MS);
  const recent = range(nowMs - RECENT_MS, nowMs);
  const starts = [...fill(oldest, clipMs)];
  for (let atMs = oldest.toMs + BURST_EVERY_MS; atMs + BURST_MS < recent.fromMs; atMs += BURST_EVERY_MS) {
    const agoMs = nowMs - atMs;
    if (agoMs >= OUTAGE.fromMs && agoMs < OUTAGE.toMs) continue;
    starts.push(...fill(range(atMs, atMs + BURST_MS), clipMs));
  }
  return [...starts, ...fill(recent, clipMs)];
}

function range(fromMs: number, toMs: number): TimeRange {
  return { fromMs, toMs };
}

function fill({ fromMs, toMs }: TimeRange, clipMs: number): number[] {
  const count = Math.floor((toMs - fromMs) / clipMs);
  return Array.from({ length: count }, (_, i) => fromMs + i * clipMs);
}

export interface HistoryTarget {
  readonly root: string;
  readonly layout: CompiledLayout;
  readonly recorderCamera: string;
  readonly clipMs: number;
  /** Absolute paths of encoded clips of `clipMs` each, used in turn. */
  readonly samples: readonly string[];
}

const COPIES_AT_ONCE = 8;

/** Writes the clips. Shares blocks with the samples where the file system can. Answers how many there are. */
export async function writeHistory(starts: readonly number[], target: HistoryTarget): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < starts.length; i = next++) await writeClip(i, starts[i] ?? 0, target);
  };
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, worker));
  return starts.length;
}

async function writeClip(index: number, startMs: number, target: HistoryTarget): Promise<void> {
  const sample = target.samples[index % target.samples.length];
  if (sample === undefined) throw new Error('a history needs at least one sample');
  const path = join(target.root, target.layout.format(target.recorderCamera, startMs));
  await mkdir(dirname(path), { recursive: true });
  await copyFile(sample, path, constants.COPYFILE_FICLONE);
  // A recorder closes a file at its end. Copies, not links: links would share one time.
  const endS = (startMs + target.clipMs) / 1000;
  await utimes(path, endS, endS);
}
