/** Attacks on the log-in: section A of faults and attacks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../support/http/client.ts';
import { makeWorld, PASSWORDS, type World } from '../support/http/world.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

describe('A authentication', () => {
  it('A-A1 an unknown user and a wrong password look the same', async () => {
    const client = new Client(world.port);
    const unknown = await client.login('nobody', 'zeventien groene fietsen');
    const wrong = await client.login('security', 'zeventien groene vliegen');
    expect(unknown.status).toBe(401);
    expect(wrong.status).toBe(401);
    expect(unknown.bytes).toEqual(wrong.bytes);
    expect(Object.keys(unknown.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
  });
  it('signs in', async () => {
    const client = await new Client(world.port).enter('security');
    expect((await client.get('/api/v1/session')).json['userName']).toBe('security');
    expect(PASSWORDS.security).toBeDefined();
  });
});
