import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merge } from '../../src/base/range.ts';
import { packIntervals } from '../../src/db/clips/clip-row.ts';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { COVERAGE_JOIN_MS, createCoverage, type CoverageIndex } from '../../src/db/clips/coverage.ts';
import { MINUTE_MS } from '../../src/base/clock.ts';
import { T0, makeFootage, type Footage } from '../support/footage.ts';

let f: Footage;
let coverage: CoverageIndex;
beforeAll(() => {
  f = makeFootage();
  coverage = createCoverage(f.db);
  f.db.prepare("INSERT INTO dir (id, root_n, path) VALUES (1, 1, '')").run();
});
afterAll(() => {
  f.close();
});

// Hours matter: windows and clips (some longer than the two hours that the index splits at) around their borders.
const moment = fc.integer({ min: 0, max: 600 }).map((n) => T0 + n * MINUTE_MS);
const length = fc
  .oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 100, max: 200 }))
  .map((n) => n * MINUTE_MS);
const clip = fc.record({ startMs: moment, lengthMs: length, remove: fc.boolean() });
const window = fc.tuple(moment, length).map(([fromMs, n]) => ({ fromMs, toMs: fromMs + n }));

let serial = 0;
function insert(c: { startMs: number; lengthMs: number }): number {
  serial += 1;
  const endMs = c.startMs + c.lengthMs;
  const cover = packIntervals([{ fromMs: c.startMs, toMs: endMs }]);
  return Number(
    f.db
      .prepare(
        `INSERT INTO clip (dir_id, name, root_n, camera_n, kind, state, start_ms, end_ms, end_from, cover_from_ms, cover_to_ms,
           cover_class, due_ms, first_seen_ms, size_bytes, ino, mtime_ns)
         VALUES (1, @name, 1, 1, 0, 1, @startMs, @endMs, 0, @coverFromMs, @coverToMs, @coverClass, 0, 0, 1, 1, 1)`,
      )
      .run({ ...cover, name: String(serial), startMs: c.startMs, endMs }).lastInsertRowid,
  );
}

describe('coverage by the hour', () => {
  it('is what the clips say, however many hour rows are stored and whatever came and went since', () => {
    fc.assert(
      fc.property(
        fc.array(clip, { maxLength: 12 }),
        fc.integer({ min: 0, max: 20 }),
        window,
        (clips, warm, w) => {
          f.db.prepare('DELETE FROM clip').run();
          const ids = clips.map(insert);
          coverage.warm(warm);
          clips.forEach((c, i) => {
            if (c.remove) f.db.prepare('DELETE FROM clip WHERE id = ?').run(ids[i]);
          });
          const left = clips
            .filter((c) => !c.remove)
            .map((c) => ({ fromMs: c.startMs, toMs: c.startMs + c.lengthMs }));
          const expected = merge(left, COVERAGE_JOIN_MS)
            .map((r) => ({ fromMs: Math.max(r.fromMs, w.fromMs), toMs: Math.min(r.toMs, w.toMs) }))
            .filter((r) => r.fromMs < r.toMs);
          expect(coverage.spans(1, w)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps the totals of a camera equal to its rows', () => {
    const reader = createClipReader(f.db, coverage);
    fc.assert(
      fc.property(fc.array(clip, { maxLength: 12 }), (clips) => {
        f.db.prepare('DELETE FROM clip').run();
        const ids = clips.map(insert);
        f.db.prepare('UPDATE clip SET size_bytes = size_bytes + 5 WHERE id % 2 = 0').run();
        clips.forEach((c, i) => {
          if (c.remove) f.db.prepare('DELETE FROM clip WHERE id = ?').run(ids[i]);
        });
        const row = f.db
          .prepare('SELECT count(*) AS clips, coalesce(sum(size_bytes), 0) AS bytes FROM clip')
          .get();
        expect(reader.totals().find((t) => t.cameraId === 'entrance')).toMatchObject(row as object);
      }),
      { numRuns: 100 },
    );
  });

  it('pages through every clip of a window exactly once, in order', () => {
    const reader = createClipReader(f.db, coverage);
    fc.assert(
      fc.property(
        fc.array(clip, { maxLength: 20 }),
        window,
        fc.integer({ min: 1, max: 5 }),
        (clips, w, limit) => {
          f.db.prepare('DELETE FROM clip').run();
          const ids = clips.map(insert);
          const expected = clips
            .map((c, i) => ({ id: ids[i]!, startMs: c.startMs, endMs: c.startMs + c.lengthMs }))
            .filter((c) => c.startMs < w.toMs && c.endMs > w.fromMs)
            .sort((a, b) => a.startMs - b.startMs || a.id - b.id)
            .map((c) => c.id);
          const seen: number[] = [];
          for (let after: { startMs: number; id: number } | undefined; ;) {
            const page = reader.page({ cameraId: 'entrance', window: w, limit, ...(after && { after }) });
            seen.push(...page.map((c) => c.id));
            const last = page.at(-1);
            if (last === undefined || page.length < limit) break;
            after = last;
          }
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
