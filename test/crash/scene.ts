/** What the crash tests look at: footage before, and what must be true after any kill and one restart. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { checkState } from '../../src/cli/check/command.ts';
import { DAY, T0, makeFootage } from '../support/footage.ts';

const SUBJECT = fileURLToPath(new URL('./subject.ts', import.meta.url));
/** What a power cut or a kill can fall between. */
export const RELEVANT = 'openat,write,pwrite64,fsync,fdatasync,unlink,unlinkat,rename,ftruncate';

export interface Run {
  readonly said: string[];
  readonly killed: boolean;
  readonly output: string;
}

export interface Scene {
  readonly dir: string;
  act(strace?: readonly string[]): Run;
  /** Starts again, lets it finish, and checks every invariant. */
  recover(acted: Run): void;
  remove(): void;
}

export function makeScene(): Scene {
  const dir = mkdtempSync(join(tmpdir(), 'fortnight-crash-'));
  const f = makeFootage({ dir });
  const old = T0 - 20 * DAY;
  const held = f.add('hall/held.mp4', { startMs: old, endMs: old + 10_000, camera: 'hall' });
  f.addSidecar(held, 'hall/held.jpg');
  for (const [i, name] of ['entrance/a.mp4', 'entrance/b.mp4', 'other/c.mp4'].entries()) {
    f.add(name, { startMs: old + i * 10_000, endMs: old + (i + 1) * 10_000 });
  }
  f.add('entrance/new.mp4', { startMs: T0 - DAY, endMs: T0 - DAY + 10_000 });
  f.db.close();
  const has = (name: string): boolean => existsSync(join(dir, 'footage', name));
  return {
    dir,
    act: (strace = []) => run(dir, 'act', strace),
    recover: (acted) => {
      const again = run(dir, 'recover', []);
      expect(again.said, again.output).toContain('done');
      const report = checkState({ stateDir: join(dir, 'state') }, 'size');
      expect(report.findings).toEqual([]);
      expect(has('entrance/new.mp4'), 'I3: nothing goes before it is due').toBe(true);
      expect(
        ['entrance/a.mp4', 'entrance/b.mp4', 'other/c.mp4'].filter(has),
        'I2: all that is due goes',
      ).toEqual([]);
      const db = new Database(join(dir, 'state', 'index.db'), { readonly: true });
      const standing = db
        .prepare(
          'SELECT count(*) FROM hold_version h WHERE NOT EXISTS (SELECT 1 FROM hold_version e WHERE e.ends_ms IS NOT NULL)',
        )
        .pluck()
        .get() as number;
      const twice = db
        .prepare(
          "SELECT count(*) FROM receipt WHERE outcome LIKE 'deleted%' GROUP BY clip_id HAVING count(*) > 1",
        )
        .all();
      db.close();
      expect(twice, 'I4: one deletion, one receipt').toEqual([]);
      expect(has('hall/held.mp4'), 'I1: a hold keeps its clip, and nothing else does').toBe(standing > 0);
      expect(has('hall/held.jpg'), 'I8: the sidecar shares its fate').toBe(standing > 0);
      const placed = acted.said.some((line) => line.startsWith('placed'));
      if (placed && !acted.said.includes('swept'))
        expect(standing, 'I10: an acknowledged hold stands').toBe(1);
      if (acted.said.includes('released')) expect(standing, 'a release that was acknowledged counts').toBe(0);
    },
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function run(dir: string, mode: string, strace: readonly string[]): Run {
  const command = [...strace, process.execPath, SUBJECT, dir, mode];
  const result = spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8', timeout: 60_000 });
  const output = `${result.stdout}${result.stderr}`;
  return { said: result.stdout.split('\n'), killed: result.status !== 0, output };
}

/** How many of each relevant system call one whole run makes, in the thread that makes most: strace counts by thread. */
export function countCallsByName(): Map<string, number> {
  const scene = makeScene();
  try {
    const { output } = scene.act(['strace', '-f', '-qq', '-e', `trace=${RELEVANT}`, '-e', 'signal=none']);
    const byThread = new Map<string, number>();
    const most = new Map<string, number>();
    for (const [, pid = '', name = ''] of output.matchAll(/^(?:\[pid +(\d+)\] )?([a-z0-9]+)\(/gm)) {
      const n = (byThread.get(`${pid} ${name}`) ?? 0) + 1;
      byThread.set(`${pid} ${name}`, n);
      most.set(name, Math.max(n, most.get(name) ?? 0));
    }
    return most;
  } finally {
    scene.remove();
  }
}
