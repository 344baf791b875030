/**
 * The picture of one camera at any moment: plays the clip of that moment and runs on into the next one, which has been
 * made ready in a second element by then. Time is the desk's; the player follows it.
 */
import type { ClipView } from '../../http/api/index.ts';
import { diagnose } from '../api/client.ts';
import { videoAddress } from '../api/endpoints.ts';
import { SEAM_MS, type ClipIndex } from './clip-index.ts';
import { Deck } from './deck.ts';
import { obstacleOf, type Obstacle } from './obstacle.ts';

/** What the tile says over the picture. */
export type Picture =
  | { readonly kind: 'empty' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'showing'; readonly clip: ClipView }
  | { readonly kind: 'unplayable'; readonly obstacle: Obstacle; readonly clip: ClipView }
  | { readonly kind: 'unreadable'; readonly clip: ClipView }
  | { readonly kind: 'failed'; readonly code: string };

export interface Playing {
  readonly atMs: number;
  /** Signed speed; 0 while paused. Backwards is a sequence of single pictures. */
  readonly rate: number;
  readonly nowMs: number;
  /** Whether the moment may be seen at all. */
  readonly allowed: boolean;
}

/** The next clip is fetched when this much of the present one, at its speed, is left. */
const AHEAD_MS = 4000;
/** Further apart than this (at speed 1), picture and desk are brought together by a seek. */
const DRIFT_MS = 350;
const STILL_MS = 15;

export class CameraPlayer {
  readonly #cameraId: string;
  readonly #index: ClipIndex;
  readonly #onPicture: (picture: Picture) => void;
  #front: Deck;
  #back: Deck;
  #picture: Picture = { kind: 'empty' };
  #failures = new Map<number, Picture>();

