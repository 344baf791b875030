/**
 * The desk: what is shown, at which moment, how fast. One clock for all pictures; it waits for the active one to be
 * there, and skips what no shown camera has recorded.
 */
import type { Camera, Coverage } from '../../http/api/index.ts';
import { getClips } from '../api/endpoints.ts';
import { CameraPlayer, type Picture } from '../player/camera-player.ts';
import { ClipIndex } from '../player/clip-index.ts';
import { serverNow } from '../state/clock.ts';
import { auditStopped, purpose } from '../state/session.ts';
import { createStore, type Store } from '../state/store.ts';
import { momentSince, nextFootage, type Moment } from '../timeline/footage.ts';
import { onwards } from './onwards.ts';

export const SPEEDS: readonly number[] = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16];
export type Layout = 1 | 2 | 4;

export interface Stage {
  readonly layout: Layout;
  /** Cameras in the order of their tiles; the first `layout` of them are shown. */
  readonly order: readonly string[];
  /** Index of the active tile. */
  readonly active: number;
}

export interface Motion {
  /** 1 on, -1 back, 0 paused. */
  readonly direction: -1 | 0 | 1;
  readonly speed: number;
}

/** A frame that came later than this (the tab was hidden) does not move the time further than this. */
const LONGEST_STEP_MS = 100;
/** The desk's time is drawn to the picture's by this share of their difference per frame, up to this difference. */
const PULL = 0.1;
const PULL_UP_TO_MS = 500;
const SKIP_NOTE_MS = 3000;

export class Desk {
  readonly cameras: Store<readonly Camera[]>;
  readonly coverage: Store<Coverage>;
  readonly atMs = createStore(0);
  readonly stage = createStore<Stage>({ layout: 2, order: [], active: 0 });
  readonly motion = createStore<Motion>({ direction: 0, speed: 1 });
  readonly pictures = createStore<Readonly<Record<string, Picture>>>({});
  /** Length of the gap that was just skipped; null when none was. */
  readonly skippedMs = createStore<number | null>(null);
  /** Counts answers about clips, for those who draw them. */
  readonly clipsKnown = createStore(0);
  readonly clips: ClipIndex;
  readonly #players = new Map<string, CameraPlayer>();
  #frame = 0;
  #lastFrame = 0;
  #skipNote = 0;

  constructor(
    cameras: readonly Camera[],
    coverage: Coverage,
    start: { atMs: number; layout: Layout; order?: readonly string[] },
  ) {
    this.cameras = createStore(cameras);
    this.coverage = createStore(coverage);
    this.clips = new ClipIndex(getClips, () => {
      this.clipsKnown.update((n) => n + 1);
    });
    const ids = cameras.map((c) => c.id);
    const kept = (start.order ?? []).filter((id) => ids.includes(id));
    const order = [...kept, ...ids.filter((id) => !kept.includes(id))];
    this.stage.set({ layout: start.layout, order, active: 0 });
    this.atMs.set(start.atMs);
  }

