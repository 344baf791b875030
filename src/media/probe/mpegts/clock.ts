/**
 * The times of a transport stream on one line. They are 33 bits of a 90 kHz clock that wraps, that a recorder sets
 * back when it starts anew, and that damage changes: a time that those around it do not bear out is left out.
 */

/** One presentation time, in the order of the file. */
export interface Stamp {
  readonly pts: number;
  readonly kind: 'picture' | 'sound';
  /** Of a picture at which decoding can begin; known when more of its packets were read. */
  key: boolean;
}

/** A time that is believed: `at` ticks behind the first. */
export interface Placed {
  readonly at: number;
  readonly stamp: Stamp;
}

/** Where the 33 bits wrap. */
const WRAP = 2 ** 33;

export const TICKS_PER_MS = 90;
const TICKS_PER_S = 1000 * TICKS_PER_MS;

/** A longer pause is a jump of the recorder's clock, not footage: as for fragments of MP4. */
const MAX_PAUSE = 3600 * TICKS_PER_S;

/** Reordered pictures, and sound beside pictures, step back less than this; what steps back further begins anew. */
const MAX_BACK = 10 * TICKS_PER_S;

/** Times of one kind follow one another within this, or within so many of their usual steps. */
const MIN_NEAR = 2 * TICKS_PER_S;
const NEAR_STEPS = 16;

/** When one of so many times that follow goes on from before a jump, the jump was damage. */
const FOLLOWING = 4;

/**
 * The believed times of a file, of which `windows` were read, in their order; where one ends, bytes were left out.
 * Pieces between which the clock jumps (by more than an hour, or back) come one behind the other, `pictureTicks` apart.
 */
export function onOneLine(windows: readonly (readonly Stamp[])[], pictureTicks: number): Placed[] {
  const runs: Run[] = [];
  for (const window of windows) {
    for (const run of runs) run.leaveOut();
    for (const stamp of believed(window)) {
      // After a jump, late packets of the other kind still carry times from before it.
      const run = runs.slice(-2).findLast((r) => r.takes(stamp));
      if (run === undefined) runs.push(new Run(stamp));
    }
  }
  let end = 0;
  return runs.flatMap((run) => {
    const shift = end - run.first;
    end = run.last + shift + pictureTicks;
    return run.times.map(({ at, stamp }) => ({ at: at + shift, stamp }));
  });
}

/** Distances of pictures that were read on end, as presented: ascending times without the same twice. */
export function stepsOf(placed: readonly Placed[]): number[] {
  const times = placed.filter((p) => p.stamp.kind === 'picture').map((p) => p.at);
  times.sort((a, b) => a - b);
  return times.map((t, i) => t - (times[i - 1] ?? t)).filter((step) => step > 0);
}

/** Times that the clock went through without a jump. */
class Run {
  readonly times: Placed[] = [];
  first = Infinity;
  last = -Infinity;
  /** The time taken last, and the last of each kind since bytes were left out. */
  #latest: number;
  readonly #of: { picture?: number | undefined; sound?: number | undefined } = {};
  #leftOut = false;

  constructor(stamp: Stamp) {
    this.#latest = stamp.pts;
    this.#add(stamp.pts, stamp);
  }

  /** Bytes were left out: the next time may be any later one. */
  leaveOut(): void {
    this.#leftOut = true;
    this.#of.picture = this.#of.sound = undefined;
  }

  /** Takes the time when the clock can have come to it. */
  takes(stamp: Stamp): boolean {
    const from = this.#of[stamp.kind] ?? this.#latest;
    const step = distance(from, stamp.pts);
    if (step < -MAX_BACK || (step > MAX_PAUSE && !this.#leftOut)) return false;
    this.#leftOut = false;
    this.#add(from + step, stamp);
    return true;
  }

  #add(at: number, stamp: Stamp): void {
    this.times.push({ at, stamp });
    this.#latest = this.#of[stamp.kind] = at;
    this.first = Math.min(this.first, at);
    this.last = Math.max(this.last, at);
  }
}

/** Without the times that no others bear out. */
function believed(window: readonly Stamp[]): readonly Stamp[] {
  const out = new Set<Stamp>();
  for (const kind of ['picture', 'sound'] as const) {
    for (const stamp of outliers(window.filter((s) => s.kind === kind))) out.add(stamp);
  }
  return out.size === 0 ? window : window.filter((s) => !out.has(s));
}

/** Times of one kind, read on end, that are far from those before and that the next ones do not follow. */
function outliers(stamps: readonly Stamp[]): Stamp[] {
  const near = nearness(stamps);
  let before: Stamp | undefined;
  return stamps.filter((stamp, i) => {
    const step = before === undefined ? undefined : distance(before.pts, stamp.pts);
    const usual = step !== undefined && Math.abs(step) <= near;
    if (!usual && strays({ stamp, before, next: stamps.slice(i + 1, i + 1 + FOLLOWING), near })) return true;
    before = stamp;
    return false;
  });
}

interface Doubtful {
  readonly stamp: Stamp;
  readonly before: Stamp | undefined;
  readonly next: readonly Stamp[];
  readonly near: number;
}

function strays({ stamp, before, next, near }: Doubtful): boolean {
  if (before === undefined) return strayFirst(stamp, next, near);
  const step = distance(before.pts, stamp.pts);
  // The last of all has none to bear it out: a pause is believed, a jump is not.
  if (next.length === 0) return step < 0 || step > MAX_PAUSE;
  return next.some((s) => Math.abs(distance(before.pts, s.pts)) <= near);
}

/** Whether the first time does not belong to those behind it, which belong together. */
function strayFirst(stamp: Stamp, [second, third]: readonly Stamp[], near: number): boolean {
  if (second === undefined || third === undefined) return false;
  const step = distance(stamp.pts, second.pts);
  return (step < -near || step > MAX_PAUSE) && Math.abs(distance(second.pts, third.pts)) <= near;
}

/** How far from one another times of one kind may be without a doubt. A recorder may keep one picture a minute. */
function nearness(stamps: readonly Stamp[]): number {
  const steps = stamps.slice(1).map((s, i) => Math.abs(distance(stamps[i]?.pts ?? 0, s.pts)));
  return Math.max(MIN_NEAR, NEAR_STEPS * (median(steps) ?? 0));
}

export function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** From one time to another, the shorter way around the clock. */
function distance(from: number, to: number): number {
  const ahead = (((to - from) % WRAP) + WRAP) % WRAP;
  return ahead < WRAP / 2 ? ahead : ahead - WRAP;
}
