/** How long a finding of the ingest waits for the word of a copy. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAwaitsWord, type AwaitsWord } from '../../src/db/holds/awaited.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';

const MINUTE = 60_000;
let f: Footage;
let id: number;
let awaits: AwaitsWord;
beforeEach(() => {
  f = makeFootage();
  id = f.add('cam/1.mp4', { startMs: T0 - 20 * DAY, endMs: T0 - 20 * DAY + 10_000 });
  awaits = createAwaitsWord(f.db);
});
afterEach(() => {
  f.close();
});

const at = (nowMs: number): boolean => awaits(id, { nowMs });
function ask(): void {
  const [task] = createCopyStore(f.db).wanted([id], ['nvr']).get('nvr') ?? [];
  createCopyStore(f.db).ask({ placeId: 'nvr', sourceId: 'nvr' }, [task!]);
}

it('waits for no word nobody was asked for', () => {
  expect(at(T0)).toBe(false);
});

it('waits ten minutes, then the finding is believed', () => {
  ask();
  expect([0, 5, 9.9, 10, 25].map((m) => at(T0 + m * MINUTE))).toEqual([true, true, true, false, false]);
});

it('waits anew for another word, and for what is found another day', () => {
  ask();
  expect([at(T0), at(T0 + 15 * MINUTE), at(T0 + 2 * DAY)]).toEqual([true, false, true]);
  f.db.prepare('UPDATE copy SET state = 2').run();
  expect(at(T0 + 2 * DAY + MINUTE)).toBe(false);
  ask();
  expect(at(T0 + 2 * DAY + 30 * MINUTE)).toBe(true);
});

it('waits for none of another size, and for none when there is a copy', () => {
  ask();
  f.db.prepare('UPDATE copy SET size_bytes = size_bytes + 1').run();
  expect(at(T0)).toBe(false);
  f.db.prepare('UPDATE copy SET size_bytes = size_bytes - 1').run();
  expect(at(T0)).toBe(true);
  f.db
    .prepare(
      `INSERT INTO copy SELECT clip_id, root_n, source_n, source_ino + 1, size_bytes, 1, 1, 1, x'00', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
       FROM copy`,
    )
    .run();
  expect(at(T0)).toBe(false);
});
