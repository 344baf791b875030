import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { scratch, type Scratch } from '../tools/scratch.ts';
import { PROCESS_HANG_MS } from '../support/hang.ts';

const FOLDER = new URL('../../systemd/', import.meta.url).pathname;
const UNIT = `${FOLDER}fortnight.service`;
const unit = readFileSync(UNIT, 'utf8');

/** systemd-analyze's exposure, times ten; the unit has to stay at or below. */
const EXPOSURE_LIMIT = 15;

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => {
  dir.remove();
});

function run(program: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: PROCESS_HANG_MS });
  return { status, output: stdout + stderr };
}

function owes(ctx: TestContext, program: string): void {
  if (spawnSync(program, ['--version']).error !== undefined) ctx.skip(`${program} is not installed`);
}

function settings(name: string): string[] {
  return [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map((m) => m[1]!);
}

describe('the unit', () => {
  it('is hardened: systemd rates its exposure 1.5 or better', (ctx) => {
    owes(ctx, 'systemd-analyze');
    const args = ['security', '--offline=true', `--threshold=${String(EXPOSURE_LIMIT)}`];
    const rated = run('systemd-analyze', ...args, UNIT);
    expect(rated.output).toMatch(/Overall exposure level for fortnight\.service: [01]\.\d/);
    expect(rated.status).toBe(0);
  });

  it('would fail that test without its hardening', (ctx) => {
    owes(ctx, 'systemd-analyze');
    const soft = join(dir.path, 'fortnight.service');
    writeFileSync(soft, unit.replace(/^(CapabilityBoundingSet|SystemCallFilter|ProtectSystem)=.*\n/gm, ''));
    const args = ['security', '--offline=true', `--threshold=${String(EXPOSURE_LIMIT)}`];
    expect(run('systemd-analyze', ...args, soft).status).not.toBe(0);
  });

  it('holds no setting that systemd does not know', (ctx) => {
    owes(ctx, 'systemd-analyze');
    const { output } = run('systemd-analyze', 'verify', '--man=no', UNIT);
    const complaints = output.split('\n').filter((l) => l !== '' && !l.includes('/usr/lib/fortnight/'));
    expect(complaints).toEqual([]);
  });

  it('starts the carried Node, and never another', () => {
    expect(settings('ExecStart')).toEqual([
      '/usr/lib/fortnight/node_modules/.bin/node /usr/lib/fortnight/dist/main.js run --config /etc/fortnight/fortnight.yaml',
    ]);
  });

  it('is told by us when we are ready, watches us, and never gives up restarting', () => {
    expect(settings('Type')).toEqual(['notify']);
    expect(settings('NotifyAccess')).toEqual(['all']);
    expect(Number(settings('WatchdogSec')[0])).toBeGreaterThan(0);
    expect(settings('StartLimitIntervalSec')).toEqual(['0']);
    expect(settings('Restart')).toEqual(['always']);
  });

  it('never stays down: a daemon that is down deletes nothing', () => {
    expect(settings('RestartPreventExitStatus')).toEqual([]);
  });

  it('gets at footage by a group, without a capability', () => {
    expect(settings('CapabilityBoundingSet')).toEqual(['']);
    expect(settings('AmbientCapabilities')).toEqual(['']);
    expect(settings('SupplementaryGroups')).toEqual(['footage']);
  });

  it('may write below its state directory and nowhere else until a drop-in names the roots', () => {
    expect(settings('ProtectSystem')).toEqual(['strict']);
    expect(settings('StateDirectory')).toEqual(['fortnight']);
    expect(settings('ReadWritePaths')).toEqual([]);
    expect(readFileSync(`${FOLDER}fortnight.service.d/roots.conf`, 'utf8')).toMatch(/^ReadWritePaths=-\//m);
  });
});

describe('the accounts and directories', () => {
  function installed(): string {
    const root = join(dir.path, 'root');
    mkdirSync(join(root, 'etc'), { recursive: true });
    for (const kind of ['sysusers', 'tmpfiles']) {
      const target = join(root, 'usr/lib', `${kind}.d`);
      mkdirSync(target, { recursive: true });
      cpSync(`${FOLDER}fortnight.${kind}.conf`, join(target, 'fortnight.conf'));
    }
    expect(run('systemd-sysusers', `--root=${root}`).output).toContain("user 'fortnight'");
    return root;
  }

  it('are made by sysusers: an account without a shell, in the group shared with the recorders', (ctx) => {
    owes(ctx, 'systemd-sysusers');
    if (process.getuid!() !== 0) ctx.skip('systemd-sysusers --root needs root');
    const root = installed();
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(/^fortnight:.*nologin$/m);
    expect(readFileSync(join(root, 'etc/group'), 'utf8')).toMatch(/^footage:x:\d+:fortnight$/m);
  });

  it('are made by tmpfiles: nobody else reads the state, and only the service and root the configuration', (ctx) => {
    owes(ctx, 'systemd-tmpfiles');
    if (process.getuid!() !== 0) ctx.skip('systemd-tmpfiles --root needs root');
    const root = installed();
    run('systemd-tmpfiles', `--root=${root}`, '--create', 'fortnight.conf');
    expect(statSync(join(root, 'var/lib/fortnight')).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'etc/fortnight')).mode & 0o777).toBe(0o750);
  });
});
