/** A box with a true time that nobody on it knows, and whatever can happen to its clock: no clip goes early (I3). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SimulatedClock } from '../../src/base/clock.ts';
import { clipTimes, dueMs } from '../../src/clips/times.ts';
import { RetentionClock, type ClockEvent, type ClockRow } from '../../src/retention/retention-clock.ts';

const T0 = Date.UTC(2026, 10, 1, 12);
const RETENTION_MS = 14 * DAY_MS;
/** What rule (d) may take over without a source while a clip is kept. */
const ERROR_MS = 15 * 15 * MINUTE_MS;

interface Clip {
  readonly id: number;
  readonly trueEndMs: number;
  endMs: number;
  dueMs: number;
}

class Box {
  readonly clock = new SimulatedClock(T0);
  trueMs = T0;
  checkedBootMs: number | null = null;
  clips: Clip[] = [];
  lastId = 0;
  r: RetentionClock;
  readonly #trust: 'synchronised' | 'rtc';
  #row: ClockRow | undefined;

  constructor(trust: 'synchronised' | 'rtc') {
    this.#trust = trust;
    this.r = this.#start();
  }

  #start(): RetentionClock {
    const store = {
      load: () => this.#row,
      newestClip: () => this.lastId,
      save: (row: ClockRow, events: readonly ClockEvent[]) => {
        this.#row = row;
        for (const event of events) if (event.kind === 'accepted') this.#move(event);
      },
    };
    return new RetentionClock(this.clock, store, {
      trust: this.#trust,
      checkedBootMs: () => this.checkedBootMs,
    });
  }

  #move({ byMs, since }: Extract<ClockEvent, { kind: 'accepted' }>): void {
    for (const clip of this.clips) {
      if (since === null || clip.id <= since.clipId || clip.endMs < since.fromMs) continue;
      clip.endMs += byMs + since.behindMs;
      clip.dueMs += byMs + since.behindMs;
    }
  }

  pass(ms: number): void {
    this.clock.advance(ms);
    this.trueMs += ms;
    this.r.tick();
    for (const clip of this.clips.filter((c) => c.dueMs <= this.r.nowMs())) {
      expect(this.trueMs - clip.trueEndMs, `clip ${String(clip.id)}`).toBeGreaterThanOrEqual(
        RETENTION_MS - ERROR_MS,
      );
    }
    this.clips = this.clips.filter((c) => c.dueMs > this.r.nowMs());
  }

  record(): void {
    const wallMs = this.clock.wallMs();
    const seenMs = this.r.latestMs();
    const { endMs } = clipTimes({
      nameStartsMs: [wallMs - 10_000],
      nameEndsMs: [],
      mtimeMs: wallMs,
      lengthMs: 10_000,
      maxClipMs: HOUR_MS,
      firstSeenFinishedMs: seenMs,
      timesBelievable: this.r.timesBelievable(),
      trustNames: false,
    });
    const due = dueMs(endMs, seenMs, RETENTION_MS);
    this.lastId += 1;
    this.clips.push({ id: this.lastId, trueEndMs: this.trueMs, endMs, dueMs: due });
  }

  /** Off for a while; `wall`: what the box takes for the time when it comes back. */
  reboot(offMs: number, wall: 'battery' | 'file' | 'dead'): void {
    const saved = this.clock.wallMs();
    this.clock.reboot(offMs);
    this.trueMs += offMs + 20_000;
    if (wall === 'file') this.clock.stepWallTo(saved);
    if (wall === 'dead') this.clock.stepWallTo(0);
    this.checkedBootMs = null;
    this.r = this.#start();
  }

  /** A time source sets the clock right. */
  synchronise(): void {
    this.clock.stepWallTo(this.trueMs);
    this.checkedBootMs = this.clock.bootMs();
    this.r.tick();
  }

  /** Somebody or something sets the wall clock wrong. */
  step(byMs: number): void {
    this.clock.stepWallTo(this.clock.wallMs() + byMs);
    this.checkedBootMs = null;
    this.r.tick();
  }

  /** The virtual machine stood still: both clocks are late by as much, and no doubt shows until the time source speaks. */
  freeze(ms: number): void {
    this.trueMs += ms;
    this.pass(HOUR_MS);
    this.record();
    this.synchronise();
  }
}

const hours = (max: number): fc.Arbitrary<number> =>
  fc.double({ min: 0.1, max, noNaN: true }).map((h) => Math.round(h * HOUR_MS));
const named = (name: string, run: (b: Box) => void): ((b: Box) => void) =>
  Object.assign(run, { [fc.toStringMethod]: () => name });
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: hours(30).map((ms) =>
      named(`pass ${String(ms / HOUR_MS)} h`, (b) => {
        b.record();
        b.pass(ms);
        b.record();
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constant(
      named('synchronise', (b) => {
        b.synchronise();
      }),
    ),
  },
  fc.tuple(hours(600), fc.constantFrom('file' as const, 'dead' as const)).map(([off, wall]) =>
    named(`off ${String(off / HOUR_MS)} h, ${wall}`, (b) => {
      b.reboot(off, wall);
    }),
  ),
  hours(400).map((ms) =>
    named(`step ${String(ms / HOUR_MS)} h`, (b) => {
      b.step(ms);
    }),
  ),
  hours(400).map((ms) =>
    named(`step back ${String(ms / HOUR_MS)} h`, (b) => {
      b.step(-ms);
    }),
  ),
  hours(400).map((ms) =>
    named(`frozen ${String(ms / HOUR_MS)} h`, (b) => {
      b.freeze(ms);
    }),
  ),
);

it('no clip goes before it is due by true time, whatever happens to the wall clock', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 5, maxLength: 60 }), (acts) => {
      const box = new Box('synchronised');
      for (const run of acts) run(box);
      box.synchronise();
      for (let day = 0; day < 30; day += 1) box.pass(DAY_MS);
    }),
    { numRuns: 1500 },
  );
});

it('a clip of a synchronised box goes on its day, also when the box was off in between', () => {
  fc.assert(
    fc.property(hours(500), fc.boolean(), (off, battery) => {
      const box = new Box('synchronised');
      box.synchronise();
      box.pass(HOUR_MS);
      box.record();
      box.pass(20_000);
      box.reboot(off, battery ? 'battery' : 'file');
      box.synchronise();
      const [clip] = box.clips;
      expect((clip?.dueMs ?? 0) - (clip?.trueEndMs ?? 0)).toBe(RETENTION_MS);
      expect(box.r.nowMs()).toBe(box.trueMs);
    }),
  );
});

it('a trusted battery clock is enough to go on its day', () => {
  fc.assert(
    fc.property(hours(500), (off) => {
      const box = new Box('rtc');
      box.record();
      box.pass(20_000);
      box.reboot(off, 'battery');
      box.record();
      box.synchronise();
      for (const clip of box.clips) expect(clip.dueMs - clip.trueEndMs).toBe(RETENTION_MS);
    }),
  );
});
