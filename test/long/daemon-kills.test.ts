/** A hundred kills in the whole daemon: its threads, servers and jobs as they are. CRASH_SLICE=2/8: an eighth of them. */
import { cpSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sliceOf } from '../crash/faults.ts';
import { afterTheCrash, afterTheRestart } from '../crash/oracle.ts';
import { CLIP_SECONDS } from '../crash/life.ts';
import { makeScene, type Scene } from '../crash/scene.ts';
import { CALLS, hindering, straceMissing, tracing } from '../crash/strace.ts';
import { liveIn } from '../crash/whole-life.ts';
import { Daemon, writeSite } from '../support/daemon.ts';
import { report } from './report.ts';

const HOURS = 3_600_000;
const POINTS = 100;
const SLICE = process.env['CRASH_SLICE'] ?? '1/1';
const missing = straceMissing();
/** Lives once undisturbed: its calls, and its certificate for the others. */
const first = makeScene(tmpdir());
afterAll(() => {
  first.remove();
});

async function live(scene: Scene, under: readonly string[]): Promise<{ said: string[]; output: string }> {
  const daemon = new Daemon(
    writeSite(join(scene.log, '..'), { ...scene.places, maxClipMinutes: CLIP_SECONDS / 60 }),
    { under },
  );
  const said = await liveIn(daemon);
  daemon.kill('SIGKILL');
  await daemon.ended;
  return { said, output: daemon.output };
}

/** How often the thread that makes a call most often makes it, by name: strace counts by thread. */
function mostByName(log: string): [string, number][] {
  const counts = new Map<string, number>();
  for (const [, key = ''] of readFileSync(log, 'latin1').matchAll(/^(\d+ +\w+)\(/gm))
    counts.set(key, (counts.get(key) ?? 0) + 1);
  return CALLS.map((name) => [
    name,
    Math.max(0, ...[...counts].flatMap(([key, n]) => (key.endsWith(` ${name}`) ? [n] : []))),
  ]);
}

/** Spread over all calls that change something: few kinds make most of them, so that each kind has its share. */
function points(log: string): { name: string; nth: number }[] {
  const kinds = mostByName(log).filter(([name, n]) => n > 0 && !name.startsWith('open'));
  const share = Math.ceil(POINTS / kinds.length);
  const spread = kinds.map(([name, n]) => {
    const step = Math.max(1, n / (name === 'pwrite64' || name === 'fsync' ? 3 * share : share));
    return Array.from({ length: Math.floor(n / step) }, (_, i) => ({ name, nth: Math.floor(1 + i * step) }));
  });
  return spread.flat();
}

describe('the whole daemon', () => {
  it(
    'F-P1, F-P2, F-P3, F-P4: killed at a hundred points, leaves nothing that one restart does not mend',
    { timeout: 3 * HOURS },
    async (ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const undisturbed = await live(first, tracing(first.log));
      expect(undisturbed.said, undisturbed.output).toContain('done');
      const all = points(first.log);
      const list = sliceOf(all, SLICE);
      const violations: string[] = [];
      let killed = 0;
      for (const { name, nth } of list) {
        const scene = makeScene(tmpdir());
        cpSync(join(first.places.state, 'tls'), join(scene.places.state, 'tls'), { recursive: true });
        const { said } = await live(
          scene,
          hindering(scene.log, name, { what: 'signal=KILL', when: String(nth) }),
        );
        if (!said.includes('done')) killed += 1;
        const wrong = afterTheCrash(scene.places, said);
        await live(scene, []);
        // What a released hold has freed goes a minute later, or after a start.
        const again = await live(scene, []);
        // What is held is copied by a job that comes every five minutes.
        wrong.push(...afterTheRestart(scene.places, again.said, { copied: false }));
        violations.push(
          ...wrong.map((w) => `${name} ${String(nth)}: ${w} [${said.join(', ')}] [${again.said.join(', ')}]`),
        );
        scene.remove();
      }
      report(
        `whole daemon, slice ${SLICE} of ${String(all.length)}: ${String(killed)} of ${String(list.length)} kills came, ${String(violations.length)} violations`,
      );
      expect(violations).toEqual([]);
      expect(killed).toBeGreaterThanOrEqual(Math.floor((POINTS * list.length) / all.length));
    },
  );
});
