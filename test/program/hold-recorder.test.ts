/** Nothing breaks a hold: what a recorder that knows nothing of holds does to its own files, by the whole program. */
import { createHash } from 'node:crypto';
import { readFileSync, readSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import { holdOver } from '../support/sweeping.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const OTHER = Buffer.alloc(50_000, 'another content');

/** What it does to the file at this path; the alarm that tells of it, if anything is to be told. */
const DEEDS = {
  unlinks: { does: rmSync, alarm: 'held_content_gone' },
  renames: {
    does: (path: string) => {
      renameSync(path, `${path}.old`);
    },
    alarm: 'held_content_gone',
  },
  truncates: {
    does: (path: string) => {
      truncateSync(path);
    },
    alarm: 'held_content_changed',
  },
  overwrites: {
    does: (path: string) => {
      writeFileSync(path, OTHER);
    },
    alarm: 'held_content_changed',
  },
  replaces: {
    does: (path: string) => {
      writeFileSync(`${path}.new`, OTHER);
      renameSync(`${path}.new`, path);
    },
    alarm: 'held_content_changed',
  },
} satisfies Record<string, { does: (path: string) => void; alarm: string }>;
type Deed = keyof typeof DEEDS;
const ALL = Object.keys(DEEDS) as Deed[];

interface Clip {
  readonly id: number;
  readonly path: string;
  readonly sha256: string;
}

let w: Whole;
let clock: SimulatedClock;
const clips = new Map<Deed, Clip>();

beforeAll(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({ clock });
  await until(() => w.app.rooms.roots.list().every((r) => w.app.rooms.roots.verify(r.id) !== undefined));
  // Clips of different length: equal ones would be the same content to whoever looks for a lost one.
  const paths = ALL.map((_, i) => w.record('nvr', startOf(i), i + 2));
  const later = w.record('nvr', NOW - 10 * MINUTE);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  const known = w.app.rooms.reader.page({
    cameraId: 'entrance',
    window: { fromMs: 0, toMs: NOW },
    limit: 9,
  });
  ALL.forEach((deed, i) => {
    const path = w.path('nvr', paths[i]!);
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    clips.set(deed, { id: known.find((c) => c.startMs === startOf(i))!.id, path, sha256 });
  });
  const { terms } = holdOver(['entrance'], startOf(0), startOf(ALL.length));
  const asked = { ...terms, reviewMs: NOW + 60 * DAY };
  const { hold } = await w.app.rooms.holds.place(asked, { by: 'facility', key: undefined });
  await until(async () => (await w.app.rooms.holds.coverage(hold.holdId)).notPinned === 0);
  await w.app.rooms.preservation.preserver.run();
  for (const deed of ALL) DEEDS[deed].does(clips.get(deed)!.path);
  expect(w.has('nvr', later)).toBe(true);
});
afterAll(async () => {
  await w.close();
});

function startOf(i: number): number {
  return NOW - 120 * MINUTE + i * 10 * MINUTE;
}

/** The content that people are shown under the clip's id. */
async function playedOf(deed: Deed): Promise<string | undefined> {
  const opened = await w.app.rooms.footage.open(clips.get(deed)!.id);
  if (opened === undefined) return undefined;
  const content = Buffer.alloc(opened.sizeBytes);
  readSync(opened.fd, content, 0, content.length, 0);
  await opened.close();
  return createHash('sha256').update(content).digest('hex');
}

it.each(ALL)('its recorder %s a held file: what was held is played at once', async (deed) => {
  expect(await playedOf(deed)).toBe(clips.get(deed)!.sha256);
});

it.each(ALL)(
  'F-S21, F-S22, F-S23: ... is played when the scans are sure (%s), and an alarm tells',
  async (deed) => {
    if (deed === ALL[0])
      for (const minutes of [11, 61, 1]) {
        await w.app.rooms.ingest.reconcile('nvr', { full: true });
        clock.advance(minutes * MINUTE);
      }
    expect(await playedOf(deed)).toBe(clips.get(deed)!.sha256);
    expect(w.app.rooms.alarms.all().map((a) => a.code)).toContain(DEEDS[deed].alarm);
  },
);

it.each(ALL)('... and when its time is past and the sweep has been (%s)', async (deed) => {
  if (deed === ALL[0]) {
    clock.advance(15 * DAY);
    await w.job('clock');
    await w.job('sweep');
    expect(w.app.rooms.lastSweep).toMatchObject({ deleted: 1, failed: 0 });
  }
  expect(await playedOf(deed)).toBe(clips.get(deed)!.sha256);
});

it('every promise holds after all that', async () => {
  await w.app.rooms.preservation.preserver.run();
  await w.app.rooms.pinner.run();
  expect(checkState({ stateDir: w.config.stateDir }, 'size').findings).toEqual([]);
});
