/** The zone of the system and of the environment changes nothing: names are read in the zone of the configuration. */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Daemon, writeSite, type DaemonOptions, type Site } from '../support/daemon.ts';
import { HANG_MS } from '../support/hang.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Fourteen hours ahead, ten and a half with a summer time of half an hour, three and a half behind, and none. */
const ZONES = ['Pacific/Kiritimati', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC'];

let dir: string;
let site: Site;
let daemon: Daemon | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fn-zone-'));
  const places = { state: join(dir, 'state'), footage: join(dir, 'footage') };
  mkdirSync(join(places.footage, 'entrance'), { recursive: true });
  site = writeSite(dir, places);
  const text = readFileSync(site.config, 'utf8');
  writeFileSync(site.config, text.replace('Etc/UTC', 'Europe/Amsterdam'));
});
afterEach(async () => {
  await daemon?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const LOCAL = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Amsterdam',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** A clip as a recorder in Amsterdam names it, begun so long ago. */
function record(agoMs: number): { readonly file: string; readonly startMs: number } {
  const startMs = Math.floor((Date.now() - agoMs) / 1000) * 1000;
  const name = LOCAL.format(startMs).replaceAll(/[-:]/g, '').replace(' ', '_');
  const file = join(site.footage, 'entrance', `${name}.mp4`);
  writeFileSync(file, 'footage');
  // Other than the name says, so that it shows which of the two was read.
  const endMs = startMs + 5 * MINUTE;
  utimesSync(file, endMs / 1000, endMs / 1000);
  return { file, startMs };
}

interface Row {
  readonly id: number;
  readonly start: number;
  readonly due: number;
}

function rows(): Row[] {
  const db = new Database(join(site.state, 'index.db'), { readonly: true });
  try {
    return db.prepare('SELECT id, start_ms AS start, due_ms AS due FROM clip ORDER BY id').all() as Row[];
  } finally {
    db.close();
  }
}

/** How a daemon is started in a zone. */
type Started = (zone: string) => DaemonOptions;

/** As on a box that was configured anew between two runs: another /etc, in a mount namespace of its own. */
const byLocaltime: Started = (zone) => {
  const etc = join(dir, 'etc');
  if (!existsSync(etc)) cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true, filter: isReadable });
  rmSync(join(etc, 'localtime'), { force: true });
  symlinkSync(`/usr/share/zoneinfo/${zone}`, join(etc, 'localtime'));
  writeFileSync(join(etc, 'timezone'), `${zone}\n`);
  const script = 'mount --bind "$0" /etc && "$@"';
  return { under: ['unshare', ...NAMESPACE, '/bin/sh', '-c', script, etc], env: { TZ: undefined } };
};

const NAMESPACE = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/** Sockets, and what only root may read, are not copied. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return !lstatSync(path).isSocket();
  } catch {
    return lstatSync(path).isSymbolicLink();
  }
}

/** The zone a program finds that is started so. */
function zoneFound({ under = [], env = {} }: DaemonOptions): string {
  const [command = '', ...args] = [
    ...under,
    ...[process.execPath, '-p', 'Intl.DateTimeFormat().resolvedOptions().timeZone'],
  ];
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return stdout.trim() || stderr;
}

async function liveInEachZone(started: Started): Promise<void> {
  const seen: Row[] = [];
  const starts: number[] = [];
  for (const [i, zone] of ZONES.entries()) {
    daemon = await new Daemon(site, started(zone)).started();
    const young = record(DAY + i * MINUTE);
    const kept = record(14 * DAY - 30 * MINUTE + i * MINUTE);
    const due = record(14 * DAY + 30 * MINUTE + i * MINUTE);
    await daemon.call('reconcile', {});
    await daemon.call('retention.sweep', {});
    expect([young, kept, due].map(({ file }) => existsSync(file))).toEqual([true, true, false]);
    starts.push(kept.startMs, young.startMs);
    const now = rows();
    expect(now.slice(0, seen.length)).toEqual(seen);
    expect(now.map((r) => r.start).sort()).toEqual([...starts].sort());
    expect(new Set(now.map((r) => r.due - r.start)).size).toBe(1);
    seen.splice(0, seen.length, ...now);
    await daemon.stop();
  }
  expect(seen).toHaveLength(2 * ZONES.length);
}

test(
  'F-C7: whatever TZ says, a clip has the times of its name, and goes when it is due',
  { timeout: HANG_MS },
  () => liveInEachZone((zone) => ({ env: { TZ: zone } })),
);

test(
  'F-C7: whatever /etc/localtime was made between two runs, a clip has the times of its name, and goes when it is due',
  { timeout: HANG_MS },
  async (ctx) => {
    const found = zoneFound(byLocaltime(ZONES[0]!));
    if (found !== ZONES[0])
      return ctx.skip(`no other /etc/localtime can be given to a process here: ${found}`);
    await liveInEachZone(byLocaltime);
  },
);
