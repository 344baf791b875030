/** Attacks on footage: section D of the list of faults and attacks, with I7 and I9. */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/base/clock.ts';
import type { Clip } from '../../src/clips/clip.ts';
import { ROUTES } from '../../src/http/routes/index.ts';
import { begin, Client, exchangeRaw, watcher, type Reply } from '../support/http/client.ts';
import { isOpen, makeWorld, type World } from '../support/http/world.ts';

const CONTENT = randomBytes(100_000);
/** More than the kernel's and our own buffers hold: a reader who does not read holds the stream up. */
const BIG = 64 * 1024 * 1024;

let world: World;
let clip: Clip;
let client: Client;
let path: string;
beforeEach(async () => {
  world = await makeWorld();
  clip = world.addClip(CONTENT);
  client = await watcher(world.port);
  path = mediaOf(clip);
});
afterEach(() => world.close());

const mediaOf = (of: Clip): string => `/api/v1/clips/${String(of.id)}/media`;
const range = (value: string): Promise<Reply> => client.get(path, { headers: { range: value } });
const openDescriptors = (): number[] => [...world.openFootage].filter(isOpen);

describe('D media', () => {
  it('A-D1 no byte without a session, with an ended one, or over plain HTTP', async () => {
    expect((await new Client(world.port).get(path)).status).toBe(401);
    await client.ask('DELETE', '/api/v1/session');
    const ended = await client.get(path);
    expect(ended.status).toBe(401);
    expect(ended.bytes.includes(CONTENT.subarray(0, 16))).toBe(false);
    const plain = new Promise((resolve) => {
      const headers = { cookie: client.cookie ?? '' };
      plainRequest({ host: '127.0.0.1', port: world.port, path, headers }, resolve)
        .on('error', () => {
          resolve('refused');
        })
        .end();
    });
    expect(await plain).toBe('refused');
  });

  it.each([
    '0',
    '-1',
    '1e3',
    '0x1',
    '9007199254740993',
    '01',
    '1%00',
    '1;',
    '1%2f..',
    '1/',
    '',
    'ABCDEF01-0000-4000-8000-000000000000',
    '+1',
    '１',
  ])('A-D2 the id %j is no clip, and no fault of ours', async (id) => {
    for (const rest of ['', '/media', '/poster']) {
      const target = `/api/v1/clips/${id}${rest}`;
      const answer = await exchangeRaw(
        world.port,
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nCookie: ${client.cookie!}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    }
  });

  it.each<[string, number, [number, number]]>([
    ['bytes=0-', 206, [0, 100_000]],
    ['bytes=0-0', 206, [0, 1]],
    ['bytes=10-19', 206, [10, 20]],
    ['bytes=-1', 206, [99_999, 100_000]],
    ['bytes=-999999999999', 206, [0, 100_000]],
    ['bytes=99990-999999999999999999999', 206, [99_990, 100_000]],
    ['bytes=5-4', 200, [0, 100_000]],
    ['bytes=-', 200, [0, 100_000]],
    ['items=0-1', 200, [0, 100_000]],
    ['bytes=0-0,1-1', 200, [0, 100_000]],
    [`bytes=${'0-0,'.repeat(1000)}1-1`, 200, [0, 100_000]],
    [`bytes=0-${'9'.repeat(10_000)}`, 206, [0, 100_000]],
  ])('A-D3 %.40s is answered %i with exactly its bytes', async (value, status, [from, to]) => {
    const reply = await range(value);
    expect(reply.status).toBe(status);
    expect(reply.bytes.equals(CONTENT.subarray(from, to))).toBe(true);
    expect(reply.headers['content-length']).toBe(String(to - from));
    expect(reply.headers['content-range']).toBe(
      status === 206 ? `bytes ${String(from)}-${String(to - 1)}/100000` : undefined,
    );
  });

  it.each(['bytes=100000-', 'bytes=999999999999-', 'bytes=-0'])(
    'A-D3 %s cannot be satisfied',
    async (value) => {
      const reply = await range(value);
      expect(reply.status).toBe(416);
      expect(reply.headers['content-range']).toBe('bytes */100000');
      expect(reply.json['code']).toBe('range_not_satisfiable');
    },
  );

  it('A-D4 a range of the content that was is answered with the whole that is', async () => {
    const old = await range('bytes=0-9');
    const fresh = randomBytes(50_000);
    const other = world.addClip(fresh);
    const headers = { range: 'bytes=10-19', 'if-range': old.headers.etag };
    const same = await client.get(path, { headers });
    expect(same.status).toBe(206);
    const reply = await client.get(mediaOf(other), { headers });
    expect(reply.status).toBe(200);
    expect(reply.bytes.equals(fresh)).toBe(true);
    expect(reply.headers.etag).not.toBe(old.headers.etag);
    const dated = await client.get(path, {
      headers: { range: 'bytes=0-9', 'if-range': new Date().toUTCString() },
    });
    expect(dated.status).toBe(200);
  });

  it('A-D4 a name that means another file now shows nothing', async () => {
    await range('bytes=0-9');
    const file = join(world.dir, `clip-${String(clip.id)}.mp4`);
    rmSync(file);
    writeFileSync(file, randomBytes(100_000));
    const reply = await range('bytes=0-9');
    expect([reply.status, reply.json['code']]).toEqual([503, 'clip_unavailable']);
    expect(openDescriptors()).toEqual([]);
  });

  it('A-D5 a stream stays on the file it opened', async () => {
    const content = Buffer.alloc(BIG, 'old');
    const big = world.addClip(content);
    const stream = await begin(client, mediaOf(big));
    const first = (await stream.take())!;
    const file = join(world.dir, `clip-${String(big.id)}.mp4`);
    writeFileSync(`${file}.other`, Buffer.alloc(BIG, 'new'));
    renameSync(`${file}.other`, file);
    const all = Buffer.concat([first, await stream.rest()]);
    expect(all.equals(content)).toBe(true);
  });

  it('A-D6 every kind of footage needs session, role and purpose of its own', async () => {
    const footage = ROUTES.filter((r) => 'bytes' in r.output);
    expect(footage.map((r) => r.path)).toEqual(['/api/v1/clips/:id/media', '/api/v1/clips/:id/poster']);
    const unstated = await new Client(world.port).enter('security');
    for (const route of footage) {
      const target = route.path.replace(':id', String(clip.id));
      expect(route.allow).toBe('footage.view');
      expect((await new Client(world.port).get(target)).status).toBe(401);
      expect((await unstated.get(target)).json['code']).toBe('purpose_missing');
      expect((await client.get(target)).status).toBe(200);
    }
  });

  it('A-D7 footage is stored nowhere, sniffed by nobody and named safely', async () => {
    const hostile = world.addClip(CONTENT, { cameraId: 'a"\r\nSet-Cookie: x=y' });
    for (const each of [clip, hostile]) {
      const { headers } = await client.get(mediaOf(each));
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-disposition']).toMatch(
        /^inline; filename="[A-Za-z0-9_-]+_20\d{6}T\d{6}Z\.mp4"$/,
      );
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('A-D8 what no probe could read is saved, never shown', async () => {
    world.clips.container = '';
    const { headers } = await client.get(mediaOf(world.addClip(Buffer.from('<script>alert(1)</script>'))));
    expect(headers['content-type']).toBe('video/mp4');
    expect(headers['content-disposition']).toMatch(/^attachment;/);
    expect(headers['content-security-policy']).toContain('sandbox');
  });

  it('A-D9 without a record not a byte leaves', async () => {
    world.breakAudit();
    const text = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${client.cookie!}\r\nConnection: close\r\n\r\n`;
    const answer = await exchangeRaw(world.port, text);
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('"audit_unavailable"');
    expect(answer).not.toContain(CONTENT.subarray(0, 8).toString('latin1'));
    expect(openDescriptors()).toEqual([]);
    expect((await client.get(path.replace('media', 'poster'))).status).toBe(503);
  });

  it('A-D10 the record stands before the first byte, naming user, camera, hour and purpose', async () => {
    const stream = await begin(client, path);
    const [record] = world.audit('view_start');
    expect(record).toMatchObject({
      actor: 'security',
      camera: 'entrance',
      hourMs: Math.floor(clip.startMs / 3_600_000) * 3_600_000,
      purpose: 'protect_property',
      note: 'a bicycle is missing',
    });
    await stream.rest();
  });

  it('a thousand ranges of an hour are one record, another hour is the next', async () => {
    for (let i = 0; i < 50; i += 1) await range(`bytes=${String(i * 100)}-${String(i * 100 + 99)}`);
    await client.get(path.replace('media', 'poster'));
    expect(world.audit('view_start')).toHaveLength(1);
    const earlier = world.addClip(CONTENT, { startMs: clip.startMs - 3_600_000 });
    await client.get(mediaOf(earlier));
    expect(world.audit('view_start')).toHaveLength(2);
    await client.ask('DELETE', '/api/v1/session');
    const [first] = world.audit('view_end');
    expect(first).toMatchObject({ requests: 51, bytes: 5000 + 'a picture'.length, why: 'session_closed' });
    expect(first!['seen']).toEqual([[clip.startMs, clip.endMs]]);
  });

  it('A-D11 a deleted clip is gone with its reason, an unknown one unknown', async () => {
    world.clips.delete(clip.id);
    for (const target of [path, path.replace('media', 'poster'), path.replace('/media', '')]) {
      const reply = await client.get(target);
      expect([reply.status, reply.json['code'], reply.json['reason']]).toEqual([410, 'gone', 'retention']);
    }
    expect((await client.get('/api/v1/clips/4711/media')).status).toBe(404);
  });

  it('A-D11 a clip the recorder removed is gone too', async () => {
    world.clips.change(clip.id, { state: 'gone_external' });
    expect((await client.get(path)).json['reason']).toBe('external');
  });

  it('from its due moment a clip is not served although its file is there, one millisecond before it is', async () => {
    world.clips.change(clip.id, { dueMs: world.clock.wallMs() + 1 });
    expect((await client.get(path)).status).toBe(200);
    world.clock.advance(1);
    const reply = await client.get(path);
    expect([reply.status, reply.json['reason']]).toEqual([410, 'retention']);
    const query = `camera=entrance&from=${String(clip.startMs)}&to=${String(clip.endMs)}`;
    expect((await client.get(`/api/v1/clips?${query}`)).json['clips']).toEqual([]);
  });

  it('a held clip is served past its time, a released one is not', async () => {
    const terms = {
      caseRef: '2026-17',
      title: 'Bicycle',
      kind: 'legal_claim',
      ground: 'gdpr_17_3_e',
      reason: 'a claim is being prepared',
      viewers: ['security'],
      cameraIds: ['entrance'],
      endMs: null,
      window: { fromMs: clip.startMs, toMs: clip.endMs },
      reviewMs: clip.endMs + 60 * DAY_MS,
    } as const;
    const { hold } = await world.holds.place(terms, { by: 'facility' });
    world.clips.change(clip.id, { dueMs: world.clock.wallMs() });
    expect((await client.get(path)).status).toBe(200);
    await world.holds.release(hold.holdId, { by: 'facility', reason: 'settled' });
    const reply = await client.get(path);
    expect([reply.status, reply.json['reason']]).toEqual([410, 'hold_released']);
  });
});
