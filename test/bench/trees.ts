/**
 * Trees of footage as a Frigate with eight cameras writes them: a clip of ten seconds after the other, every file an
 * inode of its own with the times a recorder would have left. The clips are real: a few are encoded, then written out.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  futimesSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CAMERAS = ['front', 'back', 'hall', 'stairs', 'garage', 'gate', 'yard', 'store'] as const;
export const CLIP_MS = 10_000;
const PER_HOUR = 360;
const VARIANTS = 6;

/** A few small clips of ten seconds, different in content and size. */
export function encodeClips(): Buffer[] {
  const dir = mkdtempSync(join(tmpdir(), 'fortnight-bench-clip-'));
  try {
    return Array.from({ length: VARIANTS }, (_, i) => {
      const file = join(dir, `${String(i)}.mp4`);
      const source = `testsrc2=size=64x48:rate=2:duration=10,hue=h=${String(i * 50)}`;
      const encode = [
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-crf',
        '45',
        '-g',
        '4',
        '-pix_fmt',
        'yuv420p',
      ];
      const args = [
        '-nostdin',
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        source,
        ...encode,
        '-movflags',
        '+faststart',
      ];
      execFileSync('ffmpeg', [...args, `file:${file}`], { stdio: ['ignore', 'ignore', 'inherit'] });
      return readFileSync(file);
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export interface TreeClip {
  /** Below the root. */
  readonly dir: string;
  readonly name: string;
  readonly camera: (typeof CAMERAS)[number];
  readonly startMs: number;
}

/** `count` clips of all cameras in the order of directories, the first one at or after `fromMs`. */
export function* clipsFrom(fromMs: number, count: number): Generator<TreeClip> {
  const hourMs = PER_HOUR * CLIP_MS;
  const perCamera = Math.ceil(count / CAMERAS.length);
  const endMs = fromMs + perCamera * CLIP_MS;
  let left = count;
  for (let hour = Math.floor(fromMs / hourMs) * hourMs; hour < endMs; hour += hourMs) {
    const iso = new Date(hour).toISOString();
    for (const camera of CAMERAS) {
      const dir = `${iso.slice(0, 10)}/${iso.slice(11, 13)}/${camera}`;
      const last = Math.min(hour + hourMs, endMs);
      for (let startMs = Math.max(hour, fromMs); startMs < last && left > 0; startMs += CLIP_MS, left -= 1) {
        const at = new Date(startMs).toISOString();
        yield { dir, name: `${at.slice(14, 16)}.${at.slice(17, 19)}.mp4`, camera, startMs };
      }
    }
  }
}

/** The moment from which `count` clips end `agoMs` before now, on a full ten seconds. */
export function fromEnd(count: number, agoMs: number): number {
  const perCamera = Math.ceil(count / CAMERAS.length);
  return Math.floor((Date.now() - agoMs) / CLIP_MS - perCamera) * CLIP_MS;
}

export interface Tree {
  readonly root: string;
  readonly files: number;
  readonly dirs: number;
}

/** Called with each file that was made, still open. */
export type OnFile = (clip: TreeClip, file: { readonly fd: number; readonly dirNumber: number }) => void;

/** Writes the tree. `content`: clips to write out in turn, or a size for files without data. */
export function writeTree(
  root: string,
  clips: Iterable<TreeClip>,
  { content, onFile }: { readonly content: readonly Buffer[] | number; readonly onFile?: OnFile },
): Tree {
  mkdirSync(root, { recursive: true });
  let files = 0;
  let dir = '';
  const made = new Set<string>();
  let dirNumber = 0;
  for (const clip of clips) {
    if (clip.dir !== dir) {
      dir = clip.dir;
      mkdirSync(join(root, dir), { recursive: true });
      dirNumber += 1;
      const [day = '', hour = ''] = dir.split('/');
      made.add(day).add(`${day}/${hour}`).add(dir);
    }
    const fd = openSync(`${root}/${dir}/${clip.name}`, 'wx', 0o640);
    if (typeof content === 'number') ftruncateSync(fd, content);
    else writeSync(fd, content[files % content.length] ?? Buffer.alloc(0));
    const writtenS = (clip.startMs + CLIP_MS) / 1000;
    futimesSync(fd, writtenS, writtenS);
    onFile?.(clip, { fd, dirNumber });
    closeSync(fd);
    files += 1;
  }
  return { root, files, dirs: made.size + 1 };
}
