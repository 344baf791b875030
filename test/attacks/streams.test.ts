/** Streams of footage while they run, and the moments around their beginning: I7, I9, F-M4, F-M7 to F-M9. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clip } from '../../src/clips/clip.ts';
import { begin, watcher, type Client, type Reply } from '../support/http/client.ts';
import { isOpen, makeWorld, type World } from '../support/http/world.ts';

const CONTENT = randomBytes(100_000);
/** More than the kernel's and our own buffers hold: a reader who does not read holds the stream up. */
const BIG = 64 * 1024 * 1024;

let world: World;
let client: Client;
let path: string;
beforeEach(async () => {
  world = await makeWorld();
  path = mediaOf(world.addClip(CONTENT));
  client = await watcher(world.port);
});
afterEach(() => world.close());

const mediaOf = (of: Clip): string => `/api/v1/clips/${String(of.id)}/media`;
const range = (value: string): Promise<Reply> => client.get(path, { headers: { range: value } });
const openDescriptors = (): number[] => [...world.openFootage].filter(isOpen);

describe('running streams', () => {
  it('F-M8 a stream ends when its clip falls due', async () => {
    const big = world.addClip(Buffer.alloc(BIG), { dueMs: world.clock.wallMs() + 60_000 });
    const stream = await begin(client, mediaOf(big));
    await stream.take();
    world.clock.advance(60_000);
    await expect.poll(() => world.access.streams.size).toBe(0);
    await stream.rest();
    expect(await stream.ended).toBe('cut');
    expect(openDescriptors()).toEqual([]);
  });

  it('F-M9 a hold placed and released meanwhile changes nothing', async () => {
    const big = world.addClip(Buffer.alloc(BIG));
    const stream = await begin(client, mediaOf(big));
    await stream.take();
    await world.access.streams.check(() => true);
    await stream.rest();
    expect(await stream.ended).toBe('whole');
  });

  it('F-S31: I9 when the sweep has closed the streams of a clip, its descriptors are closed', async () => {
    const big = world.addClip(Buffer.alloc(BIG));
    const other = world.addClip(Buffer.alloc(BIG));
    const [stream, spared] = [await begin(client, mediaOf(big)), await begin(client, mediaOf(other))];
    await Promise.all([stream.take(), spared.take()]);
    expect(openDescriptors()).toHaveLength(2);
    await world.access.streams.closeForClips([big.id]);
    expect(openDescriptors()).toHaveLength(1);
    await stream.rest();
    expect(await stream.ended).toBe('cut');
    await spared.rest();
    expect(await spared.ended).toBe('whole');
  });

  it('F-M7 a viewer who leaves leaves nothing behind, and only what was sent is counted', async () => {
    const big = world.addClip(Buffer.alloc(BIG));
    for (let i = 0; i < 20; i += 1) {
      const stream = await begin(client, mediaOf(big));
      await stream.take();
      stream.abandon();
      await stream.ended;
    }
    await expect.poll(() => world.access.streams.size).toBe(0);
    expect(openDescriptors()).toEqual([]);
    await client.ask('DELETE', '/api/v1/session');
    const [end] = world.audit('view_end');
    expect(end!['bytes']).toBeLessThan(20 * BIG);
  });

  it('F-M4 a user has six streams and no seventh', async () => {
    const big = world.addClip(Buffer.alloc(BIG));
    const streams = [];
    for (let i = 0; i < 6; i += 1) streams.push(await begin(client, mediaOf(big)));
    const seventh = await client.get(mediaOf(big));
    expect([seventh.status, seventh.json['code']]).toEqual([429, 'too_many_requests']);
    expect(seventh.headers['retry-after']).toBeDefined();
    for (const s of streams) s.abandon();
    await expect.poll(() => world.access.streams.size).toBe(0);
    expect((await range('bytes=0-0')).status).toBe(206);
  });

  it('watching keeps session and purpose awake', async () => {
    for (let i = 0; i < 8; i += 1) {
      world.clock.advance(9 * 60_000);
      expect((await range('bytes=0-9')).status).toBe(206);
    }
    world.clock.advance(10 * 60_000);
    expect((await range('bytes=0-9')).json['code']).toBe('purpose_missing');
  });

  it('a clip that is still being recorded is served as far as it is written', async () => {
    const growing = world.addClip(CONTENT, { state: 'recording', dueMs: null, finishedMs: null });
    await client.get(mediaOf(growing));
    writeFileSync(join(world.dir, `clip-${String(growing.id)}.mp4`), Buffer.concat([CONTENT, CONTENT]));
    const reply = await client.get(mediaOf(growing));
    expect([reply.status, reply.bytes.length]).toEqual([200, 200_000]);
  });
});

describe('between opening and the first byte', () => {
  /** Steps in while the file of the next request is being opened. */
  async function stepIn(act: (of: World) => void): Promise<Reply> {
    let step: (() => void) | undefined;
    const beforeOpen = (): Promise<void> => {
      step?.();
      return Promise.resolve();
    };
    const other = await makeWorld({ beforeOpen });
    try {
      const { id } = other.addClip(CONTENT);
      const viewer = await watcher(other.port);
      step = () => {
        act(other);
      };
      const reply = await viewer.get(`/api/v1/clips/${String(id)}/media`);
      expect([...other.openFootage].filter(isOpen)).toEqual([]);
      expect(other.access.streams.size).toBe(0);
      return reply;
    } finally {
      await other.close();
    }
  }

  it('a clip that falls due is not sent', async () => {
    const reply = await stepIn((w) => {
      w.clips.change(1, { dueMs: w.clock.wallMs() });
    });
    expect(reply.status).toBe(410);
  });

  it('a session that ends gets nothing', async () => {
    const reply = await stepIn((w) => {
      const { id } = w.access.accounts.named('security');
      w.access.accounts.change(id, { disabled: true }, 'admin');
    });
    expect(reply.status).toBeGreaterThanOrEqual(401);
    expect(reply.bytes.includes(CONTENT.subarray(0, 16))).toBe(false);
  });

  it('a sweep that closes the clip is obeyed', async () => {
    const reply = await stepIn((w) => {
      void w.access.streams.closeForClips([1]);
    });
    expect(reply.status).toBe(401);
  });
});
