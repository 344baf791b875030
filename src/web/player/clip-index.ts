/** Which clip shows a moment: clips are fetched by camera and hour, as they are needed. */
import type { ClipView } from '../../http/api/index.ts';
import type { Window } from '../api/endpoints.ts';
import { HOUR_MS } from '../time/zone.ts';

/** An hour that can still receive clips is asked again after this long. */
const FRESH_MS = 10_000;
/** Past the end of a clip that grew an answer is believed for this long: the clip has grown since. */
const GROWING_MS = 2000;
/** Older hours too, now and then: a hold or the sweep may have changed what is there. */
const SETTLED_MS = 5 * 60_000;
/** Two clips whose ends are nearer than this show one recording; the last picture stays meanwhile. */
export const SEAM_MS = 3000;

export type FetchClips = (cameraId: string, window: Window) => Promise<ClipView[]>;

interface Hour {
  clips: readonly ClipView[];
  loaded: boolean;
  askedAt: number;
  /** When what is known was asked for; before `askedAt` while an answer is awaited. */
  knownAt: number;
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

  /** The same of a moment that is known to have footage: past the end of a clip that grew, it is asked for anew. */
  ofFootage(cameraId: string, ms: number, nowMs: number): Found {
    const found = this.at(cameraId, ms, nowMs);
    if (found.kind !== 'none') return found;
    const hour = this.#hour(cameraId, ms, nowMs);
    const last = hour.clips.findLast((c) => c.startMs <= ms && c.kind === 'video');
    if (last?.state !== 'recording' || performance.now() - hour.knownAt < GROWING_MS) return found;
    if (hour.askedAt === hour.knownAt) this.#ask(cameraId, hourOf(ms), hour);
    return { kind: 'asking' };
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
    const hour = known ?? { clips: [], loaded: false, askedAt: 0, knownAt: 0 };
    this.#hours.set(key, hour);
    this.#ask(cameraId, fromMs, hour);
    return hour;
  }

  #ask(cameraId: string, fromMs: number, hour: Hour): void {
    const askedAt = performance.now();
    hour.askedAt = askedAt;
    const heard = (): void => {
      hour.loaded = true;
      hour.knownAt = askedAt;
      this.#onArrival();
    };
    this.#fetch(cameraId, { fromMs, toMs: fromMs + HOUR_MS }).then((clips) => {
      hour.clips = clips;
      heard();
      // Tried again when the answer would no longer be believed; the refusal itself is told by the client.
    }, heard);
  }
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

function keyOf(cameraId: string, hourMs: number): string {
  return `${cameraId} ${String(hourOf(hourMs))}`;
}
