/** A few seconds of really encoded video, for the deletion drill: never the same bytes twice. */
import { FortnightError } from '../base/errors.ts';
import type { FfmpegUse } from './ffmpeg.ts';
import { testClipArguments } from './commands.ts';
import { runChild } from './run-child.ts';
import { prefixed } from './tools.ts';

const ENCODING_MS = 20_000;

/**
 * Encodes a test picture as MP4. `unique` (at most 255 bytes) becomes a part of the file that players skip. Throws
 * `clip_unavailable` when ffmpeg makes none in 20 s.
 */
export async function testClip(unique: Uint8Array, use: FfmpegUse): Promise<Buffer> {
  const command = prefixed(use.tools, use.ffmpeg.path, testClipArguments());
  const limits = { timeoutMs: use.timeoutMs ?? ENCODING_MS, signal: use.signal };
  const { code, killedFor, printed } = await runChild(command, limits);
  if (code === 0 && killedFor === undefined) return Buffer.concat([printed, freeBox(unique)]);
  throw new FortnightError('clip_unavailable', 'ffmpeg could not encode the clip of the drill');
}

/** An MP4 box without meaning: its length, its type, its content. */
function freeBox(content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + content.length);
  head.write('free', 4, 'latin1');
  return Buffer.concat([head, content]);
}
