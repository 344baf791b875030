import { appendFileSync, copyFileSync, mkdirSync, renameSync, unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { bitsToFlags } from '../../src/db/clips/clip-row.ts';
import { frigate, ingestLab, RETENTION_MS, tinyClip, type IngestLab } from '../support/ingest-lab.ts';
import { someClip } from '../support/some-clip.ts';
import { FTYP, MDAT, moov } from '../tools/boxes.ts';

let lab: IngestLab;
beforeEach(() => {
  lab = ingestLab();
});
afterEach(async () => {
  await lab.close();
});

describe('the same content', () => {
  test('F-C9: keeps its times when it is touched, copied to a new inode or renamed', async () => {
    const path = someClip(lab, HOUR_MS);
    await lab.full();
    const before = lab.row(path)!;
    lab.clock.advance(3 * DAY_MS);

    const now = lab.clock.wallMs() / 1000;
    utimesSync(join(lab.root, path), now, now);
    await lab.full();
    const touched = lab.row(path)!;
    expect(touched).toMatchObject({ id: before.id, end_ms: before.end_ms, due_ms: before.due_ms, state: 1 });
    // It is found under both its times.
    expect(touched.cover_from_ms).toBe(before.cover_from_ms);
    expect(touched.cover_to_ms).toBeGreaterThanOrEqual(lab.clock.wallMs());

    copyFileSync(join(lab.root, path), join(lab.root, `${path}.copy`));
    renameSync(join(lab.root, `${path}.copy`), join(lab.root, path));
    await lab.full();
    expect(lab.row(path)).toMatchObject({ id: before.id, due_ms: before.due_ms, state: 1 });

    const renamed = path.replace(/\d\d\.mp4$/, '59.mp4');
    renameSync(join(lab.root, path), join(lab.root, renamed));
    await lab.full();
    await lab.full();
    expect(lab.rows()).toHaveLength(1);
    expect(lab.row(renamed)).toMatchObject({ id: before.id, due_ms: before.due_ms, state: 1 });
  });

  test('under another inode with other content is another clip', async () => {
    const path = someClip(lab, HOUR_MS);
    await lab.full();
    const before = lab.row(path)!;
    lab.put(path, tinyClip(10_000, 99));
    await lab.full();
    const after = lab.row(path)!;
    expect(after.id).not.toBe(before.id);
    expect(lab.told.flatMap((t) => t.contentChanged.map((c) => c.id))).toEqual([before.id]);
  });
});

describe('a recording', () => {
  test('is shown while it grows, finished when quiet and whole, and taken up again when it goes on', async () => {
    const startMs = lab.clock.wallMs() - 20 * SECOND_MS;
    const path = frigate('hall', startMs);
    const whole = tinyClip(20_000);
    const half = whole.subarray(0, whole.length - 30);
    lab.put(path, half, lab.clock.wallMs());
    await lab.full();
    expect(lab.row(path)).toMatchObject({ state: 0, due_ms: null });

    lab.clock.advance(30 * SECOND_MS);
    lab.put(path, whole, lab.clock.wallMs());
    await lab.ingest.lookNow('nvr', [path]);
    const grown = lab.row(path)!;
    expect(grown).toMatchObject({ state: 0, size_bytes: whole.length });
    const endMs = lab.clock.wallMs();

    lab.clock.advance(2 * MINUTE_MS);
    await lab.ingest.lookNow('nvr', [path]);
    expect(lab.row(path)).toMatchObject({ id: grown.id, state: 1, flags: 0 });
    expect(lab.row(path)!.due_ms).toBeLessThanOrEqual(endMs + RETENTION_MS);

    appendFileSync(join(lab.root, path), Buffer.alloc(100));
    utimesSync(join(lab.root, path), lab.clock.wallMs() / 1000, lab.clock.wallMs() / 1000);
    await lab.ingest.lookNow('nvr', [path]);
    expect(lab.row(path)).toMatchObject({ id: grown.id, state: 0, due_ms: null });
  });

  test('that is cut short is finished after an hour, and shown as truncated', async () => {
    const path = frigate('hall', lab.clock.wallMs() - 10 * SECOND_MS);
    lab.put(path, tinyClip().subarray(0, -30), lab.clock.wallMs());
    await lab.full();
    lab.clock.advance(59 * MINUTE_MS);
    await lab.full();
    expect(lab.row(path)?.state).toBe(0);
    lab.clock.advance(MINUTE_MS);
    await lab.full();
    expect(lab.row(path)?.state).toBe(1);
    expect(bitsToFlags(lab.row(path)!.flags)).toContain('truncated');
  });

  test('is ended by a newer clip of its camera, not of another', async () => {
    const nowMs = lab.clock.wallMs();
    const old = frigate('hall', nowMs - 40 * SECOND_MS);
    lab.put(old, tinyClip().subarray(0, -30), nowMs - 20 * SECOND_MS);
    lab.put(frigate('entrance', nowMs - 10 * SECOND_MS), 'x', nowMs);
    await lab.full();
    expect(lab.row(old)?.state).toBe(0);
    lab.put(frigate('hall', nowMs - 10 * SECOND_MS), 'x', nowMs);
    await lab.full();
    expect(lab.row(old)?.state).toBe(1);
  });

  test('with an mtime in the future is finished by two looks, and never kept longer for it', async () => {
    const path = frigate('hall', lab.clock.wallMs() - 10 * SECOND_MS);
    lab.put(path, tinyClip(), lab.clock.wallMs() + 300 * DAY_MS);
    await lab.full();
    expect(lab.row(path)?.state).toBe(0);
    lab.clock.advance(2 * MINUTE_MS);
    await lab.full();
    const row = lab.row(path)!;
    expect(row.state).toBe(1);
    expect(row.due_ms).toBeLessThanOrEqual(lab.clock.wallMs() + RETENTION_MS);
  });

  test('F-S22: that vanishes unfinished just goes, and a temporary name becomes the final one', async () => {
    const path = frigate('hall', lab.clock.wallMs() - 10 * SECOND_MS);
    lab.put(path, 'begun', lab.clock.wallMs());
    await lab.full();
    const firstSeen = lab.row(path)!.first_seen_ms;
    const final = frigate('hall', lab.clock.wallMs() - 9 * SECOND_MS);
    mkdirSync(join(lab.root, final, '..'), { recursive: true });
    lab.clock.advance(MINUTE_MS);
    renameSync(join(lab.root, path), join(lab.root, final));
    await lab.full();
    expect(lab.rows().map((r) => [r.path, r.first_seen_ms])).toEqual([[final, firstSeen]]);
    unlinkSync(join(lab.root, final));
    await lab.full();
    expect(lab.rows()).toEqual([]);
  });

  test('F-S24: that grows for more than a day is called overlong, and is due from its first sight on', async () => {
    const path = frigate('hall', lab.clock.wallMs() - 10 * SECOND_MS);
    for (let hour = 0; hour < 26; hour += 1) {
      lab.put(path, Buffer.alloc(hour + 1), lab.clock.wallMs());
      await lab.ingest.lookNow('nvr', [path]);
      lab.clock.advance(HOUR_MS / 2);
      lab.put(path, Buffer.alloc(hour + 1, 1), lab.clock.wallMs());
      await lab.ingest.lookNow('nvr', [path]);
      lab.clock.advance(HOUR_MS / 2);
    }
    lab.ingest.beat();
    expect(bitsToFlags(lab.row(path)!.flags)).toContain('overlong');
    expect(lab.overlong).toHaveLength(1);
    lab.ingest.beat();
    expect(lab.overlong).toHaveLength(1);
    // From first seen + retention on what it holds is not served, however it goes on growing.
    const { first_seen_ms: seen } = lab.row(path)!;
    lab.put(path, Buffer.alloc(99), lab.clock.wallMs());
    await lab.ingest.lookNow('nvr', [path]);
    expect(lab.row(path)).toMatchObject({ state: 0, due_ms: seen + RETENTION_MS });
  });
});

describe('a file that has grown for more than a day', () => {
  test('is due from its start on, unless that is a recorder without a clock', async () => {
    const path = frigate('hall', lab.clock.wallMs() - 10 * SECOND_MS);
    lab.put(path, Buffer.alloc(1), lab.clock.wallMs());
    await lab.ingest.lookNow('nvr', [path]);
    const { first_seen_ms: seen } = lab.row(path)!;
    const dueFrom = (startMs: number): number => {
      lab.db.prepare('UPDATE clip SET start_ms = ?, flags = 0').run(startMs);
      lab.ingest.beat();
      return Number(lab.row(path)?.due_ms) - RETENTION_MS;
    };
    lab.clock.advance(25 * HOUR_MS);
    expect(dueFrom(seen - 40 * HOUR_MS)).toBe(seen - 40 * HOUR_MS);
    expect(dueFrom(0)).toBe(seen);
  });
});

describe('a finished clip under a new name', () => {
  test('keeps its times and what can hold it, before anybody has missed the old name', async () => {
    const path = frigate('hall', lab.clock.wallMs() - HOUR_MS);
    lab.put(path, tinyClip(), lab.clock.wallMs() - HOUR_MS + 10 * SECOND_MS);
    await lab.full();
    const before = lab.row(path)!;
    lab.clock.advance(3 * HOUR_MS);
    const renamed = frigate('hall', lab.clock.wallMs() - HOUR_MS);
    mkdirSync(join(lab.root, renamed, '..'), { recursive: true });
    renameSync(join(lab.root, path), join(lab.root, renamed));
    const touchedS = lab.clock.wallMs() / 1000;
    utimesSync(join(lab.root, renamed), touchedS, touchedS);
    await lab.ingest.lookNow('nvr', [renamed]);
    lab.clock.advance(3 * MINUTE_MS);
    await lab.ingest.lookNow('nvr', [renamed]);
    const after = lab.row(renamed)!;
    expect(after).toMatchObject({ due_ms: before.due_ms, end_ms: before.end_ms });
    expect(after).toMatchObject({ state: 1 });
    expect(after.cover_from_ms).toBeLessThanOrEqual(before.cover_from_ms);
  });
});

test('a clip whose clock jumped by months in its middle is indexed like the others', async () => {
  const jumped = someClip(lab, 2 * HOUR_MS);
  const stts = [
    [1, 60 * (DAY_MS / SECOND_MS)],
    [1, 1],
  ] as const;
  lab.put(jumped, Buffer.concat([FTYP, moov({ tracks: [{ timescale: 1, stts }] }), MDAT]));
  const other = someClip(lab, HOUR_MS);
  expect(await lab.full()).toMatchObject({ outcome: 'done', changes: 2 });
  expect(lab.row(jumped)).toMatchObject({ state: 1 });
  expect(lab.row(other)).toMatchObject({ state: 1 });
});

test('F-P15: a clip that ends every scan that looks into it is given up after three; the others have their turn, and it is deleted on time', async () => {
  const [poison, good] = [someClip(lab, 2 * HOUR_MS + 7 * SECOND_MS), someClip(lab, HOUR_MS)].sort();
  lab.whileReading = (name) => {
    if (poison?.endsWith(name) === true) throw new Error('a defect');
  };
  for (let i = 0; i < 3; i += 1) {
    expect(lab.givenUp).toEqual([]);
    await expect(lab.full()).rejects.toThrow('a defect');
    expect(lab.row(good!)).toBeUndefined();
  }
  expect(lab.givenUp).toEqual([poison]);
  expect(await lab.full()).toMatchObject({ outcome: 'done', changes: 2 });
  const row = lab.row(poison!)!;
  expect(bitsToFlags(row.flags)).toContain('unreadable');
  expect(row.due_ms).toBe(row.end_ms + RETENTION_MS);
  expect(lab.row(good!)).toMatchObject({ state: 1 });
  expect(await lab.full()).toMatchObject({ changes: 0 });
});
