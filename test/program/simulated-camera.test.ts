import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { compileLayout } from '../../src/clips/layouts/index.ts';
import { ENTRANCE } from '../../src/demo/scenes.ts';
import { startCamera, type CameraPlan, type SimulatedCamera } from '../../src/demo/simulated-camera.ts';
import { WAIT_MS } from '../support/hang.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const START = Date.UTC(2026, 4, 1, 13, 7, 42);
let dir: Scratch;
let camera: SimulatedCamera | undefined;
beforeEach(() => {
  dir = scratch();
});
afterEach(async () => {
  await camera?.stop();
  camera = undefined;
  dir.remove();
});

function plan(differing: Partial<CameraPlan>): CameraPlan {
  return {
    scene: ENTRANCE,
    caption: 'none',
    clipSeconds: 2,
    container: 'whole',
    layout: compileLayout({ layout: 'frigate', timeZone: 'UTC' }),
    recorderCamera: 'front_door',
    root: join(dir.path, 'root'),
    cache: join(dir.path, 'cache'),
    growsInPlace: false,
    clock: new SimulatedClock(START),
    ...differing,
  };
}

interface Probed {
  readonly format: { readonly duration: string };
  readonly streams: readonly { readonly codec_name: string; readonly width: number }[];
}

function probe(path: string): Probed {
  const args = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', path];
  return JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as Probed;
}

describe('a simulated camera', () => {
  it('puts whole clips of real H.264 where its recorder does, under the time of its clock', async () => {
    const clips: string[] = [];
    const clock = new SimulatedClock(START);
    camera = startCamera(plan({ clock }), {
      onClip: (path) => {
        clips.push(path);
        clock.advance(2000);
      },
    });
    await vi.waitFor(
      () => {
        expect(clips.length).toBeGreaterThanOrEqual(3);
      },
      { timeout: WAIT_MS },
    );
    // The name of a clip is taken at its beginning: that is when the clip before it ends.
    expect(clips.slice(0, 2)).toEqual([
      '2026-05-01/13/front_door/07.42.mp4',
      '2026-05-01/13/front_door/07.42.mp4',
    ]);
    const { format, streams } = probe(join(dir.path, 'root', clips[2]!));
    expect(Number(format.duration)).toBeCloseTo(2, 0);
    expect(streams[0]).toMatchObject({ codec_name: 'h264', width: 640 });
  });

  it('that writes to the final name shows a clip while it grows', async () => {
    const layout = compileLayout({ layout: 'mediamtx', timeZone: 'UTC' });
    const growing = {
      layout,
      recorderCamera: 'hall',
      clipSeconds: 60,
      container: 'fragmented',
      growsInPlace: true,
    } as const;
    camera = startCamera(plan(growing));
    const path = join(dir.path, 'root/hall/2026-05-01_13-07-42-000000.mp4');
    await vi.waitFor(
      () => {
        expect(existsSync(path)).toBe(true);
      },
      { timeout: WAIT_MS },
    );
    const before = statSync(path).size;
    await vi.waitFor(
      () => {
        expect(statSync(path).size).toBeGreaterThan(before);
      },
      { timeout: WAIT_MS },
    );
  });

  it('says so when its encoder fails', async () => {
    camera = startCamera(plan({ scene: { ...ENTRANCE, background: 'no-such-colour' } }));
    await expect(camera.ended).rejects.toThrow(/encoder of a simulated camera ended/);
    camera = undefined;
  });
});
