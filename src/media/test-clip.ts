/** A few seconds of really encoded video, for the deletion drill: never the same bytes twice. */
import { spawn } from 'node:child_process';
import { FortnightError } from '../base/errors.ts';
import { BARE, ChildGroup } from './children.ts';
import type { FfmpegUse } from './ffmpeg.ts';
import { testClipArguments } from './commands.ts';
import { prefixed } from './tools.ts';

const ENCODING_MS = 20_000;

/**
 * Encodes a test picture as MP4. `unique` (at most 255 bytes) becomes a part of the file that players skip. Throws
 * `clip_unavailable` when ffmpeg makes none in 20 s.
 */
export async function testClip(unique: Uint8Array, use: FfmpegUse): Promise<Buffer> {
  const { program, args } = prefixed(use.tools, use.ffmpeg.path, testClipArguments());
  const group = new ChildGroup(use.timeoutMs ?? ENCODING_MS, use.signal);
  try {
    const child = spawn(program, args, { ...BARE, stdio: ['ignore', 'pipe', 'ignore'] });
    const made: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => made.push(data));
    group.add(child);
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => {
        resolve(null);
      });
      child.once('close', resolve);
    });
    await group.gone();
    if (code === 0 && group.killedFor === undefined) return Buffer.concat([...made, freeBox(unique)]);
  } finally {
    group.close();
  }
  throw new FortnightError('clip_unavailable', 'ffmpeg could not encode the clip of the drill');
}

/** An MP4 box without meaning: its length, its type, its content. */
function freeBox(content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + content.length);
  head.write('free', 4, 'latin1');
  return Buffer.concat([head, content]);
}