  /** Begins to draw; returns the function that ends it and lets go of every picture. */
  run(): () => void {
    const tick = (now: number): void => {
      this.#step(Math.min(LONGEST_STEP_MS, now - this.#lastFrame));
      this.#lastFrame = now;
      this.#frame = requestAnimationFrame(tick);
    };
    this.#lastFrame = performance.now();
    this.#frame = requestAnimationFrame(tick);
    return () => {
      cancelAnimationFrame(this.#frame);
      for (const player of this.#players.values()) player.stop();
      this.#players.clear();
    };
  }

  get shown(): readonly string[] {
    const { order, layout } = this.stage.get();
    return order.slice(0, layout);
  }

  get activeCamera(): string {
    return this.shown[this.stage.get().active] ?? this.shown[0] ?? '';
  }

  /** Whether pictures may be asked for: a purpose stands and its record can be written. */
  get mayLook(): boolean {
    return purpose.get() !== null && !auditStopped.get();
  }

  player(cameraId: string): CameraPlayer {
    let player = this.#players.get(cameraId);
    if (player === undefined) {
      player = new CameraPlayer(cameraId, this.clips, (picture) => {
        this.pictures.update((all) => ({ ...all, [cameraId]: picture }));
      });
      this.#players.set(cameraId, player);
    }
    return player;
  }

  /** What a moment of a camera is: by the coverage, and by its clip when that is known to have fallen due. */
  moment(cameraId: string, ms: number): Moment {
    const camera = { id: cameraId, recording: this.#isRecording(cameraId) };
    const moment = momentSince(this.coverage.get(), camera, { ...this.#time(), ms });
    if (moment.kind !== 'there' || !this.mayLook) return moment;
    const found = this.clips.at(cameraId, ms, serverNow());
    if (found.kind !== 'clip' || found.clip.heldBy.length > 0) return moment;
    const due = found.clip.dueMs !== null && found.clip.dueMs <= serverNow();
    return due ? { kind: 'deleted', span: { fromMs: found.clip.startMs, toMs: found.clip.endMs } } : moment;
  }

  #isRecording(cameraId: string): boolean {
    return this.cameras.get().some((c) => c.id === cameraId && c.recording);
  }

  /** When the pictures of a moment go; undefined while their clip is still being recorded. */
  dueMs(cameraId: string, ms: number): number | undefined {
    const { nowMs, cutMs } = this.coverage.get();
    if (!this.mayLook) return ms + (nowMs - cutMs);
    const found = this.clips.at(cameraId, ms, serverNow());
    if (found.kind === 'clip') return found.clip.dueMs ?? undefined;
    return ms + (nowMs - cutMs);
  }

  next(cameraId: string, ms: number): number | undefined {
    return nextFootage({ ...this.coverage.get(), ...this.#time() }, cameraId, ms);
  }

  seek(ms: number): void {
    this.atMs.set(Math.min(ms, this.#time().nowMs));
    this.skippedMs.set(null);
  }

  /** The coverage is some seconds old; now and the cut move on each moment. */
  #time(): { nowMs: number; cutMs: number } {
    const { nowMs, cutMs } = this.coverage.get();
    const passed = Math.max(0, serverNow() - nowMs);
    return { nowMs: nowMs + passed, cutMs: cutMs + passed };
  }

  #step(elapsedMs: number): void {
    const { direction, speed } = this.motion.get();
    const rate = this.mayLook ? direction * speed : 0;
    if (rate !== 0) this.#advance(elapsedMs * rate, rate);
    const atMs = this.atMs.get();
    const nowMs = serverNow();
    for (const id of this.shown) {
      const allowed = this.mayLook && this.moment(id, atMs).kind === 'there';
      this.player(id).follow({ atMs, rate, nowMs, allowed });
    }
    for (const [id, player] of this.#players) if (!this.shown.includes(id)) player.stop();
  }

  #advance(byMs: number, rate: number): void {
    const active = this.player(this.activeCamera);
    const atMs = this.atMs.get();
    if (!active.keepsUp) return;
    const lead = rate > 0 ? active.lead(atMs) : 0;
    const pull = Math.abs(lead) < PULL_UP_TO_MS * rate ? lead * PULL : 0;
    const wanted = atMs + Math.max(0, byMs + pull) + Math.min(0, rate < 0 ? byMs : 0);
    const { nowMs } = this.#time();
    if (wanted >= nowMs) {
      this.motion.update((m) => ({ ...m, direction: 0 }));
      this.atMs.set(nowMs);
      return;
    }
    this.atMs.set(this.#skip(wanted, rate));
  }

  /** Past what no shown camera has: onwards to the next footage; a stop where none follows. */
  #skip(ms: number, rate: number): number {
    if (rate < 0) return ms;
    const on = onwards(
      this.shown.map((id) => this.moment(id, ms)),
      () => this.shown.flatMap((id) => this.next(id, ms) ?? []),
    );
    switch (on.is) {
      case 'there':
        return ms;
      case 'wait':
        return this.atMs.get();
      case 'skip':
        if (on.toMs - ms > 1000) this.#tellSkip(on.toMs - ms);
        return on.toMs;
      case 'end':
        this.motion.update((m) => ({ ...m, direction: 0 }));
        return ms;
    }
  }

  #tellSkip(lengthMs: number): void {
    this.skippedMs.set(lengthMs);
    clearTimeout(this.#skipNote);
    this.#skipNote = setTimeout(() => {
      this.skippedMs.set(null);
    }, SKIP_NOTE_MS);
  }
}
