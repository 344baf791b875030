/** All that the timeline shows, in one value: the page changes it, the painters read it. */
import type { Coverage } from '../../http/api/index.ts';
import type { Words } from '../texts/words.ts';
import { DAY_MS, startOfDay, addDays } from '../time/zone.ts';
import type { Span } from './footage.ts';
import type { Bounds, View } from './scale.ts';

export interface RowCamera {
  readonly id: string;
  readonly name: string;
  /** A clip of it is being written: what is missing up to now is on its way. */
  readonly recording: boolean;
  /** Starts of known clips, ascending: the coverage line is broken at them when they are wide enough. */
  readonly clipStartsMs: readonly number[];
}

export interface Scene {
  readonly words: Words;
  readonly coverage: Coverage;
  readonly cameras: readonly RowCamera[];
  readonly view: View;
  /** The moment under the playhead; null on a page without pictures. */
  readonly needleMs: number | null;
  /** Cameras whose picture is on the stage. */
  readonly shown: readonly string[];
  /** The marked window of the composer and its cameras. */
  readonly marks: Span | null;
  readonly marked: readonly string[];
  readonly hoverX: number | null;
  readonly hotCamera: string | null;
  /** Draw the camera's name inside its row (narrow screens have no column for it). */
  readonly namesInside: boolean;
}

export const RULER_PX = 28;
export const STRIP_DAYS = 15;

/** The fortnight and the day it is in: what the strip shows. */
export function stripOf(scene: Pick<Scene, 'coverage' | 'words'>): View {
  const { zone } = scene.words.time;
  const from = startOfDay(zone, scene.coverage.cutMs);
  return { fromMs: from, toMs: addDays(zone, from, STRIP_DAYS) };
}

const LEFT_MARGIN_MS = 0.6 * DAY_MS;

/** How far back the timeline goes: a little beyond the strip, or to the oldest footage that a hold keeps. */
export function boundsOf(scene: Pick<Scene, 'coverage' | 'words'>): Bounds {
  const strip = stripOf(scene);
  const kept = scene.coverage.cameras.flatMap((c) => c.holds.map((h) => h.fromMs));
  const fromMs = Math.min(strip.fromMs, ...kept) - LEFT_MARGIN_MS;
  const { nowMs } = scene.coverage;
  return { fromMs, nowMs, widestMs: Math.max(strip.toMs - strip.fromMs, (nowMs - fromMs) * 1.1) };
}
