/** Attacks by the target of a request: A-E1 of the list of faults and attacks. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes/index.ts';
import { exchangeRaw, watcher, type Client } from '../support/http/client.ts';
import { makeWorld, type World } from '../support/http/world.ts';

let world: World;
let client: Client;
let base: string;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'fortnight-page-'));
  mkdirSync(join(base, 'web', 'assets'), { recursive: true });
  writeFileSync(join(base, 'secret.txt'), 'SECRET');
  writeFileSync(join(base, 'web', 'index.html'), '<!doctype html><title>Fortnight</title>');
  writeFileSync(join(base, 'web', 'assets', 'index-1a2b3c.js'), 'export {};');
  world = await makeWorld({ pageDir: join(base, 'web') });
  client = await watcher(world.port);
});
afterAll(async () => {
  await world.close();
  rmSync(base, { recursive: true });
});

const TURNS = [
  '../../secret.txt',
  '../',
  '..%2f..%2fsecret.txt',
  '..%5c..%5csecret.txt',
  '%2e%2e/%2e%2e/secret.txt',
  '%252e%252e%252fsecret.txt',
  '..\\..\\secret.txt',
  '//etc/passwd',
  './/',
  '%00',
  '%',
  '%ff',
  '\u00ff',
  'x'.repeat(8000),
];
const PREFIXES = ['/', '/assets/', ...new Set(ROUTES.map((r) => `${r.path.replace(':id', '1')}/`))];

async function status(target: string): Promise<number> {
  const text = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nCookie: ${client.cookie!}\r\nConnection: close\r\n\r\n`;
  const answer = await exchangeRaw(world.port, text);
  expect(answer).not.toContain('SECRET');
  expect(answer).not.toContain('root:');
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

describe('E paths', () => {
  it.each(PREFIXES)('A-E1 no turn below %s leads anywhere', async (prefix) => {
    for (const turn of TURNS)
      expect([400, 404], `${prefix}${turn.slice(0, 40)}`).toContain(await status(prefix + turn));
  });

  it.each(['*', 'etc/passwd', '//', '/.', '/..', '/\\', 'file:///etc/passwd', `/${'a'.repeat(100_000)}`])(
    'A-E1 the target %.30s is refused',
    async (target) => {
      expect([400, 404]).toContain(await status(target));
    },
  );

  it('A-F5 the page is never a way to another site', async () => {
    for (const target of ['/?next=//evil.example', '/?next=https:evil', '/?next=javascript:alert(1)'])
      expect((await client.get(target)).headers.location).toBeUndefined();
    for (const target of ['//evil.example', '/\\evil.example', '/https:evil'])
      expect([400, 404]).toContain(await status(target));
  });

  it('the page is served by its exact names, hashed files for ever, the rest never stored', async () => {
    const index = await client.get('/');
    expect([index.status, index.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(index.headers['cache-control']).toBe('no-store');
    const script = await client.get('/assets/index-1a2b3c.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await client.get('/assets/')).status).toBe(404);
    expect((await client.get('/assets')).status).toBe(404);
    expect((await client.get('/index')).status).toBe(404);
    expect((await client.ask('POST', '/')).status).toBe(405);
  });
});
