import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userOps } from '../../src/access/ops.ts';
import { PROGRAM } from '../../src/cli/index.ts';
import { dispatch } from '../../src/cli/command.ts';
import { silentLog } from '../../src/base/log.ts';
import { startControlServer, type ControlServer } from '../../src/http/control.ts';
import { Client } from '../support/http/client.ts';
import { makeWorld, type World } from '../support/http/world.ts';
import { testIo } from '../tools/cli-io.ts';
import { validTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const PASSWORD = 'een zin die niemand raadt';

let world: World;
let dir: Scratch;
let config: string;
let control: ControlServer;
beforeEach(async () => {
  world = await makeWorld();
  dir = scratch();
  config = join(dir.path, 'fortnight.yaml');
  writeFileSync(config, stringify({ ...validTree(dir.path), stateDir: world.dir }), { mode: 0o600 });
  const ops = userOps(world.access.accounts);
  control = await startControlServer({ path: join(world.dir, 'control.sock'), ops, log: silentLog });
});
afterEach(async () => {
  await control.stop();
  await world.close();
  dir.remove();
});

/** Runs `fortnight users ...`; answers what it printed, or the error it ended with. */
async function users(
  args: string[],
  stdin = '',
): Promise<{ out: string; code?: string; hint?: string | undefined }> {
  const io = testIo(stdin);
  try {
    await dispatch(PROGRAM, ['users', ...args, '--config', config], io);
    return { out: io.written.out };
  } catch (error) {
    const { code, hint } = error as { code: string; hint?: string };
    return { out: io.written.out, code, hint };
  }
}

describe('fortnight users', () => {
  it('makes an account that can sign in, with the password of its standard input', async () => {
    const made = await users(
      ['add', 'anna', '--role', 'security', '--display', 'Anna de Wit'],
      `${PASSWORD}\n`,
    );
    expect(made).toEqual({ out: 'made: anna (security)\n' });
    const login = await new Client(world.port).login('anna', PASSWORD);
    expect([login.status, login.json['displayName'], login.json['role']]).toEqual([
      200,
      'Anna de Wit',
      'security',
    ]);
  });

  it.each([['--password', PASSWORD], [`--password=${PASSWORD}`], ['-p', PASSWORD], ['--passwd', PASSWORD]])(
    'A-H3 refuses a password as argument: %s',
    async (...args) => {
      const refused = await users(['add', 'anna', '--role', 'security', ...args]);
      expect(refused.code).toBe('usage');
      expect(refused.hint).not.toContain(PASSWORD);
      expect(world.access.accounts.list()).toHaveLength(4);
    },
  );

  it('refuses an unknown role, no name, two names, no password, a weak password', async () => {
    expect((await users(['add', 'anna', '--role', 'boss'], `${PASSWORD}\n`)).code).toBe('usage');
    expect((await users(['add', '--role', 'admin'], `${PASSWORD}\n`)).code).toBe('usage');
    expect((await users(['add', 'anna', PASSWORD, '--role', 'admin'], `${PASSWORD}\n`)).code).toBe('usage');
    expect((await users(['add', 'anna', '--role', 'admin'])).code).toBe('usage');
    expect((await users(['add', 'anna', '--role', 'admin'], 'kort\n')).code).toBe('invalid');
  });

  it('lists, gives roles and passwords, disables and enables', async () => {
    expect((await users(['list'])).out).toMatch(/^admin +admin +enabled +2026-09-15 +admin$/m);
    expect((await users(['role', 'security', 'privacy'])).out).toBe('changed: security (privacy)\n');
    expect((await users(['disable', 'security'])).out).toBe('disabled: security (privacy, disabled)\n');
    expect((await users(['enable', 'security'])).out).toBe('enabled: security (privacy)\n');
    expect((await users(['passwd', 'security'], `${PASSWORD}\n`)).out).toBe('changed: security (privacy)\n');
    expect((await new Client(world.port).login('security', PASSWORD)).status).toBe(200);
    expect((await users(['disable', 'nobody'])).code).toBe('not_found');
    expect((await users(['disable', 'admin'])).code).toBe('conflict');
  });

  it('prints hostile names harmlessly', async () => {
    await users(['add', 'anna', '--role', 'security', '--display', 'Anna\u001b[31m\u202e'], `${PASSWORD}\n`);
    expect((await users(['list'])).out).not.toMatch(/[\u001b\u202e]/);
  });
});
