/** The pages of clips: in order, each clip once, and none empty while more follow. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/base/clock.ts';
import { Client } from '../support/http/client.ts';
import { makeWorld, NOW_MS, type World } from '../support/http/world.ts';

let world: World;
let client: Client;
beforeEach(async () => {
  world = await makeWorld();
  client = await new Client(world.port).enter('security');
});
afterEach(() => world.close());

const FROM_MS = NOW_MS - 2 * HOUR_MS;

/** Clips of ten seconds from the beginning of the window; those of `due` are past their time and still on the disk. */
function record(count: number, due: (i: number) => boolean): void {
  for (let i = 0; i < count; i++) {
    const startMs = FROM_MS + i * 10_000;
    const past = due(i) ? { dueMs: NOW_MS - 1 } : {};
    world.addClip(Buffer.from('x'), { startMs, endMs: startMs + 10_000, ...past });
  }
}

/** The starts on each page, in tens of seconds from the beginning of the window. */
async function pages(limit: number): Promise<number[][]> {
  const query = `camera=entrance&from=${String(FROM_MS)}&to=${String(NOW_MS)}&limit=${String(limit)}`;
  const all: number[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { json } = await client.get(`/api/v1/clips?${query}${after}`);
    const { clips, nextCursor } = json as unknown as {
      clips: { startMs: number }[];
      nextCursor: string | null;
    };
    all.push(clips.map((c) => (c.startMs - FROM_MS) / 10_000));
    cursor = nextCursor;
  }
  return all;
}

it('clips that are due but not yet deleted make no empty page while more follow', async () => {
  record(20, (i) => i < 13);
  expect((await pages(3)).flat()).toEqual([13, 14, 15, 16, 17, 18, 19]);
  for (const page of (await pages(3)).slice(0, -1)) expect(page).not.toEqual([]);
});

it('when everything that follows is due, the page before says so or the last one is empty', async () => {
  record(20, (i) => i >= 4);
  expect(await pages(4)).toEqual([[0, 1, 2, 3], []]);
  world.clips.change(20, { dueMs: NOW_MS + HOUR_MS });
  expect(await pages(3)).toEqual([[0, 1, 2], [3], [19]]);
});
