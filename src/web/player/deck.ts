/** One video element with one clip. Two of them make a camera's player: one shows, the other is made ready. */
import type { ClipView } from '../../http/api/index.ts';
import { videoAddress } from '../api/endpoints.ts';

/** Chromium ends at 16. */
const FASTEST = 16;
const SLOWEST = 0.0625;
/** Seeking to the very end shows nothing; this much before it there is still a picture. */
const END_MARGIN_S = 0.04;
/** Playing this long without one decoded picture is blindness. */
const BLIND_AFTER_S = 1.5;

export class Deck {
  readonly video: HTMLVideoElement;
  clip: ClipView | undefined;
  /** Where the browser begins: the time stamp of the first picture, which some recorders do not begin at 0. Seconds. */
  #beginsS = 0;

  constructor(onChange: () => void) {
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.preload = 'auto';
    this.video.disablePictureInPicture = true;
    this.video.disableRemotePlayback = true;
    this.video.addEventListener('loadeddata', () => {
      this.#beginsS = this.video.currentTime;
    });
    for (const event of ['loadeddata', 'seeked', 'error', 'ended', 'playing', 'waiting']) {
      this.video.addEventListener(event, onChange);
    }
  }

  load(clip: ClipView): void {
    if (this.clip?.id === clip.id) {
      this.clip = clip;
      return;
    }
    this.clip = clip;
    this.#beginsS = 0;
    this.video.src = videoAddress(clip.id);
  }

  /** Lets go of the clip and of the connection it came through. */
  unload(): void {
    if (this.clip === undefined) return;
    this.clip = undefined;
    this.video.pause();
    this.video.removeAttribute('src');
    this.video.load();
  }

  get ready(): boolean {
    return this.clip !== undefined && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  get ended(): boolean {
    return this.video.ended || this.video.currentTime >= this.video.duration - END_MARGIN_S;
  }

  /** Moment of the recording that is shown, UTC milliseconds. */
  get atMs(): number {
    return (this.clip?.startMs ?? 0) + (this.video.currentTime - this.#beginsS) * 1000;
  }

  /** Shows the picture of a moment, unless a seek is under way: the next call catches up. */
  seek(ms: number): void {
    if (this.clip === undefined || this.video.seeking || !this.ready) return;
    const wanted = this.#beginsS + (ms - this.clip.startMs) / 1000;
    this.video.currentTime = Math.max(this.#beginsS, Math.min(wanted, this.video.duration - END_MARGIN_S));
  }

  /** `rate` above 0. */
  play(rate: number): void {
    this.video.playbackRate = Math.min(FASTEST, Math.max(SLOWEST, rate));
    // A refusal (the element was paused or emptied meanwhile) is seen by the next look at its state.
    if (this.video.paused && !this.video.ended) this.video.play().catch(() => undefined);
  }

  pause(): void {
    if (!this.video.paused) this.video.pause();
  }

  /** Frames were due and none came: the browser plays the time of a codec it cannot show. */
  get blind(): boolean {
    const { video } = this;
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return false;
    if (video.videoWidth === 0 || video.videoHeight === 0) return true;
    const running = !video.paused && !video.seeking && video.currentTime > BLIND_AFTER_S;
    return running && video.getVideoPlaybackQuality().totalVideoFrames === 0;
  }
}
