import { existsSync, linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/base/clock.ts';
import { bitsToFlags } from '../../src/db/clips/clip-row.ts';
import { hashPath } from '../../src/db/retention/sweep.ts';
import {
  absolute,
  frigate,
  ingestLab,
  RETENTION_MS,
  tinyClip,
  type IngestLab,
} from '../support/ingest-lab.ts';
import { someClip } from '../support/some-clip.ts';

let lab: IngestLab;
beforeEach(() => {
  lab = ingestLab();
});
afterEach(async () => {
  await lab.close();
});

describe('sidecars', () => {
  test('belong to their clip, follow it when it is replaced, and are unowned without it', async () => {
    await lab.close();
    lab = ingestLab({ source: { layout: 'motioneye', cameras: { Camera1: 'hall' } } });
    const at = new Date(lab.clock.wallMs() - HOUR_MS);
    const day = at.toISOString().slice(0, 10);
    const clip = `Camera1/${day}/08-00-00.mp4`;
    lab.put(clip);
    lab.put(`${clip}.thumb`, 'picture');
    lab.put(`Camera1/${day}/09-00-00.mp4.thumb`, 'picture');
    await lab.full();
    const owners = (): unknown[] =>
      lab.db.prepare('SELECT sidecar.name, clip_id FROM sidecar ORDER BY sidecar.name').all();
    expect(owners()).toEqual([{ name: '08-00-00.mp4.thumb', clip_id: lab.row(clip)!.id }]);
    expect(lab.unowned()).toMatchObject([{ reason: 'no_clip' }]);
    lab.put(clip, tinyClip(10_000, 7));
    await lab.full();
    expect(owners()).toEqual([{ name: '08-00-00.mp4.thumb', clip_id: lab.row(clip)!.id }]);
    expect(await lab.full()).toMatchObject({ changes: 0 });
    rmSync(join(lab.root, `${clip}.thumb`));
    await lab.full();
    expect(owners()).toEqual([]);
  });
});

describe('footage that is no clip by its name', () => {
  const motioneye = async (): Promise<string> => {
    await lab.close();
    lab = ingestLab({ source: { layout: 'motioneye', cameras: { Camera1: 'hall' } } });
    return `Camera1/${new Date(lab.clock.wallMs() - 3 * HOUR_MS).toISOString().slice(0, 10)}/08-00-00.mp4`;
  };

  test('a picture whose clip never comes is a still of its own, due by its own time', async () => {
    const clip = await motioneye();
    const mtimeMs = lab.clock.wallMs() - HOUR_MS;
    lab.put(`${clip}.thumb`, 'picture', mtimeMs);
    await lab.full();
    expect(lab.rows()).toEqual([]);
    expect(lab.unowned()).toMatchObject([{ reason: 'no_clip' }]);
    await lab.full();
    expect(lab.row(`${clip}.thumb`)).toMatchObject({ kind: 1, state: 1, due_ms: mtimeMs + RETENTION_MS });
    expect(lab.unowned()).toEqual([]);
    expect(await lab.full()).toMatchObject({ changes: 0 });
  });

  test('a picture waits an hour for its clip, and is its sidecar when that has come', async () => {
    const clip = await motioneye();
    lab.put(`${clip}.thumb`, 'picture', lab.clock.wallMs() - 2 * MINUTE_MS);
    await lab.full();
    await lab.full();
    expect(lab.rows()).toEqual([]);
    lab.clock.advance(HOUR_MS);
    lab.put(clip, tinyClip(), lab.clock.wallMs() - HOUR_MS);
    await lab.full();
    expect(lab.rows().map((r) => r.path)).toEqual([clip]);
    expect(lab.db.prepare('SELECT name FROM sidecar').pluck().all()).toEqual(['08-00-00.mp4.thumb']);
    expect(lab.unowned()).toEqual([]);
  });

  test('a temporary file that nobody finishes is a clip after an hour, and goes on as one', async () => {
    const path = `${frigate('hall', lab.clock.wallMs() - 30 * MINUTE_MS)}.part`;
    lab.put(path, 'torn', lab.clock.wallMs() - 20 * MINUTE_MS);
    await lab.full();
    expect(lab.rows()).toEqual([]);
    lab.clock.advance(HOUR_MS);
    await lab.full();
    lab.clock.advance(2 * MINUTE_MS);
    await lab.full();
    expect(lab.row(path)).toMatchObject({ state: 1 });
    expect(bitsToFlags(lab.row(path)!.flags)).toContain('truncated');
    expect(lab.unowned()).toEqual([]);
    lab.put(path, 'torn, and written again', lab.clock.wallMs());
    await lab.full();
    expect(lab.row(path)).toMatchObject({ state: 0 });
  });

  test('what belongs to no configured camera stays unowned', async () => {
    const path = `${frigate('attic', lab.clock.wallMs() - 2 * DAY_MS)}.part`;
    lab.put(path, 'torn', lab.clock.wallMs() - 2 * DAY_MS);
    await lab.full();
    await lab.full();
    expect(lab.rows()).toEqual([]);
    expect(lab.unowned()).toMatchObject([{ reason: 'unfinished' }]);
  });
});

test('a file that comes back after its deletion keeps the due moment it had, and is recorded', async () => {
  const path = someClip(lab, DAY_MS);
  await lab.full();
  const row = lab.row(path)!;
  const key = lab.db.prepare<[], Buffer>('SELECT path_key FROM install').pluck().get()!;
  lab.db
    .prepare(
      `INSERT INTO receipt (clip_id, camera_n, start_ms, end_ms, due_ms, size_bytes, outcome, reason, path_hash,
         intent_seq, terminal_seq, at_ms) VALUES (?, 1, 0, 0, ?, ?, 'deleted', 'retention', ?, 1, 2, ?)`,
    )
    .run(row.id, lab.clock.wallMs() - DAY_MS, row.size_bytes, hashPath(key, 'nvr', path), lab.clock.wallMs());
  lab.db.prepare('DELETE FROM clip').run();
  await lab.full();
  const again = lab.row(path)!;
  expect(again.id).not.toBe(row.id);
  expect(again.due_ms).toBe(lab.clock.wallMs() - DAY_MS);
  expect(lab.audit('clip_returned')).toMatchObject([{ root: 'nvr', clips: [again.id] }]);
});

test('while the clock is in doubt no written time is believed', async () => {
  lab.timesBelievable = false;
  const path = someClip(lab, 3 * DAY_MS);
  await lab.full();
  lab.clock.advance(2 * MINUTE_MS);
  await lab.full();
  const row = lab.row(path)!;
  expect(row).toMatchObject({ state: 1, end_from: 2, end_ms: lab.clock.wallMs() });
  expect(bitsToFlags(row.flags)).toContain('provisional_time');
});

test('names that are trusted date what copying made young', async () => {
  const startMs = lab.clock.wallMs() - 10 * DAY_MS;
  const path = frigate('hall', startMs);
  lab.put(path);
  await lab.full();
  expect(lab.row(path)).toMatchObject({ end_from: 1 });
  const young = lab.row(path)!.due_ms!;
  await lab.ingest.reckonAgain('nvr');
  const row = lab.row(path)!;
  expect(row).toMatchObject({ end_from: 0, end_ms: startMs + 10_000 });
  expect(row.due_ms).toBe(startMs + 10_000 + RETENTION_MS);
  expect(row.due_ms).toBeLessThan(young);
  expect(bitsToFlags(row.flags)).toEqual([]);
});

test('a directory that vanishes between its listing and the look into it is no trouble', async () => {
  const paths = [0, 1, 2].map((i) => someClip(lab, i * DAY_MS));
  let first = true;
  lab.duringWalk = () => {
    if (first) rmSync(join(lab.root, paths[0]!.slice(0, 10)), { recursive: true });
    first = false;
  };
  expect(await lab.full()).toMatchObject({ outcome: 'done' });
  expect(lab.rows()).toHaveLength(2);
});

test('F-S14: a hard link is a clip of its own under each of its names', async () => {
  const path = someClip(lab);
  const other = path.replace(/\d\d\.mp4$/, '58.mp4');
  linkSync(absolute(lab.root, path), absolute(lab.root, other));
  await lab.full();
  expect(lab.rows()).toHaveLength(2);
  expect(existsSync(join(lab.root, other))).toBe(true);
  expect(await lab.full()).toMatchObject({ changes: 0 });
});
