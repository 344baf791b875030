/** Which clip shows a moment: clips are fetched by camera and hour, as they are needed. */
import type { ClipView } from '../../http/api/index.ts';
import type { Window } from '../api/endpoints.ts';
import { HOUR_MS } from '../time/zone.ts';

/** An hour that can still receive clips is asked again after this long. */
const FRESH_MS = 10_000;
/** Older hours too, now and then: a hold or the sweep may have changed what is there. */
const SETTLED_MS = 5 * 60_000;
/** Two clips whose ends are nearer than this show one recording; the last picture stays meanwhile. */
export const SEAM_MS = 3000;

export type FetchClips = (cameraId: string, window: Window) => Promise<ClipView[]>;

interface Hour {
  clips: readonly ClipView[];
  loaded: boolean;
  askedAt: number;
}

export type Found =
  | { readonly kind: 'clip'; readonly clip: ClipView }
  | { readonly kind: 'asking' }
  | { readonly kind: 'none' };

export class ClipIndex {
  readonly #fetch: FetchClips;
  readonly #onArrival: () => void;
  readonly #hours = new Map<string, Hour>();

  /** `onArrival` is called whenever an answer has changed what is known. */
  constructor(fetch: FetchClips, onArrival: () => void) {
    this.#fetch = fetch;
    this.#onArrival = onArrival;
  }

  /** The clip that shows `ms`: the one begun last when several overlap. `nowMs` decides how long an answer is believed. */
  at(cameraId: string, ms: number, nowMs: number): Found {
    const hour = this.#hour(cameraId, ms, nowMs);
    let best: ClipView | undefined;
    for (const clip of hour.clips) {
      if (clip.startMs > ms) break;
      if (clip.endMs > ms && clip.kind === 'video') best = clip;
    }
    if (best !== undefined) return { kind: 'clip', clip: best };
    return hour.loaded ? { kind: 'none' } : { kind: 'asking' };
  }

  /** The first clip that begins at or after `ms`, in its hour or the next. */
  after(cameraId: string, ms: number, nowMs: number): ClipView | undefined {
    for (const at of [ms, ms + HOUR_MS]) {
      if (at > nowMs) return undefined;
      const clip = this.#hour(cameraId, at, nowMs).clips.find((c) => c.startMs >= ms && c.kind === 'video');
      if (clip !== undefined) return clip;
    }
    return undefined;
  }

  /** Starts of the clips known in a window, ascending. */
  startsIn(cameraId: string, window: Window): number[] {
    const starts = new Set<number>();
    for (let at = hourOf(window.fromMs); at < window.toMs; at += HOUR_MS) {
      for (const clip of this.#hours.get(keyOf(cameraId, at))?.clips ?? []) starts.add(clip.startMs);
    }
    return [...starts].sort((a, b) => a - b);
  }

  /** Forgets everything, e.g. when pictures are no longer allowed. */
  clear(): void {
    this.#hours.clear();
  }

  #hour(cameraId: string, ms: number, nowMs: number): Hour {
    const fromMs = hourOf(ms);
    const key = keyOf(cameraId, fromMs);
    const known = this.#hours.get(key);
    const believedMs = fromMs + HOUR_MS > nowMs - HOUR_MS ? FRESH_MS : SETTLED_MS;
    if (known !== undefined && performance.now() - known.askedAt < believedMs) return known;
    const hour = known ?? { clips: [], loaded: false, askedAt: 0 };
    hour.askedAt = performance.now();
    this.#hours.set(key, hour);
    this.#fetch(cameraId, { fromMs, toMs: fromMs + HOUR_MS }).then(
      (clips) => {
        hour.clips = clips;
        hour.loaded = true;
        this.#onArrival();
      },
      () => {
        // Tried again when the answer would no longer be believed; the refusal itself is told by the client.
        hour.loaded = true;
        this.#onArrival();
      },
    );
    return hour;
  }
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

function keyOf(cameraId: string, hourMs: number): string {
  return `${cameraId} ${String(hourOf(hourMs))}`;
}
