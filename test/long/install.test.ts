import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch, type Scratch } from '../tools/scratch.ts';

const TOP = new URL('../..', import.meta.url).pathname;
let dest: Scratch;
let output: string;
let status: number | null;

beforeAll(() => {
  dest = scratch('fortnight-install-');
  const done = spawnSync(join(TOP, 'systemd/install.sh'), {
    encoding: 'utf8',
    env: { ...process.env, DESTDIR: dest.path },
  });
  output = done.stdout + done.stderr;
  status = done.status;
});
afterAll(() => {
  dest.remove();
});

describe('systemd/install.sh', () => {
  it('installs below DESTDIR', () => {
    expect(output).toContain('installed in');
    expect(status).toBe(0);
  });

  it('installs a command that needs no Node of the system, also through a link', () => {
    const elsewhere = join(dest.path, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync('../usr/bin/fortnight', join(elsewhere, 'fortnight'));
    const env = { PATH: '/usr/bin:/bin' };
    const { stdout } = spawnSync(join(elsewhere, 'fortnight'), ['version'], { encoding: 'utf8', env });
    expect(stdout).toMatch(/^fortnight .*Node 24\./);
  });

  it('installs what the unit starts, and no development package', () => {
    const unit = readFileSync(join(dest.path, 'usr/lib/systemd/system/fortnight.service'), 'utf8');
    const [, node = '', main = ''] = /^ExecStart=(\S+) (\S+)/m.exec(unit) ?? [];
    const found = spawnSync(join(dest.path, node), [join(dest.path, main), 'version'], { encoding: 'utf8' });
    expect(found.status).toBe(0);
    expect(
      spawnSync('test', ['-e', join(dest.path, 'usr/lib/fortnight/node_modules/vitest')]).status,
    ).not.toBe(0);
  });
});
