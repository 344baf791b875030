import { describe, expect, it } from 'vitest';
import { inspect, type Expected, type Neighbour } from '../../src/holds/keep/inspection.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Hourly files of a camera that records without a pause; the one at 0 is looked at. */
const hourly = (change: Partial<Expected> = {}): Expected => {
  const file = (startMs: number): Neighbour => ({ startMs, endMs: startMs + HOUR - 2000 });
  return {
    startMs: 0,
    claimedMs: HOUR - 2000,
    before: [-HOUR, -2 * HOUR, -3 * HOUR].map(file),
    after: [HOUR, 2 * HOUR, 3 * HOUR].map(file),
    ...change,
  };
};
const decoded = (decodedMs: number | null, errors = 0) => ({ decodedMs, errors });

describe('a clip that was decoded to its end', () => {
  it('is whole when nothing was wrong and it is as long as its container says', () => {
    expect(inspect(decoded(HOUR - 2000), hourly())).toMatchObject({ found: 'whole', shortMs: 0 });
    expect(inspect(decoded(HOUR - 3900), hourly())).toMatchObject({ found: 'whole' });
  });

  it('ends early when its container claims more than there is', () => {
    const expected = hourly({ before: [], after: [] });
    const found = inspect(decoded(48 * MINUTE, 7), expected);
    expect(found).toEqual({
      found: 'ends_early',
      decodedMs: 48 * MINUTE,
      shortMs: 12 * MINUTE - 2000,
      errors: 7,
    });
  });

  it('ends early when its container is content and its camera went on only an hour after it began', () => {
    const found = inspect(decoded(48 * MINUTE), hourly({ claimedMs: 48 * MINUTE }));
    expect(found).toMatchObject({ found: 'ends_early', shortMs: 12 * MINUTE });
  });

  it('is damaged, and of full length, when only something in it does not decode', () => {
    expect(inspect(decoded(HOUR - 2000, 3), hourly())).toMatchObject({
      found: 'errors',
      shortMs: 0,
      errors: 3,
    });
    expect(inspect(decoded(null, 900), hourly())).toMatchObject({ found: 'errors', decodedMs: null });
  });

  it('owes all of its length when nothing of it decodes', () => {
    const found = inspect(decoded(0, 1), hourly({ before: [], after: [] }));
    expect(found).toMatchObject({ found: 'ends_early', shortMs: HOUR - 2000 });
  });

  it('owes nothing when nobody knows how long it ought to be', () => {
    const expected = hourly({ claimedMs: null, before: [], after: [] });
    expect(inspect(decoded(1000), expected)).toMatchObject({ found: 'whole' });
  });
});

describe('the time until the next clip', () => {
  const claimedMs = 10_000;
  it('is not owed by a camera that records when something moves', () => {
    const moved = (startMs: number): Neighbour => ({ startMs, endMs: startMs + 10_000 });
    // Even when it happens to move in one rhythm.
    const expected = {
      startMs: 0,
      claimedMs,
      before: [-300_000, -600_000, -900_000].map(moved),
      after: [300_000, 600_000, 900_000].map(moved),
    };
    expect(inspect(decoded(10_000), expected)).toMatchObject({ found: 'whole' });
  });

  it('is not owed by the last file before a pause, or by the only one of another length', () => {
    const { before, after } = hourly();
    const later = after.map(({ startMs, endMs }) => ({
      startMs: startMs + 5 * HOUR,
      endMs: endMs + 5 * HOUR,
    }));
    const pause = hourly({ before, after: later });
    expect(inspect(decoded(HOUR - 2000), pause)).toMatchObject({ found: 'whole' });
  });

  it('is owed only when two clips beside it have its rhythm and fill it', () => {
    const one = hourly({ claimedMs: 48 * MINUTE, before: [], after: hourly().after.slice(0, 2) });
    expect(inspect(decoded(48 * MINUTE), one)).toMatchObject({ found: 'whole' });
    const two = hourly({ claimedMs: 48 * MINUTE, before: [] });
    expect(inspect(decoded(48 * MINUTE), two)).toMatchObject({ found: 'ends_early' });
  });
});
