/** Attacks on sessions, and requests forged across sites: section B of the list of faults and attacks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ABSOLUTE_MS, IDLE_MS } from '../../src/access/session.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/base/clock.ts';
import { ROUTES } from '../../src/http/routes/index.ts';
import { begin, Client, exchangeRaw, watcher } from '../support/http/client.ts';
import { makeWorld, NOW_MS, PASSWORDS, type World } from '../support/http/world.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

const HOLD = {
  cameraIds: ['entrance'],
  fromMs: NOW_MS - HOUR_MS,
  toMs: NOW_MS,
  caseRef: '2026-17',
  title: 'Stolen bicycle',
  kind: 'legal_claim',
  ground: 'gdpr_17_3_e',
  reason: 'A claim against the insurer is being prepared.',
  reviewMs: NOW_MS + 30 * 24 * HOUR_MS,
};

describe('B sessions', () => {
  it('A-B1 a session fixed before log-in is not the one after', async () => {
    const client = new Client(world.port);
    const planted = `__Host-fortnight=${'A'.repeat(43)}`;
    const reply = await client.login('security', PASSWORDS.security, { headers: { cookie: planted } });
    expect(reply.headers['set-cookie']![0]).not.toContain('A'.repeat(43));
    expect((await client.get('/api/v1/session', { headers: { cookie: planted } })).status).toBe(401);
  });

  it('A-B1 signing in again ends the session this browser had', async () => {
    const client = await new Client(world.port).enter('security');
    const before = client.cookie;
    await client.enter('security');
    expect(client.cookie).not.toBe(before);
    expect((await client.get('/api/v1/session', { headers: { cookie: before } })).status).toBe(401);
  });

  it.each(['constructor', '__proto__', '', 'x'.repeat(10_000), 'A'.repeat(43)])(
    'A-B2 the cookie value %.20s is nobody',
    async (value) => {
      const client = new Client(world.port);
      const headers = { cookie: `__Host-fortnight=${value}` };
      expect((await client.get('/api/v1/session', { headers })).status).toBe(401);
    },
  );

  it('A-B2 two cookies of our name are nobody, even when one is right', async () => {
    const client = await new Client(world.port).enter('security');
    const other = `__Host-fortnight=${'A'.repeat(43)}`;
    for (const cookie of [`${other}; ${client.cookie!}`, `${client.cookie!}; ${other}`])
      expect((await client.get('/api/v1/session', { headers: { cookie } })).status).toBe(401);
  });

  it('A-B3 a session is over after log-out, idle time and absolute time', async () => {
    const ended = async (end: (client: Client) => Promise<unknown>): Promise<number> => {
      const client = await new Client(world.port).enter('security');
      await end(client);
      return (await client.get('/api/v1/session')).status;
    };
    expect(await ended((c) => c.ask('DELETE', '/api/v1/session'))).toBe(401);
    const idle = (): Promise<void> => {
      world.clock.advance(IDLE_MS);
      return Promise.resolve();
    };
    expect(await ended(idle)).toBe(401);
    expect(
      await ended(async (c) => {
        for (let t = 0; t < ABSOLUTE_MS; t += 20 * MINUTE_MS) {
          world.clock.advance(20 * MINUTE_MS);
          await c.get('/api/v1/session');
        }
      }),
    ).toBe(401);
  });

  it('A-B3 use keeps a session alive until its absolute end', async () => {
    const client = await new Client(world.port).enter('security');
    for (let i = 0; i < 4; i += 1) {
      world.clock.advance(IDLE_MS - MINUTE_MS);
      expect((await client.get('/api/v1/session')).status).toBe(200);
    }
  });

  it.each([
    ['log-out', (c: Client) => c.ask('DELETE', '/api/v1/session')],
    ['being disabled', () => change({ disabled: true })],
    ['another role', () => change({ role: 'facility' })],
    ['the end of the purpose', (c: Client) => c.ask('DELETE', '/api/v1/session/purpose')],
  ])('A-B3 a running stream is cut by %s', async (_, end) => {
    const clip = world.addClip(Buffer.alloc(64 * 1024 * 1024));
    const client = await watcher(world.port);
    const stream = await begin(client, `/api/v1/clips/${String(clip.id)}/media`);
    await stream.take();
    await end(client);
    await stream.rest();
    expect(await stream.ended).toBe('cut');
    await expect.poll(() => world.access.streams.size).toBe(0);
  });

  function change(to: { disabled?: boolean; role?: 'facility' }): Promise<unknown> {
    const { id } = world.access.accounts.named('security');
    return Promise.resolve(world.access.accounts.change(id, to, 'admin'));
  }

  it('A-B4 every cookie we set is locked to this host, to TLS and to our own pages', async () => {
    const client = new Client(world.port);
    const login = await client.login('security', PASSWORDS.security);
    await client.enter('security');
    const logout = await client.ask('DELETE', '/api/v1/session');
    for (const reply of [login, logout]) {
      expect(reply.headers['set-cookie']).toHaveLength(1);
      const [value, ...attributes] = reply.headers['set-cookie']![0]!.split('; ');
      expect(value).toMatch(/^__Host-fortnight=/);
      expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']));
      expect(attributes.join()).not.toMatch(/domain/i);
    }
  });

  it('A-B5 what the index holds of a session signs nobody in', async () => {
    await new Client(world.port).enter('security');
    const {
      token_hash: hash,
      id,
      csrf,
    } = world.db.prepare('SELECT * FROM session').get() as {
      token_hash: Buffer;
      id: string;
      csrf: string;
    };
    const client = new Client(world.port);
    for (const value of [hash.toString('base64url'), hash.toString('hex'), id, csrf]) {
      const headers = { cookie: `__Host-fortnight=${value}` };
      expect((await client.get('/api/v1/session', { headers })).status).toBe(401);
    }
  });

  it.each<[string, (csrf: string, other: string) => Record<string, string | undefined>]>([
    ['no token', () => ({ 'x-fortnight-csrf': undefined })],
    ['an empty token', () => ({ 'x-fortnight-csrf': '' })],
    ['a wrong token', (csrf) => ({ 'x-fortnight-csrf': `${csrf.slice(0, -1)}_` })],
    ['the token of another session (A-B10)', (_, other) => ({ 'x-fortnight-csrf': other })],
    ['a body of text', () => ({ 'content-type': 'text/plain' })],
    ['a body of a form', () => ({ 'content-type': 'application/x-www-form-urlencoded' })],
    ['a foreign origin', () => ({ origin: 'https://evil.example' })],
    [
      'an origin that begins like ours',
      () => ({ origin: `https://127.0.0.1:${String(world.port)}.evil.example` }),
    ],
    ['our origin without TLS', () => ({ origin: `http://127.0.0.1:${String(world.port)}` })],
    ['the origin null', () => ({ origin: 'null' })],
    ['a cross-site fetch', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['a same-site fetch', () => ({ 'sec-fetch-site': 'same-site' })],
  ])('A-B6 a hold is not placed with %s', async (_, headers) => {
    const client = await new Client(world.port).enter('facility');
    const other = await new Client(world.port).enter('security');
    const ask = { body: HOLD, headers: headers(client.csrf!, other.csrf!) };
    const reply = await client.ask('POST', '/api/v1/holds', ask);
    expect([reply.status, reply.json['code']]).toEqual([403, 'forbidden']);
    expect(world.holds.current()).toEqual([]);
  });

  it('A-B6 the page itself places it', async () => {
    const client = await new Client(world.port).enter('facility');
    const headers = { origin: `https://127.0.0.1:${String(world.port)}`, 'sec-fetch-site': 'same-origin' };
    const reply = await client.ask('POST', '/api/v1/holds', { body: HOLD, headers });
    expect(reply.status).toBe(201);
    expect(world.holds.current()).toHaveLength(1);
  });

  it('A-B7 nothing changes by GET, HEAD or a method in disguise', async () => {
    const client = await new Client(world.port).enter('facility');
    const changing = ROUTES.filter((r) => r.method !== 'GET' && r.body !== undefined);
    for (const { path } of changing) {
      const readable = ROUTES.some((r) => r.path === path && r.method === 'GET');
      for (const method of ['GET', 'HEAD']) {
        const reply = await client.ask(method, path.replace(':id', 'x'), {
          headers: { 'x-http-method-override': 'POST' },
        });
        if (!readable) expect([path, reply.status]).toEqual([path, 405]);
      }
    }
    await client.get('/api/v1/holds', { headers: { 'x-http-method-override': 'POST' } });
    expect((await client.get('/api/v1/holds?_method=POST')).status).toBe(400);
    expect(world.holds.current()).toEqual([]);
  });

  it.each([
    ['a foreign name', 'GET / HTTP/1.1\r\nHost: evil.example\r\n', 421],
    ['our name as part of another', 'GET / HTTP/1.1\r\nHost: fortnight.test.evil.example\r\n', 421],
    ['a name with a user before it', 'GET / HTTP/1.1\r\nHost: fortnight.test@evil.example\r\n', 421],
    [
      'a whole address as target',
      'GET https://fortnight.test/api/v1/site HTTP/1.1\r\nHost: fortnight.test\r\n',
      400,
    ],
    ['no Host', 'GET / HTTP/1.1\r\n', 400],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: fortnight.test\r\nHost: evil.example\r\n', 400],
  ])('A-B8 %s is refused', async (_, head, status) => {
    const answer = await exchangeRaw(world.port, `${head}Connection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
  });

  it.each(['fortnight.test', 'FORTNIGHT.test:8443', 'localhost', '127.0.0.1:1', '[::1]:8443'])(
    'A-B8 %s is one of our names',
    async (host) => {
      const client = new Client(world.port);
      expect((await client.get('/api/v1/site', { headers: { host } })).status).toBe(200);
    },
  );

  it('A-B9 of six sessions of one account the oldest is closed, with its record', async () => {
    const clients = [];
    for (let i = 0; i < 6; i += 1) {
      clients.push(await new Client(world.port).enter('security'));
      world.clock.advance(1000);
    }
    const statuses = await Promise.all(clients.map(async (c) => (await c.get('/api/v1/session')).status));
    expect(statuses).toEqual([401, 200, 200, 200, 200, 200]);
    expect(world.audit('session_closed').map((p) => p['why'])).toEqual(['too_many']);
  });

  it('a log-out that cannot be recorded says so, and signs out all the same', async () => {
    const client = await new Client(world.port).enter('security');
    world.breakAudit();
    expect((await client.ask('DELETE', '/api/v1/session')).status).toBe(503);
    expect((await client.get('/api/v1/session')).status).toBe(401);
  });
});
