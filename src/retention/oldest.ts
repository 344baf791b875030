/** The oldest footage of a camera that no hold keeps: what the gauge, the metric and the promise speak of. */
import type { Clip } from '../clips/clip.ts';
import type { ClipReader } from '../clips/store.ts';
import { binds, covers, type HoldVersion } from '../holds/hold.ts';

/** How many held stretches are stepped over before the answer is given up; holds are few. */
const MAX_STEPS = 200;

/** Whether a hold that still binds covers the clip. `holds` are those that name its camera. */
export function isHeld(
  clip: Clip,
  at: { readonly holds: readonly HoldVersion[]; readonly nowMs: number },
): boolean {
  return at.holds.some((h) => binds(h, at.nowMs) && covers(h.terms, clip));
}

/**
 * The unheld live clip that ended first; undefined when there is none. Held stretches are stepped over whole: what ends
 * inside a hold's window was recorded inside it, and so is covered.
 */
export function oldestUnheld(
  reader: Pick<ClipReader, 'nextLive'>,
  cameraId: string,
  at: { readonly holds: readonly HoldVersion[]; readonly nowMs: number },
): Clip | undefined {
  let afterMs = 0;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const clip = reader.nextLive(cameraId, afterMs);
    if (clip === undefined) return undefined;
    const keeping = at.holds.filter((h) => binds(h, at.nowMs) && covers(h.terms, clip));
    if (keeping.length === 0) return clip;
    const inside = keeping
      .map((h) => h.terms.window)
      .filter((w) => w.fromMs <= clip.endMs && clip.endMs < w.toMs);
    afterMs = Math.max(clip.endMs, ...inside.map((w) => w.toMs - 1));
  }
  return undefined;
}
