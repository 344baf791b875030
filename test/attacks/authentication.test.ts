/** Attacks on the log-in: section A of the list of faults and attacks. */
import { afterEach, describe, expect, it } from 'vitest';
import { Passwords } from '../../src/access/passwords.ts';
import { MINUTE_MS } from '../../src/base/clock.ts';
import { Client } from '../support/http/client.ts';
import { makeWorld, PASSWORDS, type World, type WorldOptions } from '../support/http/world.ts';

let world: World;
async function start(options: WorldOptions = {}): Promise<Client> {
  world = await makeWorld(options);
  return new Client(world.port);
}
afterEach(() => world.close());

const WRONG = 'zeventien groene vliegen';
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

/** A different address of this machine for each n. */
const address = (n: number): string => `127.0.1.${String(n + 1)}`;

describe('A authentication', () => {
  it('A-A1 an unknown user and a wrong password look the same', async () => {
    const client = await start();
    const unknown = await client.login('nobody', WRONG);
    const wrong = await client.login('security', WRONG);
    expect([unknown.status, wrong.status]).toEqual([401, 401]);
    expect(unknown.bytes).toEqual(wrong.bytes);
    expect(Object.keys(unknown.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
    expect(world.audit('login').map((p) => p['outcome'])).toEqual(['unknown_user', 'wrong_password']);
  });

  it('A-A1 an unknown user takes as long as a wrong password', async () => {
    const client = await start({ passwords: new Passwords({ memoryKib: 16_384, passes: 3 }) });
    const took: Record<string, number[]> = { known: [], unknown: [] };
    for (let i = 0; i < 5; i += 1) {
      for (const [kind, name] of [
        ['known', ['security', 'facility', 'privacy', 'admin', 'security'][i]!],
        ['unknown', `nobody${String(i)}`],
      ] as const) {
        const from = process.hrtime.bigint();
        await client.login(name, WRONG, { localAddress: address(i) });
        took[kind]!.push(Number(process.hrtime.bigint() - from));
      }
    }
    const ratio = median(took['unknown']!) / median(took['known']!);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('A-A2 an account under guessing from many addresses is throttled after five, each attempt with its record', async () => {
    const client = await start();
    const replies = [];
    for (let i = 0; i < 200; i += 1)
      replies.push(await client.login('security', WRONG, { localAddress: address(i % 50) }));
    expect(replies.filter((r) => r.status === 401)).toHaveLength(5);
    expect(replies.filter((r) => r.status === 429)).toHaveLength(195);
    expect(world.audit('login')).toHaveLength(200);
  });

  it('A-A2 guesses at the same time count like guesses one after the other', async () => {
    const client = await start();
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, i) => client.login('security', WRONG, { localAddress: address(i) })),
    );
    expect(replies.filter((r) => r.status === 401)).toHaveLength(5);
  });

  it('A-A3 one password tried on a thousand names is throttled by its source', async () => {
    const client = await start();
    const statuses = [];
    for (let i = 0; i < 60; i += 1) statuses.push((await client.login(`user${String(i)}`, WRONG)).status);
    expect(statuses.filter((s) => s === 401)).toHaveLength(20);
    expect(statuses.slice(20).every((s) => s === 429)).toBe(true);
  });

  it('A-A4 a throttled right password gets the answer of a throttled wrong one', async () => {
    const client = await start();
    for (let i = 0; i < 5; i += 1) await client.login('security', WRONG);
    const wrong = await client.login('security', WRONG);
    const right = await client.login('security', PASSWORDS.security);
    expect([wrong.status, right.status]).toEqual([429, 429]);
    expect(right.bytes).toEqual(wrong.bytes);
    expect(Object.keys(right.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
    expect(right.headers['retry-after']).toBeDefined();
  });

  it('A-A5 forwarded addresses from a peer that is no proxy change nothing', async () => {
    const client = await start();
    const statuses = [];
    for (let i = 0; i < 8; i += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${String(i)}` };
      statuses.push((await client.login('security', WRONG, { headers })).status);
    }
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
    expect(new Set(world.audit('login').map((p) => p['peer']))).toEqual(new Set(['127.0.0.1']));
  });

  it('A-A5 a configured proxy is believed', async () => {
    const client = await start({ trustedProxies: ['127.0.0.1'] });
    await client.login('security', WRONG, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(world.audit('login')[0]!['peer']).toBe('203.0.113.9');
  });

  it.each([
    ['an object as name', { userName: { $ne: 1 }, password: WRONG }],
    ['an array as name', { userName: ['security'], password: WRONG }],
    ['a number as password', { userName: 'security', password: 12_345 }],
    ['NUL in the password', { userName: 'security', password: 'zeventien\0groene' }],
    ['a lone surrogate', { userName: 'security', password: 'zeventien \ud800 groene' }],
    ['another field', { userName: 'security', password: WRONG, role: 'admin' }],
    ['no fields', {}],
    ['no object', [1]],
  ])('A-A6 %s is refused before any hash, with its record', async (_, body) => {
    let checks = 0;
    class Counting extends Passwords {
      override check(stored: string | undefined, password: string): ReturnType<Passwords['check']> {
        checks += 1;
        return super.check(stored, password);
      }
    }
    const client = await start({ passwords: new Counting({ memoryKib: 256, passes: 1 }) });
    const reply = await client.ask('POST', '/api/v1/session', { body });
    expect(reply.status).toBe(400);
    expect(checks).toBe(0);
    expect(world.audit('login').map((p) => p['outcome'])).toEqual(['malformed']);
  });

  it('A-A6 a megabyte of password is refused unread, with its record', async () => {
    const client = await start();
    const reply = await client.login('security', 'x'.repeat(1_000_000));
    expect(reply.status).toBe(413);
    expect(world.audit('login')).toHaveLength(1);
  });

  it('A-A7 256 characters with spaces and emoji are a password, and only they themselves', async () => {
    const client = await start();
    const password = `${'vlam 🔥 '.repeat(36)}slot`;
    expect(Array.from(password)).toHaveLength(256);
    const draft = {
      userName: 'long',
      displayName: 'Long',
      role: 'security',
      language: 'nl',
      password,
    } as const;
    await world.access.accounts.create(draft, 'console');
    expect((await client.login('long', `${password} `)).status).toBe(401);
    expect((await client.login('long', password.toUpperCase())).status).toBe(401);
    expect((await client.login('long', password)).status).toBe(200);
  });

  it.each([
    ['fourteen characters', 'veertien tekens'.slice(0, 14)],
    ['the name of the site', 'Twelvefloors-2026!'],
    ['the name of the user', 'newcomer newcomer'],
    ['a common long one', 'correct horse battery staple'],
    ['common words put together', 'Password-Welcome-123'],
    ['one character over and over', 'aaaaaaaaaaaaaaaaaaaa'],
  ])('A-A7 %s is no password', async (_, password) => {
    await start();
    const draft = {
      userName: 'newcomer',
      displayName: 'New',
      role: 'security',
      language: 'nl',
      password,
    } as const;
    await expect(world.access.accounts.create(draft, 'console')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('A-A8 nothing but the cookie signs in', async () => {
    const client = await start();
    const session = await new Client(world.port).enter('security');
    const token = session.cookie!.split('=')[1]!;
    for (const query of [`auth=${token}`, `token=${token}`, `api_key=${token}`])
      expect((await client.get(`/api/v1/cameras?${query}`)).status).toBe(401);
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${Buffer.from(`security:${PASSWORDS.security}`).toString('base64')}` },
      { cookie: 'sid=admin' },
      { cookie: `fortnight=${token}` },
    ])
      expect((await client.get('/api/v1/cameras', { headers })).status).toBe(401);
  });

  it('A-A9 the machine itself needs a session too', async () => {
    const client = await start();
    expect((await client.get('/api/v1/cameras', { localAddress: '127.0.0.1' })).status).toBe(401);
  });

  it('A-A12 a hundred log-ins at once: a bounded queue, the rest is told to come back, sessions go on', async () => {
    const client = await start({ passwords: new Passwords({ memoryKib: 32_768, passes: 3 }) });
    const officer = await new Client(world.port).enter('security');
    const flood = Array.from({ length: 100 }, (_, i) =>
      client.login(`user${String(i)}`, WRONG, { localAddress: address(i) }),
    );
    let finished = 0;
    for (const f of flood) void f.then(() => (finished += 1));
    const during = await officer.get('/api/v1/session');
    expect(during.status).toBe(200);
    expect(finished).toBeLessThan(100);
    const replies = await Promise.all(flood);
    const busy = replies.filter((r) => r.status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.every((r) => r.headers['retry-after'] !== undefined && r.json['code'] === 'busy')).toBe(true);
    expect(world.audit('login')).toHaveLength(101);
  });

  it('A-A13 a disabled user fails like anybody, and the record says why', async () => {
    const client = await start();
    const { id } = world.access.accounts.named('security');
    world.access.accounts.change(id, { disabled: true }, 'admin');
    const reply = await client.login('security', PASSWORDS.security);
    const wrong = await client.login('facility', WRONG);
    expect(reply.status).toBe(401);
    expect(reply.bytes).toEqual(wrong.bytes);
    expect(world.audit('login')[0]!['outcome']).toBe('disabled');
  });

  it('A-A14 the password changes only with the current one, and every other session ends', async () => {
    await start();
    const [here, elsewhere] = [
      await new Client(world.port).enter('security'),
      await new Client(world.port).enter('security'),
    ];
    const newPassword = 'een nieuwe zin voor morgen';
    const change = (currentPassword: string): Promise<{ status: number }> =>
      here.ask('POST', '/api/v1/session/password', { body: { currentPassword, newPassword } });
    expect((await change(WRONG)).status).toBe(403);
    expect((await elsewhere.get('/api/v1/session')).status).toBe(200);
    expect((await change(PASSWORDS.security)).status).toBe(204);
    expect((await here.get('/api/v1/session')).status).toBe(200);
    expect((await elsewhere.get('/api/v1/session')).status).toBe(401);
    expect((await new Client(world.port).login('security', newPassword)).status).toBe(200);
  });

  it('A-A15 a hash of weak cost is replaced at log-in; a damaged one never matches', async () => {
    const client = await start({ passwords: new Passwords({ memoryKib: 512, passes: 2 }) });
    const weak = await new Passwords({ memoryKib: 64, passes: 1 }).hash(PASSWORDS.security);
    const set = world.db.prepare('UPDATE account SET password_hash = ? WHERE user_name = ?');
    set.run(weak, 'security');
    expect((await client.login('security', PASSWORDS.security)).status).toBe(200);
    const now = world.db
      .prepare("SELECT password_hash FROM account WHERE user_name = 'security'")
      .pluck()
      .get();
    expect(now).toContain('m=512,t=2');
    for (const damaged of ['', '$argon2id$v=19$m=64', PASSWORDS.facility]) {
      set.run(damaged, 'facility');
      expect((await client.login('facility', PASSWORDS.facility)).status).toBe(401);
    }
  });

  it('every attempt makes exactly one record, whatever became of it', async () => {
    const client = await start();
    await client.login('security', PASSWORDS.security);
    await client.login('security', WRONG);
    await client.login('nobody', WRONG);
    await client.ask('POST', '/api/v1/session', {
      raw: '{',
      headers: { 'content-type': 'application/json' },
    });
    await client.ask('POST', '/api/v1/session', { raw: 'x', headers: { 'content-type': 'text/plain' } });
    const headers = { origin: 'https://evil.example' };
    await client.login('security', PASSWORDS.security, { headers });
    expect(world.audit('login').map((p) => p['outcome'])).toEqual([
      'ok',
      'wrong_password',
      'unknown_user',
      'malformed',
      'malformed',
      'refused_origin',
    ]);
  });

  it('nobody signs in when the record cannot be written', async () => {
    const client = await start();
    world.breakAudit();
    const reply = await client.login('security', PASSWORDS.security);
    expect(reply.status).toBe(503);
    expect(reply.json['code']).toBe('audit_unavailable');
    expect(reply.headers['set-cookie']).toBeUndefined();
    world.clock.advance(MINUTE_MS);
  });
});
