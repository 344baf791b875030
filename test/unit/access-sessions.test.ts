import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userOps } from '../../src/access/ops.ts';
import { PURPOSE_IDLE_MS, purposeOf } from '../../src/access/purpose.ts';
import { Sessions } from '../../src/access/sessions.ts';
import { MINUTE_MS } from '../../src/base/clock.ts';
import { createAccessLedger } from '../../src/db/access/ledger.ts';
import { createSessionStore } from '../../src/db/access/sessions.ts';
import { Client, watcher } from '../support/http/client.ts';
import { makeWorld, PASSWORDS, type World } from '../support/http/world.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

/** What another run of the daemon finds in the index. */
function afterRestart(): Sessions {
  const ledger = createAccessLedger(world.db, { append: () => 0 });
  return new Sessions(createSessionStore(world.db), ledger);
}
const tokenOf = (client: Client): string => client.cookie!.split('=')[1]!;

describe('sessions over a restart', () => {
  it('live on, with their purpose', async () => {
    const client = await watcher(world.port);
    const found = afterRestart().find(tokenOf(client), world.clock.wallMs())!;
    expect(found.account.userName).toBe('security');
    expect(found.csrf).toBe(client.csrf);
    expect(purposeOf(found, world.clock.wallMs())?.note).toBe('a bicycle is missing');
  });

  it('that were closed stay closed', async () => {
    const client = await new Client(world.port).enter('security');
    await client.ask('DELETE', '/api/v1/session');
    expect(afterRestart().find(tokenOf(client), world.clock.wallMs())).toBeUndefined();
  });

  it('remember their last use to the minute, never later than it was', async () => {
    const client = await new Client(world.port).enter('security');
    for (let i = 0; i < 10; i += 1) {
      world.clock.advance(20_000);
      await client.get('/api/v1/session');
    }
    const { usedMs } = afterRestart().find(tokenOf(client), world.clock.wallMs())!;
    expect(usedMs).toBeLessThanOrEqual(world.clock.wallMs());
    expect(world.clock.wallMs() - usedMs).toBeLessThan(MINUTE_MS);
  });
});

describe('a purpose', () => {
  it('is over ten minutes after the last look, to the millisecond', async () => {
    const client = await watcher(world.port);
    const clip = world.addClip(Buffer.from('footage'));
    const look = async (): Promise<number> =>
      (await client.get(`/api/v1/clips/${String(clip.id)}/media`)).status;
    world.clock.advance(PURPOSE_IDLE_MS - 1);
    expect(await look()).toBe(200);
    world.clock.advance(PURPOSE_IDLE_MS);
    expect(await look()).toBe(403);
  });

  it('is not kept awake by a page that merely stands open', async () => {
    const client = await watcher(world.port);
    for (let i = 0; i < 11; i += 1) {
      world.clock.advance(MINUTE_MS);
      await client.get('/api/v1/status');
    }
    expect((await client.get('/api/v1/session')).json['purpose']).toBeNull();
  });

  it('of a case names the case', async () => {
    const client = await new Client(world.port).enter('security');
    const state = (body: object): Promise<{ status: number }> =>
      client.ask('PUT', '/api/v1/session/purpose', { body });
    expect((await state({ kind: 'case', note: 'the stolen bicycle' })).status).toBe(400);
    expect((await state({ kind: 'case', note: 'the stolen bicycle', caseRef: '2026-17' })).status).toBe(200);
    expect(world.audit('purpose_stated').at(-1)).toMatchObject({ purpose: 'case', caseRef: '2026-17' });
  });
});

describe('accounts from the command line', () => {
  const run = (op: string, params: object): Promise<unknown> => {
    const known = userOps(world.access.accounts)[op]!;
    return known.run(known.params.parse(params));
  };

  it('are made, listed, given another role and password, disabled and enabled, each with its record', async () => {
    const password = 'een zin die niemand raadt';
    await run('users.add', { userName: 'Anna', role: 'security', password });
    expect((await new Client(world.port).login('anna', password)).status).toBe(200);
    await run('users.role', { userName: 'anna', role: 'privacy' });
    const next = 'een andere zin voor anna';
    await run('users.passwd', { userName: 'anna', password: next.replace('anna', 'haar') });
    await run('users.disable', { userName: 'anna' });
    expect((await new Client(world.port).login('anna', next.replace('anna', 'haar'))).status).toBe(401);
    await run('users.enable', { userName: 'anna' });
    expect((await new Client(world.port).login('anna', next.replace('anna', 'haar'))).status).toBe(200);
    expect(await run('users.list', {})).toMatchObject({
      users: expect.arrayContaining([
        expect.objectContaining({ userName: 'anna', role: 'privacy' }),
      ]) as unknown,
    });
    const kinds = [
      'account_created',
      'account_changed',
      'password_changed',
      'account_changed',
      'account_changed',
    ] as const;
    const mine = kinds.filter((k) =>
      world.audit(k).some((p) => p['user'] === 'anna' && p['actor'] === 'console'),
    );
    expect(mine).toEqual(kinds);
    expect(JSON.stringify(world.audit())).not.toContain('zin');
  });

  it.each([
    ['a name that is taken', { userName: 'SECURITY', role: 'admin' }, 'conflict'],
    ['a name with a space', { userName: 'anna de wit', role: 'admin' }, 'invalid'],
    ['a name of another script', { userName: 'аnna', role: 'admin' }, 'invalid'],
    ['a short password', { userName: 'anna', role: 'admin', password: 'kort' }, 'invalid'],
  ])('are not made with %s', async (_, params, code) => {
    const withPassword = { password: 'een zin die niemand raadt', ...params };
    await expect(run('users.add', withPassword)).rejects.toMatchObject({ code });
  });

  it('nobody else acts by an account: a person on the command line proves who they are', async () => {
    const { signIn } = world.access;
    const by = (userName: string, password: string): Promise<unknown> =>
      signIn.identify({ userName, password, peer: 'console', nowMs: world.clock.wallMs() }, 'holds.change');
    await expect(by('facility', PASSWORDS.security)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(by('security', PASSWORDS.security)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await by('facility', PASSWORDS.facility)).toMatchObject({ userName: 'facility' });
    expect(world.audit('login').map((p) => [p['userName'], p['outcome']])).toEqual([
      ['facility', 'wrong_password'],
      ['security', 'ok'],
      ['facility', 'ok'],
    ]);
  });
});
