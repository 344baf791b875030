/** Setting is easy, ending is hard: whatever people do to a hold, in whatever order, only two of them make it bind less. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as acts from '../../src/holds/acts.ts';
import { binds, covers, partsOf, stands, type HoldVersion, type Scope } from '../../src/holds/hold.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { decide } from '../../src/retention/decide.ts';
import { holdOver } from '../support/sweeping.ts';

const MINUTE = 60_000;
const COOLING_OFF = 5 * MINUTE;
const CAMERAS = ['entrance', 'hall'];
const PEOPLE = ['m.bakker', 'k.smit', 'a.jansen', 'j.devries'];
/** Far enough apart that the margin of one does not reach the next. */
const MOMENTS = [0, 10, 20, 30, 40].map((n) => n * MINUTE);

const scope: fc.Arbitrary<Scope> = fc
  .record({
    cameraIds: fc.subarray(CAMERAS, { minLength: 1 }),
    from: fc.integer({ min: 0, max: 3 }),
    length: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ cameraIds, from, length }) => ({
    cameraIds,
    window: { fromMs: from * 10 * MINUTE - 2 * MINUTE, toMs: (from + length) * 10 * MINUTE - 2 * MINUTE },
    endMs: null,
  }));
type Name = 'confirm' | 'widen' | 'review' | 'release' | 'narrow' | 'grant' | 'refuse' | 'withdraw';
const step = fc.record({
  act: fc.constantFrom<Name>(
    'confirm',
    'widen',
    'review',
    'release',
    'narrow',
    'narrow',
    'grant',
    'grant',
    'refuse',
    'withdraw',
  ),
  by: fc.constantFrom(...PEOPLE),
  to: scope,
  minutes: fc.integer({ min: 0, max: 4 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const RULES = { coolingOffMs: COOLING_OFF, aloneAfterMs: undefined };

function after(hold: HoldVersion, { act, by, to }: Step, nowMs: number): HoldVersion {
  const actor = { by, reason: 'Because it is so, and no other way.', nowMs };
  switch (act) {
    case 'confirm':
      return acts.confirmed(hold, actor);
    case 'widen':
      return acts.widened(hold, actor, { ...to, coolingOffMs: COOLING_OFF });
    case 'review':
      return acts.reviewed(hold, actor, nowMs + MINUTE);
    case 'release':
      return acts.asked(hold, actor, { to: undefined, rules: RULES });
    case 'narrow':
      return acts.asked(hold, actor, { to, rules: RULES });
    case 'grant':
      return acts.granted(hold, actor, COOLING_OFF);
    case 'refuse':
      return acts.refused(hold, actor);
    case 'withdraw':
      return acts.withdrawn(hold, actor);
  }
}

const clipAt = (
  cameraId: string,
  atMs: number,
): { cameraId: string; intervals: [{ fromMs: number; toMs: number }] } => ({
  cameraId,
  intervals: [{ fromMs: atMs, toMs: atMs + 1 }],
});
const isBound = (hold: HoldVersion, cameraId: string, atMs: number, nowMs: number): boolean =>
  partsOf(hold).some((part) => binds(part, nowMs) && covers(part.terms, clipAt(cameraId, atMs)));

/** Until when each place is owed: what is placed or widened for ever, what two people gave up until it has cooled off. */
class Owed {
  readonly #until = new Map<string, number>();
  set(hold: HoldVersion): void {
    for (const [key, cameraId, atMs] of places())
      if (covers(hold.terms, clipAt(cameraId, atMs))) this.#until.set(key, Infinity);
  }
  giveUp(hold: HoldVersion, nowMs: number): void {
    for (const [key, cameraId, atMs] of places()) {
      const left = hold.releasedMs === null && covers(hold.terms, clipAt(cameraId, atMs));
      if (!left && this.#until.get(key) === Infinity) this.#until.set(key, nowMs + COOLING_OFF);
    }
  }
  isOwed(key: string, nowMs: number): boolean {
    return nowMs < (this.#until.get(key) ?? -Infinity);
  }
}

function places(): [key: string, cameraId: string, atMs: number][] {
  return CAMERAS.flatMap((c) => MOMENTS.map((ms): [string, string, number] => [`${c} ${String(ms)}`, c, ms]));
}

const first = holdOver(CAMERAS, -2 * MINUTE, 48 * MINUTE);

/** Lives the steps that are accepted; `see` is told what was before and after each. */
function live(
  steps: readonly Step[],
  see: (before: HoldVersion, now: HoldVersion, nowMs: number) => void,
): void {
  let hold = first;
  let nowMs = 0;
  for (const next of steps) {
    nowMs += next.minutes * MINUTE;
    const before = hold;
    try {
      hold = after(hold, next, nowMs);
    } catch {
      // Not possible now, or not for this person: nothing has changed.
    }
    see(before, hold, nowMs);
  }
}

describe('whatever people do to a hold', () => {
  it('everything it ever bound is bound, until two people gave it up and it has cooled off', () => {
    let released = 0;
    let narrowed = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 40, size: '+1' }), (steps) => {
        const owed = new Owed();
        owed.set(first);
        live(steps, (before, now, nowMs) => {
          if (now !== before && ['widened', 'withdrawn'].includes(now.act)) owed.set(now);
          if (now !== before && ['narrowed', 'released'].includes(now.act)) owed.giveUp(now, nowMs);
          released += Number(now !== before && now.act === 'released');
          narrowed += Number(now !== before && now.act === 'narrowed');
          for (const [key, cameraId, atMs] of places())
            if (owed.isOwed(key, nowMs)) expect(isBound(now, cameraId, atMs, nowMs), key).toBe(true);
        });
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(released, narrowed)).toBeGreaterThan(50);
  });

  it('nobody grants what they asked, and nobody confirms what they set', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 40, size: '+1' }), (steps) => {
        live(steps, (before, now) => {
          if (now === before) return;
          if (now.act === 'narrowed' || now.act === 'released') {
            expect(now.askedBy).toBe(before.pending?.by);
            expect(now.by).not.toBe(now.askedBy);
          }
          if (now.act === 'confirmed') expect(now.by).not.toBe(before.boundBy);
          if (now.act === 'widened') expect(now).toMatchObject({ confirmedBy: null, boundBy: now.by });
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('what it gave up is seen by nobody past its time, and what stands by those it names', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 40, size: '+1' }), (steps) => {
        live(steps, (_before, now, nowMs) => {
          const set = new HoldSet();
          set.add(now);
          for (const [, cameraId, atMs] of places()) {
            const clip = { ...PAST, ...clipAt(cameraId, atMs) };
            const { mayView, onlyFor } = decide(clip, set.ofCamera(cameraId), nowMs);
            const kept = stands(now, nowMs) && covers(now.terms, clip);
            expect(mayView).toBe(kept);
            expect(onlyFor ?? []).toEqual(kept ? now.terms.viewers : []);
          }
        });
      }),
    );
  });
});

const PAST = {
  id: 1,
  rootId: 'nvr',
  kind: 'video',
  state: 'live',
  startMs: 0,
  endMs: 1,
  endFrom: 'name',
  dueMs: -1,
  firstSeenMs: 0,
  finishedMs: 0,
  sizeBytes: 1,
  flags: [],
} as const;
