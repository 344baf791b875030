/** What a recorder does to a held clip that is pinned: the clip lives on under its pin. */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import { COPY_DIR } from '../../src/holds/keep/copies.ts';
import { createPinStore } from '../../src/db/holds/pins.ts';
import { makeCopies } from '../../src/disk/copies.ts';
import { openRootDir } from '../../src/disk/handle.ts';
import { makePins } from '../../src/disk/pins.ts';
import { frigate, ingestLab, tinyClip, type IngestLab } from '../support/ingest-lab.ts';

const CLAIM = '7b0e4a1c-6a53-4d52-9c11-0d6c0a4b1f10';

let lab: IngestLab;
let path: string;
let id: number;
let pin: string;
let content: Buffer;
beforeEach(async () => {
  lab = ingestLab();
  const endMs = Math.floor((lab.clock.wallMs() - 10 * MINUTE_MS) / SECOND_MS) * SECOND_MS;
  path = frigate('hall', endMs - 10 * SECOND_MS);
  lab.put(path, tinyClip(10_000, 1), endMs);
  content = readFileSync(join(lab.root, path));
  await lab.full();
  id = lab.row(path)!.id;
  pin = pinned();
});
afterEach(async () => {
  await lab.close();
});

/** Where the clip is pinned. */
function pinned(): string {
  const store = createPinStore(lab.db);
  const root = openRootDir(lab.root);
  for (const tasks of store.ask(CLAIM, [id], [lab.source.id]).values())
    store.answered(CLAIM, makePins(root, CLAIM, tasks));
  root.close();
  const [place] = store.places(id);
  return `${place!.dir}/${place!.name}`;
}
/** Where the clip is copied to. */
async function copied(): Promise<string> {
  const store = createCopyStore(lab.db);
  const root = openRootDir(lab.root);
  for (const [rootId, tasks] of store.wanted([id], [lab.source.id])) {
    const target = { below: root, dir: COPY_DIR, keepFreeBytes: 0 };
    store.ask({ placeId: rootId, sourceId: rootId }, tasks);
    store.answered(rootId, await makeCopies(root, tasks, target), lab.clock.wallMs());
  }
  root.close();
  const { dir, name } = store.places(id)[0]!;
  return `${dir}/${name}`;
}
const stateOf = (at: string): number | undefined => lab.row(at)?.state;
/** It is missing for so long that it is given up: everything that there was is a loss in numbers. */
async function missForGood(): Promise<void> {
  for (const minutes of [11, 61, 1]) {
    await lab.full();
    lab.clock.advance(minutes * MINUTE_MS);
  }
}

