/** Preserved clips in the whole program: decoded, and what is wrong with them is said to people. */
import { readFileSync, readdirSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { preserved } from '../../src/cli/hold-words.ts';
import { createInspectionStore } from '../../src/db/holds/inspections.ts';
import type { HoldPreservation } from '../../src/http/api/index.ts';
import { MINUTE, startWhole, until, type Whole } from '../support/whole.ts';
import { holdOver } from '../support/sweeping.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const START = NOW - 30 * MINUTE;
const startOf = (n: number): number => START + n * 10_000;
let w: Whole;
let holdId: string;

/** Ten clips of ten seconds, one after the other; one was written over, and one stops after five seconds. */
beforeAll(async () => {
  let nvr = '';
  w = await startWhole({
    clock: new SimulatedClock(NOW),
    prepare: (dir) => {
      nvr = join(dir, 'nvr');
    },
    before: (record) => {
      for (let n = 0; n < 10; n += 1) {
        const path = join(nvr, record('nvr', startOf(n), n === 6 ? 5 : 10));
        if (n === 3) spoil(path, startOf(n + 1));
      }
    },
  });
  await until(() => w.app.rooms.reader.totals().some((t) => t.clips === 10));
  w.app.rooms.roots.confirmAdoption('nvr', { actor: 'facility', trustNames: false });
  await until(() => w.app.rooms.roots.verify('nvr') !== undefined);
  const { terms } = holdOver(['entrance'], START - MINUTE, NOW);
  ({ holdId } = (await w.app.rooms.holds.place(terms, { by: 'facility', key: 'k1' })).hold);
  await w.app.rooms.pinner.run();
  await w.app.rooms.preservation.preserver.run();
});
afterAll(async () => {
  await w.close();
});

function spoil(path: string, endMs: number): void {
  const content = readFileSync(path);
  const middle = Math.floor(content.length / 2);
  content.fill(0xa5, middle, middle + 4000);
  writeFileSync(path, content);
  utimesSync(path, endMs / 1000, endMs / 1000);
}

const preservation = async (): Promise<HoldPreservation> => {
  const facility = await w.as('facility');
  const reply = await facility.get(`/api/v1/holds/${holdId}/preservation`);
  expect(reply.status).toBe(200);
  return reply.json as unknown as HoldPreservation;
};

it('before copies are decoded nothing is claimed of them', async () => {
  const { covered, pinned, copied, whole, damaged, unchecked } = await preservation();
  expect([covered, pinned, copied, whole, damaged, unchecked]).toEqual([10, 10, 10, 0, 0, 0]);
});

it('decoded copies are whole, or it is said which end early and which are damaged', async () => {
  await w.app.rooms.preservation.inspector.run();
  const found = await preservation();
  expect(found).toMatchObject({ copied: 10, whole: 8, damaged: 2, unchecked: 0 });
  const [spoiled, short] = found.flaws;
  expect(spoiled).toMatchObject({ cameraId: 'entrance', startMs: startOf(3), what: 'errors', shortMs: 0 });
  expect(short).toMatchObject({ cameraId: 'entrance', startMs: startOf(6), what: 'ends_early', errors: 0 });
  expect(short?.shortMs).toBeGreaterThan(4500);
  expect(short?.shortMs).toBeLessThan(5500);
});

it('a person is alarmed, with camera and times', () => {
  const alarm = w.app.rooms.alarms.all().find((a) => a.code === 'held_copy_damaged');
  expect(alarm).toMatchObject({
    subject: 'entrance',
    detail: { clips: 2, at: '2026-11-20 12:30, 2026-11-20 12:31' },
  });
});

it('the command line names them too', async () => {
  const lines = preserved(await preservation(), w.config);
  expect(lines[0]).toBe(
    'preserved: 10 of 10 with a second name, 10 copied and hashed, 8 decoded and whole, 2 damaged',
  );
  expect(lines[1]).toMatch(/^ {2}entrance 2026-11-20 12:30:30 - 2026-11-20 12:30:40: \d+ decode errors?$/);
  expect(lines[2]).toMatch(/12:31:00 - .*: the recording stops 5 s early$/);
});

it('what was decoded is not decoded again, and no descriptor is left', () => {
  const waiting = { afterClipId: -1, limit: 99, again: true };
  expect(createInspectionStore(w.app.rooms.state.db).waiting(waiting)).toEqual([]);
  expect(openFiles().filter((path) => path.includes('.copy'))).toEqual([]);
});

it('privacy may look, an administrator may not', async () => {
  const path = `/api/v1/holds/${holdId}/preservation`;
  expect((await (await w.as('privacy')).get(path)).status).toBe(200);
  expect((await (await w.as('admin')).get(path)).status).toBe(403);
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