  constructor(cameraId: string, index: ClipIndex, onPicture: (picture: Picture) => void) {
    this.#cameraId = cameraId;
    this.#index = index;
    this.#onPicture = onPicture;
    this.#front = new Deck(() => {
      this.#look();
    });
    this.#back = new Deck(() => {
      this.#look();
    });
  }

  /** Puts the two elements into the tile; the one with `data-front` is seen. */
  attach(host: HTMLElement): void {
    host.replaceChildren(this.#front.video, this.#back.video);
    this.#turn();
  }

  stop(): void {
    this.#front.unload();
    this.#back.unload();
    this.#failures.clear();
  }

  /** Whether the desk's time may move on: the picture of the moment is there, or none will come. */
  get keepsUp(): boolean {
    return this.#picture.kind !== 'loading';
  }

  /** How far the picture is ahead of the desk's time, in milliseconds; 0 when that cannot be said. */
  lead(atMs: number): number {
    const { clip, ended, video } = this.#front;
    if (clip === undefined || ended || video.seeking || video.paused) return 0;
    return atMs >= clip.startMs && atMs < clip.endMs ? this.#front.atMs - atMs : 0;
  }

  /** Frames decoded by both elements, for those who measure. */
  get framesDecoded(): number {
    const count = (d: Deck): number => d.video.getVideoPlaybackQuality().totalVideoFrames;
    return count(this.#front) + count(this.#back);
  }

  /** Called once per frame with the desk's time. */
  follow(playing: Playing): void {
    if (!playing.allowed) {
      this.#front.unload();
      this.#back.unload();
      this.#say({ kind: 'empty' });
      return;
    }
    const found = this.#index.ofFootage(this.#cameraId, playing.atMs, playing.nowMs);
    if (found.kind === 'clip') this.#show(found.clip, playing);
    else if (found.kind === 'asking') this.#say({ kind: 'loading' });
    else this.#bridge(playing);
  }

  /** Between two clips of one recording the last picture stays; in a gap there is none. */
  #bridge(playing: Playing): void {
    this.#front.pause();
    const next = this.#index.after(this.#cameraId, playing.atMs, playing.nowMs);
    const seam = next !== undefined && next.startMs - playing.atMs < SEAM_MS;
    if (seam) this.#back.load(next);
    if (!seam || this.#front.clip === undefined) this.#say({ kind: 'empty' });
  }

  #show(clip: ClipView, playing: Playing): void {
    const failure = this.#failures.get(clip.id);
    if (failure !== undefined) {
      this.#front.pause();
      this.#say(failure);
      return;
    }
    if (clip.flags.includes('unreadable')) {
      this.#front.pause();
      this.#say({ kind: 'unreadable', clip });
      return;
    }
    if (this.#front.clip?.id !== clip.id) {
      if (!this.#bring(clip, playing)) {
        this.#front.pause();
        this.#say({ kind: 'loading' });
        return;
      }
      this.#turnTo(this.#back);
    }
    this.#front.load(clip);
    this.#move(playing);
    this.#prepare(clip, playing);
  }

  /** Makes the other element show the moment in the clip; whether it does. */
  #bring(clip: ClipView, playing: Playing): boolean {
    const deck = this.#back;
    deck.load(clip);
    this.#check(deck);
    if (!deck.ready || deck.video.seeking) return false;
    if (deck.ended || Math.abs(deck.atMs - playing.atMs) <= DRIFT_MS * Math.max(1, playing.rate)) return true;
    deck.seek(playing.atMs);
    return false;
  }

  #move(playing: Playing): void {
    const deck = this.#front;
    this.#check(deck);
    if (!deck.ready) {
      this.#say({ kind: 'loading' });
      return;
    }
    const off = Math.abs(deck.atMs - playing.atMs);
    if (playing.rate > 0) {
      if (off > DRIFT_MS * Math.max(1, playing.rate) && !deck.ended) deck.seek(playing.atMs);
      deck.play(playing.rate);
    } else {
      deck.pause();
      if (off > STILL_MS && !(deck.ended && playing.atMs > deck.atMs)) deck.seek(playing.atMs);
    }
    if (deck.clip !== undefined && this.#failures.get(deck.clip.id) === undefined) {
      this.#say({ kind: 'showing', clip: deck.clip });
    }
  }

  #prepare(clip: ClipView, playing: Playing): void {
    if (playing.rate <= 0 || clip.endMs - playing.atMs > AHEAD_MS * Math.max(1, playing.rate)) return;
    const next = this.#index.after(
      this.#cameraId,
      Math.max(clip.endMs - SEAM_MS, clip.startMs + 1),
      playing.nowMs,
    );
    if (next === undefined || next.startMs - clip.endMs > SEAM_MS) return;
    if (!next.flags.includes('unreadable')) this.#back.load(next);
  }

  /** Notices a clip that will never show a picture, and why. */
  #check(deck: Deck): void {
    const { clip, video } = deck;
    if (clip === undefined || this.#failures.has(clip.id)) return;
    if (deck.blind) this.#fail(clip, unplayable(deck, clip));
    if (video.error === null) return;
    // Held open with the cause unknown until the server has been asked.
    this.#failures.set(clip.id, { kind: 'loading' });
    void diagnose(videoAddress(clip.id)).then((refusal) => {
      this.#fail(
        clip,
        refusal === undefined ? unplayable(deck, clip) : { kind: 'failed', code: refusal.code },
      );
      deck.unload();
    });
  }

  #fail(clip: ClipView, picture: Picture): void {
    this.#failures.set(clip.id, picture);
    if (this.#picture.kind === 'loading') this.#say(picture);
    // What the server refused may be allowed later; what cannot be decoded stays so.
    if (picture.kind === 'failed') setTimeout(() => this.#failures.delete(clip.id), 5000);
  }

  #look(): void {
    this.#check(this.#front);
    this.#check(this.#back);
  }

  #turnTo(deck: Deck): void {
    if (deck === this.#front) return;
    [this.#front, this.#back] = [this.#back, this.#front];
    this.#back.pause();
    this.#turn();
  }

  #turn(): void {
    this.#front.video.dataset['front'] = '';
    delete this.#back.video.dataset['front'];
  }

  #say(picture: Picture): void {
    const was = this.#picture;
    const same =
      was.kind === picture.kind &&
      ('clip' in was ? was.clip : undefined) === ('clip' in picture ? picture.clip : undefined);
    this.#picture = picture;
    if (!same) this.#onPicture(picture);
  }
}

function unplayable({ video }: Deck, clip: ClipView): Picture {
  const canPlay = (type: string): boolean => video.canPlayType(type) !== '';
  return { kind: 'unplayable', obstacle: obstacleOf(clip, canPlay), clip };
}
