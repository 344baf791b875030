/** Small real clips, made by ffmpeg: ten seconds of a moving test picture per camera, with a key frame each second. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CAMERAS } from './mock-footage.ts';

const run = promisify(execFile);

export function clipFile(dir: string, cameraIndex: number): string {
  return join(dir, `${String(cameraIndex)}.mp4`);
}

export function posterFile(dir: string, cameraIndex: number): string {
  return join(dir, `${String(cameraIndex)}.jpg`);
}

/** Makes what is not there yet. */
export async function makeClips(dir: string): Promise<void> {
  for (const [index, camera] of CAMERAS.entries()) {
    const clip = clipFile(dir, index);
    if (existsSync(clip)) continue;
    const source = `testsrc2=size=640x360:rate=25:duration=10,hue=h=${String(index * 55)}:s=0.35,eq=brightness=-0.15`;
    const codec =
      camera.codec === 'hevc'
        ? ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-tag:v', 'hvc1']
        : ['-c:v', 'libx264', '-preset', 'ultrafast'];
    const common = ['-v', 'error', '-y'];
    await run('ffmpeg', [
      ...common,
      '-f',
      'lavfi',
      '-i',
      source,
      ...codec,
      '-g',
      '25',
      '-pix_fmt',
      'yuv420p',
      '-movflags',
      '+faststart',
      clip,
    ]);
    await run('ffmpeg', [
      ...common,
      '-i',
      clip,
      '-frames:v',
      '1',
      '-vf',
      'scale=464:-1',
      posterFile(dir, index),
    ]);
  }
}
