/** The role matrix, route by route: section C of the list of faults and attacks. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../src/access/roles.ts';
import type { Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/index.ts';
import { Client, watcher, type Reply } from '../support/http/client.ts';
import { makeWorld, PASSWORDS, type World } from '../support/http/world.ts';

const WRITTEN = new Map(
  readFileSync(new URL('../../docs/guide/roles.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const row = /^\| ([A-Z]+ \/\S*) +\| (.+?) +\|$/.exec(line);
      return row === null ? [] : [[row[1]!, row[2]!.split(', ')] as const];
    }),
);

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

const nameOf = (route: Route): string => `${route.method} ${route.path}`;

/** A target that could exist, so that only rights decide. */
function target(route: Route): string {
  const { id } = world.addClip(Buffer.from('footage'));
  const value = /\/(holds|cases)\/:/.test(route.path)
    ? '00000000-0000-4000-8000-000000000000'
    : route.path.includes('/cameras/')
      ? 'entrance'
      : route.path.includes('/roots/')
        ? 'nvr'
        : String(id);
  return route.path.replace(':id', value);
}

async function tryRoute(route: Route, role: Role | undefined): Promise<Reply> {
  const client = new Client(world.port);
  if (role !== undefined) await client.enter(role);
  const body = route.body === undefined ? {} : { body: {} };
  return client.ask(route.method, target(route), body);
}

describe('C roles', () => {
  it('A-C1 the written matrix and the program have the same routes', () => {
    expect(ROUTES.map(nameOf).sort()).toEqual([...WRITTEN.keys()].sort());
  });

  it.each(ROUTES.map((r) => [nameOf(r), r] as const))(
    'A-C1 %s lets in exactly whom the matrix names',
    async (name, route) => {
      const allowed = WRITTEN.get(name) ?? [];
      for (const role of [undefined, ...ROLES]) {
        const { status, json } = await tryRoute(route, role);
        const permitted = allowed.includes('anybody') || (role !== undefined && allowed.includes(role));
        const seen = { role, status, code: json['code'] };
        if (permitted) {
          expect.soft(['unauthenticated', 'forbidden'], JSON.stringify(seen)).not.toContain(json['code']);
        } else {
          expect.soft(seen).toEqual({
            role,
            status: role === undefined ? 401 : 403,
            code: role === undefined ? 'unauthenticated' : 'forbidden',
          });
        }
      }
    },
  );

  it('A-C2 a release needs the password again', async () => {
    const client = await new Client(world.port).enter('facility');
    const placed = await world.holds.place(
      {
        caseRef: '1',
        title: 'A case',
        kind: 'legal_claim',
        ground: 'gdpr_17_3_e',
        reason: 'because it is needed for a claim',
        viewers: [],
        cameraIds: ['entrance'],
        endMs: null,
        window: { fromMs: 0, toMs: 1 },
        reviewMs: 2,
      },
      { by: 'facility' },
    );
    const path = `/api/v1/holds/${placed.hold.holdId}/release`;
    const reason = 'The claim was settled out of court.';
    const release = (password?: string): Promise<Reply> =>
      client.ask('POST', path, {
        body: password === undefined ? { version: 1, reason } : { version: 1, reason, password },
      });
    expect((await release()).status).toBe(400);
    expect((await release(PASSWORDS.admin)).status).toBe(403);
    expect(world.holds.history(placed.hold.holdId)).toHaveLength(1);
    expect((await release(PASSWORDS.facility)).json).toMatchObject({
      state: 'standing',
      pending: { what: 'release', by: 'facility' },
    });
  });

  it('A-C2 guessing the password again is throttled like a log-in', async () => {
    const fresh = await makeWorld();
    const client = await new Client(fresh.port).enter('admin');
    const confirm = (password: string): Promise<Reply> =>
      client.ask('POST', '/api/v1/clock/confirm', { body: { password } });
    const statuses = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await confirm('wrong wrong wrong wrong')).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
    expect((await confirm(PASSWORDS.admin)).status).toBe(429);
    await fresh.close();
  });

  it('A-C6 the last administrator cannot disable or demote himself', async () => {
    const fresh = await makeWorld();
    try {
      const client = await new Client(fresh.port).enter('admin');
      const { id } = fresh.access.accounts.named('admin');
      for (const change of [{ disabled: true }, { role: 'security' }]) {
        const reply = await client.ask('PATCH', `/api/v1/accounts/${String(id)}`, { body: change });
        expect([reply.status, reply.json['code']]).toEqual([409, 'conflict']);
      }
      expect((await client.get('/api/v1/session')).status).toBe(200);
    } finally {
      await fresh.close();
    }
  });

  it('A-C7 fields nobody asked for are refused', async () => {
    const client = await watcher(world.port);
    const purpose = { kind: 'protect_property', note: 'a bicycle is missing', role: 'admin' };
    const reply = await client.ask('PUT', '/api/v1/session/purpose', { body: purpose });
    expect(reply.status).toBe(400);
    expect(reply.json['errors']).toEqual([{ field: 'role', message: 'unknown field' }]);
    const raw = '{"kind":"protect_property","note":"a bicycle is missing","__proto__":{"role":"admin"}}';
    expect((await client.ask('PUT', '/api/v1/session/purpose', { raw })).status).toBe(400);
  });

  it('A-C8 HEAD and OPTIONS tell no more than GET', async () => {
    const { id } = world.addClip(Buffer.alloc(12_345));
    const path = `/api/v1/clips/${String(id)}/media`;
    for (const role of [undefined, 'facility', 'admin', 'privacy'] as const) {
      const client = new Client(world.port);
      if (role !== undefined) await client.enter(role);
      const head = await client.ask('HEAD', path);
      expect(head.status).toBe(role === undefined ? 401 : 403);
      expect(head.headers['content-length']).not.toBe('12345');
      expect(head.headers.etag).toBeUndefined();
      expect((await client.ask('OPTIONS', path)).status).toBe(405);
    }
    const head = await (await watcher(world.port)).ask('HEAD', path);
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, '12345', 0]);
  });

  it('refusals for the role are in the audit, repeated ones as a count', async () => {
    const client = await new Client(world.port).enter('privacy');
    const before = world.audit('access_denied').length;
    for (let i = 0; i < 50; i += 1) await client.get('/api/v1/clips/1');
    expect(world.audit('access_denied')).toHaveLength(before + 1);
    world.clock.advance(11 * 60_000);
    world.access.tick();
    expect(world.audit('access_denied').at(-1)).toMatchObject({ actor: 'privacy', more: 49 });
  });
});