describe('a pinned clip', () => {
  test('that its recorder removed lives on under its pin, as the clip it was, and is told as gone', async () => {
    const before = lab.row(path)!;
    rmSync(join(lab.root, path));
    await missForGood();
    expect(lab.row(path)).toBeUndefined();
    const { start_ms, due_ms, first_seen_ms, flags } = before;
    expect(lab.row(pin)).toMatchObject({ id, state: 1, start_ms, due_ms, first_seen_ms, flags });
    expect(readFileSync(join(lab.root, pin))).toEqual(content);
    expect(lab.told.flatMap((t) => t.gone)).toMatchObject([{ id }]);
    const location = createClipReader(lab.db, createCoverage(lab.db)).location(id)!;
    expect(location.ino).toBe(statSync(join(lab.root, pin), { bigint: true }).ino);
  });

  /** A pin is asked for as at first, and linked; nobody has heard of it until `answer`. */
  function asked(): { answer: () => void } {
    const store = createPinStore(lab.db);
    const root = openRootDir(lab.root);
    lab.db.prepare('DELETE FROM pin').run();
    rmSync(join(lab.root, pin));
    const [tasks] = store.ask(CLAIM, [id], [lab.source.id]).values();
    const results = makePins(root, CLAIM, tasks!);
    root.close();
    return {
      answer: () => {
        store.answered(CLAIM, results);
      },
    };
  }
  function otherInItsPlace(): void {
    lab.put('other.tmp', tinyClip(10_000, 2), lab.clock.wallMs() - 10 * MINUTE_MS);
    renameSync(join(lab.root, 'other.tmp'), join(lab.root, path));
    lab.clock.advance(MINUTE_MS);
  }

  test('of which a loss is told between its link and the word of it is not given up: it lives on when the word has come', async () => {
    const { answer } = asked();
    rmSync(join(lab.root, path));
    await missForGood();
    expect(stateOf(path)).toBe(1);
    expect(lab.told.flatMap((t) => t.gone)).toEqual([]);
    answer();
    await missForGood();
    expect(lab.row(pin)).toMatchObject({ id, state: 1, missing_ms: null });
    expect(lab.told.flatMap((t) => t.gone)).toMatchObject([{ id }]);
  });

  test('whose name another file takes between its link and the word of it is not taken for that file', async () => {
    const { answer } = asked();
    otherInItsPlace();
    await lab.full();
    expect(lab.row(path)).toMatchObject({ id, state: 1 });
    answer();
    await lab.changed();
    expect(lab.row(pin)).toMatchObject({ id, state: 1 });
    expect(lab.row(path)).toMatchObject({ state: 1 });
    expect(lab.row(path)?.id).not.toBe(id);
    expect(readFileSync(join(lab.root, pin))).toEqual(content);
    expect(await lab.changed()).toMatchObject({ changes: 0 });
  });

  test('of which the word never comes hides the file that took its name for ten minutes, no longer', async () => {
    asked();
    otherInItsPlace();
    await lab.ingest.lookNow('nvr', [path]);
    expect(lab.row(path)?.id).toBe(id);
    lab.clock.advance(9 * MINUTE_MS);
    await lab.changed();
    expect(lab.row(path)?.id).toBe(id);
    lab.clock.advance(MINUTE_MS);
    await lab.changed();
    expect(lab.row(path)).toMatchObject({ state: 1 });
    expect(lab.row(path)?.id).not.toBe(id);
  });

  test('that is written over in place, or was asked for as another file, waits for no word', async () => {
    asked();
    lab.put(path, tinyClip(8_000, 3), lab.clock.wallMs() - 5 * MINUTE_MS);
    await lab.ingest.lookNow('nvr', [path]);
    expect(lab.row(path)?.id).not.toBe(id);

    id = lab.row(path)!.id;
    asked();
    lab.db.prepare('UPDATE pin SET ino = ino + 1').run();
    otherInItsPlace();
    await lab.full();
    expect(lab.row(path)?.id).not.toBe(id);
  });

  test('stays there: no scan misses it, and another one changes nothing', async () => {
    rmSync(join(lab.root, path));
    await missForGood();
    lab.clock.advance(20 * MINUTE_MS);
    await lab.full();
    await missForGood();
    expect(lab.row(pin)).toMatchObject({ id, state: 1, missing_ms: null });
  });

  test('whose name its recorder gave to another file lives on, beside the new one', async () => {
    const other = join(lab.root, 'other.tmp');
    writeFileSync(other, tinyClip(10_000, 2));
    renameSync(other, join(lab.root, path));
    lab.clock.advance(20 * MINUTE_MS);
    await lab.full();
    expect([lab.row(pin)?.id, stateOf(path)]).toEqual([id, 1]);
    expect(lab.row(path)?.id).not.toBe(id);
    expect(lab.told.flatMap((t) => t.contentChanged)).toMatchObject([{ id }]);
  });

  test('that was overwritten in place is not said to be under its pin: that is the same file', async () => {
    writeFileSync(join(lab.root, path), tinyClip(10_000, 3).subarray(0, content.length - 9));
    lab.clock.advance(2 * 60 * MINUTE_MS);
    await lab.full();
    expect(lab.row(pin)).toBeUndefined();
  });

  test('that was overwritten in place lives on as its copy, beside the new content', async () => {
    const before = lab.row(path)!;
    const copy = await copied();
    writeFileSync(join(lab.root, path), tinyClip(10_000, 3).subarray(0, content.length - 9));
    lab.clock.advance(2 * 60 * MINUTE_MS);
    await lab.full();
    const { start_ms, due_ms, first_seen_ms } = before;
    expect(lab.row(copy)).toMatchObject({ id, state: 1, start_ms, due_ms, first_seen_ms });
    expect(lab.row(path)?.id).not.toBe(id);
    expect(readFileSync(join(lab.root, copy))).toEqual(content);
    const location = createClipReader(lab.db, createCoverage(lab.db)).location(id)!;
    expect(location.ino).toBe(statSync(join(lab.root, copy), { bigint: true }).ino);
    expect(createCopyStore(lab.db).wanted([id], [lab.source.id])).toEqual(new Map());
  });

  test('is gone when nobody pinned it', async () => {
    lab.db.exec('DELETE FROM pin');
    rmSync(join(lab.root, path));
    await missForGood();
    expect(stateOf(path)).toBe(3);
  });
});
