import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConfig } from '../../src/cli/open-config.ts';
import { CAMERAS } from '../../src/demo/cameras.ts';
import { setStage } from '../../src/demo/stage.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
let listening: Server | undefined;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => {
  listening?.close();
  listening = undefined;
  dir.remove();
});

const demo = (): string => join(dir.path, '.demo');

describe('the stage of the demo', () => {
  it('has a valid configuration of the cameras that are simulated', async () => {
    const stage = await setStage({ dir: demo(), keep: false });
    const { config } = openConfig(stage.config);
    expect(config.cameras.map((c) => c.id)).toEqual(CAMERAS.map((c) => c.id));
    for (const camera of CAMERAS) {
      const source = config.sources.find((s) => s.id === camera.source);
      expect(source?.cameras).toEqual({ [camera.recorderCamera]: camera.id });
      expect(source?.root).toBe(stage.path(camera.source));
    }
    expect(config.http.port).toBe(stage.port);
    expect(config.metrics.port).toBe(stage.metricsPort);
  });

  it('takes a free port where the usual one is taken', async () => {
    const first = await setStage({ dir: demo(), keep: false });
    listening = createServer();
    await new Promise((resolve) =>
      listening!.listen(first.port, '127.0.0.1', () => {
        resolve(undefined);
      }),
    );
    const second = await setStage({ dir: demo(), keep: false });
    expect(second.port).not.toBe(first.port);
    expect(openConfig(second.config).config.http.port).toBe(second.port);
  });

  it('lies where a link leads, since a root must not be one', async () => {
    mkdirSync(join(dir.path, 'real'));
    symlinkSync('real', join(dir.path, 'link'));
    const stage = await setStage({ dir: join(dir.path, 'link/demo'), keep: false });
    expect(stage.dir).toBe(join(dir.path, 'real/demo'));
    expect(() => openConfig(stage.config)).not.toThrow();
  });

  it('is empty at each start, unless it is kept', async () => {
    const stage = await setStage({ dir: demo(), keep: false });
    writeFileSync(stage.path('frigate', 'clip.mp4'), '');
    expect(await setStage({ dir: demo(), keep: true })).toMatchObject({ kept: true });
    expect(existsSync(stage.path('frigate', 'clip.mp4'))).toBe(true);
    expect(await setStage({ dir: demo(), keep: false })).toMatchObject({ kept: false });
    expect(existsSync(stage.path('frigate', 'clip.mp4'))).toBe(false);
  });

  it('never empties a directory that is not a demo', async () => {
    mkdirSync(demo());
    writeFileSync(join(demo(), 'thesis.txt'), '');
    await expect(setStage({ dir: demo(), keep: false })).rejects.toMatchObject({ code: 'conflict' });
    expect(existsSync(join(demo(), 'thesis.txt'))).toBe(true);
  });
});
