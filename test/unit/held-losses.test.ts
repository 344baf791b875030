import { expect, test } from 'vitest';
import { HeldLosses, type HeldLossParts } from '../../src/app/held-losses.ts';
import type { Standing } from '../../src/alarms/alarms.ts';
import type { Clip } from '../../src/clips/clip.ts';

const AT = Date.UTC(2026, 10, 20, 10, 30);
const clip = (id: number, minute = 0): Clip =>
  ({ id, cameraId: 'hall', startMs: AT + minute * 60_000 }) as Partial<Clip> as Clip;

/** Where each clip lies: at its own place, among the pins, among the copies. */
function losses(dirs: Readonly<Record<number, string>>, change: Partial<HeldLossParts> = {}) {
  let standing: Standing | undefined;
  const heldLosses = new HeldLosses({
    alarms: {
      all: () => (standing === undefined ? [] : [{ ...standing, sinceMs: AT }]),
      raise: (s) => {
        standing = s;
      },
    },
    location: (id) => ({
      rootId: 'nvr',
      dir: dirs[id] ?? 'cam',
      name: 'x',
      ino: 1n,
      sizeBytes: 1,
      mtimeNs: 1n,
    }),
    pins: { places: () => [] },
    copies: { places: () => [] },
    zone: 'Europe/Amsterdam',
    ...change,
  });
  return { heldLosses, detail: () => standing?.detail };
}

test('the first clips are named by their time in the site’s zone, the others counted, and what they are played from', () => {
  const dirs = { 1: '.fortnight/holds/a', 2: '.fortnight/copies', 3: '.fortnight/copies' };
  const { heldLosses, detail } = losses(dirs);
  heldLosses.raise('held_content_gone', [clip(4, 3), clip(3, 2), clip(2, 1), clip(1), clip(5, 4)]);
  expect(detail()).toEqual({
    clips: 5,
    at: '2026-11-20 11:30, 2026-11-20 11:31, 2026-11-20 11:32 (+2)',
    pinned: 1,
    copied: 2,
    lost: 2,
  });
});

test('a clip that is told of again counts once, until the alarm has ended', () => {
  const { heldLosses, detail } = losses({});
  heldLosses.raise('held_content_gone', [clip(1)]);
  heldLosses.raise('held_content_gone', [clip(1), clip(2, 1)]);
  expect(detail()).toMatchObject({ clips: 2 });
  const ended = losses(
    {},
    {
      alarms: {
        all: () => [],
        raise: (s) => {
          expect(s.detail).toMatchObject({ clips: 1 });
        },
      },
    },
  );
  ended.heldLosses.raise('held_content_gone', [clip(1)]);
  ended.heldLosses.raise('held_content_gone', [clip(2)]);
});

test('a clip that is missing is played from its pin, or from its copy; one that was written over from neither', () => {
  const pinned = losses({}, { pins: { places: () => [{ dir: 'd', name: 'n' }] } });
  pinned.heldLosses.raise('held_content_gone', [clip(1)]);
  expect(pinned.detail()).toMatchObject({ pinned: 1 });
  const copied = losses(
    {},
    { copies: { places: () => [{ rootId: 'nvr', dir: 'd', name: 'n', ino: 1n, mtimeNs: 1n }] } },
  );
  copied.heldLosses.raise('held_content_gone', [clip(1)]);
  expect(copied.detail()).toMatchObject({ copied: 1 });
  pinned.heldLosses.raise('held_content_changed', [clip(1)]);
  expect(pinned.detail()).toMatchObject({ lost: 1 });
});
