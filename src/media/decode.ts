/** Decoding a clip from its first picture to its last, to know whether all of it can be seen. */
import type { FfmpegUse } from './ffmpeg.ts';
import { decodeArguments } from './commands.ts';
import { runChild } from './run-child.ts';
import { prefixed, withCpuSeconds } from './tools.ts';

/** As long as one clip may take, and as much CPU time; a day of 4K does not fit, and is said to be unchecked. */
export const DECODE_MS = 30 * 60_000;

/** The descriptor under which the child finds the file. */
const CHILD_FD = 3;

export type Decoded =
  | {
      readonly ended: true;
      /** From the first picture to the end of the last; 0 when nothing decodes; null when it was ended for its complaints. */
      readonly decodedMs: number | null;
      /** What the decoder complained of. */
      readonly errors: number;
    }
  | { readonly ended: false; readonly why: 'time' | 'abort' | 'failed' };

/**
 * Decodes the pictures of the open file `fd`; sound is left out. Never rejects. The file is read through the descriptor,
 * from its beginning.
 */
export async function decodeFile(fd: number, use: FfmpegUse): Promise<Decoded> {
  const timeoutMs = use.timeoutMs ?? DECODE_MS;
  const tools = withCpuSeconds(use.tools, Math.ceil(timeoutMs / 1000));
  const command = { ...prefixed(tools, use.ffmpeg.path, decodeArguments(CHILD_FD)), keepsErrors: true };
  const { code, killedFor, printed, complaints } = await runChild(
    command,
    { timeoutMs, signal: use.signal },
    fd,
  );
  if (killedFor === 'time' || killedFor === 'abort') return { ended: false, why: killedFor };
  const errors = complaintsIn(complaints.toString('latin1'));
  if (killedFor === 'output') return { ended: true, decodedMs: null, errors };
  // Not started, or ended by its limit of CPU time or memory; what fails for the clip's sake says why.
  if (code === null || (code !== 0 && errors === 0)) return { ended: false, why: 'failed' };
  return { ended: true, decodedMs: decodedMsIn(printed.toString('latin1')), errors };
}

/** Lines about the clip; what the output that keeps nothing says of itself is not about it. */
function complaintsIn(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('[null @')).length;
}

/** The last of ffmpeg's reports of how far it came. */
function decodedMsIn(text: string): number {
  const last = [...text.matchAll(/^out_time_us=(\d{1,15})$/gm)].at(-1)?.[1];
  return last === undefined ? 0 : Math.round(Number(last) / 1000);
}
