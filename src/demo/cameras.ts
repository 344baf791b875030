/** The two cameras of the demo: what they see, how long their clips are, and which recorder keeps them. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { SECOND_MS, type Clock } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { compileLayout, type CompiledLayout } from '../clips/layouts/index.ts';
import { sampleArguments, TRY_TEXT, type Container } from './ffmpeg-arguments.ts';
import { ENTRANCE, HALL, type Caption, type Scene } from './scenes.ts';
import { startCamera, type SimulatedCamera } from './simulated-camera.ts';
import type { Stage } from './stage.ts';

export interface DemoCamera {
  /** Camera id of the configuration. */
  readonly id: string;
  /** Source id of the configuration; also the directory below the stage. */
  readonly source: string;
  readonly recorderCamera: string;
  readonly scene: Scene;
  readonly clipSeconds: number;
  readonly container: Container;
  readonly growsInPlace: boolean;
  readonly layout: CompiledLayout;
}

const TIME_ZONE = 'Europe/Amsterdam';

export const CAMERAS: readonly DemoCamera[] = [
  {
    id: 'entrance',
    source: 'frigate',
    recorderCamera: 'front_door',
    scene: ENTRANCE,
    clipSeconds: 10,
    container: 'whole',
    growsInPlace: false,
    layout: compileLayout({ layout: 'frigate', timeZone: TIME_ZONE }),
  },
  {
    id: 'hall',
    source: 'mediamtx',
    recorderCamera: 'hall',
    scene: HALL,
    clipSeconds: 60,
    container: 'fragmented',
    growsInPlace: true,
    layout: compileLayout({ layout: 'mediamtx', timeZone: TIME_ZONE }),
  },
];

const ENCODE_LIMIT_MS = 60 * SECOND_MS;
const SAMPLES = 2;

const execute = promisify(execFile);

/** Whether ffmpeg can write the time into the picture. Throws `tool_missing` when there is no ffmpeg. */
export async function canDrawText(): Promise<boolean> {
  try {
    await execute('ffmpeg', TRY_TEXT, { timeout: ENCODE_LIMIT_MS });
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new FortnightError('tool_missing', 'ffmpeg is not installed', {
        hint: 'apt-get install ffmpeg',
        cause,
      });
    }
    return false;
  }
}

export function startDemoCamera(
  camera: DemoCamera,
  stage: Stage,
  how: { readonly caption: Caption; readonly clock: Clock },
): SimulatedCamera {
  return startCamera({
    ...camera,
    ...how,
    root: stage.path(camera.source),
    cache: stage.path('cache', camera.source),
  });
}

/** Encodes the clips that the history is made of; answers their paths. */
export async function encodeSamples(camera: DemoCamera, stage: Stage, caption: Caption): Promise<string[]> {
  const dir = stage.path('samples', camera.id);
  mkdirSync(dir, { recursive: true });
  const paths = Array.from({ length: SAMPLES }, (_, i) => `${dir}/${String(i)}.mp4`);
  for (const [i, path] of paths.entries()) {
    const plan = { ...camera, caption, offsetSeconds: i * camera.clipSeconds, path };
    await execute('ffmpeg', sampleArguments(plan), { timeout: ENCODE_LIMIT_MS });
  }
  return paths;
}
