/** Short form of the kill enumeration: the daemon's parts are killed in the middle of a placement, sweep and release. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { countCallsByName, makeScene } from './scene.ts';

const strace = spawnSync('strace', ['-V']).status === 0;

describe('a kill at any moment', () => {
  it('does nothing when it does not come: the scene itself is right', () => {
    const scene = makeScene();
    const acted = scene.act();
    expect(acted.said, acted.output).toEqual(expect.arrayContaining(['swept', 'released', 'done']));
    scene.recover(acted);
    scene.remove();
  });

  it('leaves nothing that one restart does not bring to its end', { timeout: 240_000 }, (ctx) => {
    if (!strace) ctx.skip('strace is not installed');
    const counts = countCallsByName();
    // The calls after which something is durable or gone: every kind is hit at its beginning, middle and end.
    const points = ['unlink', 'fsync', 'fdatasync', 'pwrite64', 'rename'].flatMap((name) => {
      const n = counts.get(name) ?? 0;
      return [...new Set([1, Math.ceil(n / 2), n])]
        .filter((at) => at > 0 && at <= n)
        .map((at) => ({ name, at }));
    });
    expect(points.length).toBeGreaterThanOrEqual(12);
    for (const { name, at } of points) {
      const scene = makeScene();
      const acted = scene.act([
        'strace',
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        `inject=${name}:signal=KILL:when=${at}`,
      ]);
      expect(acted.killed, `killed at ${name} number ${String(at)}`).toBe(true);
      scene.recover(acted);
      scene.remove();
    }
  });
});
