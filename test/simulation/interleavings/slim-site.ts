/** What the interleavings are made of: one root, two cameras, a few clips, one or two holds. */
import { MINUTE_MS, SECOND_MS } from '../../../src/base/clock.ts';
import type { Random } from '../random.ts';
import { clipPath, COOLING_OFF_MS, RETENTION_MS, START_MS, wholeSecond, type SimCamera } from '../site.ts';

export const ROOT = { id: 'a', path: '/footage/a' } as const;
export const ROOT_UUID = '0d3c7a52-3c1f-4c6e-8a52-9a7b6c5d4e3f';
export const CAMERAS: readonly SimCamera[] = [
  { id: 'hall', dir: 'hall', rootId: ROOT.id },
  { id: 'entrance', dir: 'entrance', rootId: ROOT.id },
];
export const CLIP_MS = 30 * SECOND_MS;
/** While people act, the recorder tidies up and the daemon dies. */
export const BUSY_MS = 5 * MINUTE_MS;
/** When everything that was let go is past its cooling-off. */
export const END_MS = START_MS + 3 * BUSY_MS + COOLING_OFF_MS;
/** Where one person is enough. */
export const ALONE_MS = MINUTE_MS;

export interface SlimClip {
  readonly camera: SimCamera;
  readonly startMs: number;
  readonly path: string;
  /** When its look comes to the index. */
  readonly seenMs: number;
  /** When its recorder takes it away, if it does. */
  readonly tidiedMs: number | undefined;
}

/** Clips that were recorded long ago: some are due at the begin, most fall due while people act. */
export function drawClips(random: Random): SlimClip[] {
  const clips = new Map<string, SlimClip>();
  for (let n = random.chance(0.7) ? 2 : 3; n > 0; n -= 1) {
    const camera = CAMERAS[random.int(0, 1)]!;
    const dueMs = START_MS + random.int(-60, 200) * SECOND_MS;
    const startMs = wholeSecond(dueMs - RETENTION_MS - CLIP_MS);
    const path = clipPath(camera, startMs);
    const late = random.chance(0.5) ? random.int(0, BUSY_MS / 2) : 0;
    const tidied = random.chance(0.15) ? START_MS + random.int(0, BUSY_MS) : undefined;
    clips.set(path, { camera, startMs, path, seenMs: START_MS + late, tidiedMs: tidied });
  }
  return [...clips.values()];
}
