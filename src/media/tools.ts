/** The programs this room needs, where they are and whether they will do; for `fortnight check`, start and every job. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { BARE, ChildGroup } from './children.ts';

/** The daemon's own PATH is not consulted: it belongs to whoever started it. */
const DIRECTORIES: readonly string[] = ['/usr/local/bin', '/usr/bin', '/bin'];

/** 4.4 (2021): the oldest whose options and demuxers were read. */
const OLDEST = [4, 4] as const;

const ASK_MS = 5000;

/** Limits of one child, by prlimit: seconds of CPU, address space, size of a written file, descriptors, no core dump. */
const CHILD_LIMITS = ['--cpu=10', '--as=2147483648', '--fsize=16777216', '--nofile=64', '--core=0'];

export interface Tool {
  readonly path: string;
  /** As the program states it (`5.1.9-0+deb12u1`). */
  readonly version: string;
}

export interface MissingTool {
  readonly name: (typeof NAMES)[number];
  readonly why: 'absent' | 'too_old' | 'unusable';
  /** What is done without. */
  readonly without: string;
}

export interface Tools {
  readonly ffmpeg?: Tool;
  readonly ffprobe?: Tool;
  /** What is put before a command so that it runs at low priority and within limits; empty when neither is there. */
  readonly prefix: readonly string[];
  readonly missing: readonly MissingTool[];
}

const NAMES = ['ffmpeg', 'ffprobe', 'prlimit', 'nice'] as const;

const WITHOUT = {
  ffmpeg: 'no pictures of clips, copies of held clips are not decoded',
  ffprobe: 'clips in DHAV, FLV, ASF, MPEG-PS and raw video are shown as unreadable',
  prlimit: 'ffmpeg runs without limits on CPU time and memory',
  nice: 'ffmpeg runs at normal priority',
} as const;

/** Looks for the tools in `directories`, the first that has one counts. Never rejects. */
export async function findTools(directories: readonly string[] = DIRECTORIES): Promise<Tools> {
  const [ffmpeg, ffprobe, nice, prlimit] = await Promise.all([
    check('ffmpeg', directories),
    check('ffprobe', directories),
    checkWrapper(['nice', '-n', '10'], directories),
    checkWrapper(['prlimit', ...CHILD_LIMITS], directories),
  ]);
  const why = { ffmpeg, ffprobe, nice, prlimit };
  return {
    ...(typeof ffmpeg === 'object' && { ffmpeg }),
    ...(typeof ffprobe === 'object' && { ffprobe }),
    prefix: [...(typeof nice === 'object' ? nice : []), ...(typeof prlimit === 'object' ? prlimit : [])],
    missing: NAMES.flatMap((name) => {
      const reason = why[name];
      return typeof reason === 'string' ? [{ name, why: reason, without: WITHOUT[name] }] : [];
    }),
  };
}

/** The command with its full path, or why it will not do: a filter of system calls may forbid what it is for. */
async function checkWrapper(
  [name = '', ...args]: readonly string[],
  directories: readonly string[],
): Promise<readonly string[] | MissingTool['why']> {
  const path = find(name, directories);
  if (path === undefined) return 'absent';
  const { code } = await ask(path, [...args, path, '--version']);
  return code === 0 ? [path, ...args] : 'unusable';
}

/** The tool, or why it will not do. */
async function check(
  name: 'ffmpeg' | 'ffprobe',
  directories: readonly string[],
): Promise<Tool | MissingTool['why']> {
  const path = find(name, directories);
  if (path === undefined) return 'absent';
  const version = await versionOf(path, name);
  if (version === undefined) return 'unusable';
  return isNewEnough(version) ? { path, version } : 'too_old';
}

/** A command with the prefix put before it, as program and arguments. */
export function prefixed(
  tools: Tools,
  path: string,
  args: readonly string[],
): { program: string; args: string[] } {
  const [program = path, ...rest] = [...tools.prefix, path, ...args];
  return { program, args: rest };
}

/** The same tools with more CPU time for one child, for work that takes as long as the clip is long. */
export function withCpuSeconds(tools: Tools, seconds: number): Tools {
  const cpu = `--cpu=${seconds.toFixed()}`;
  return { ...tools, prefix: tools.prefix.map((part) => (part.startsWith('--cpu=') ? cpu : part)) };
}

function find(name: string, directories: readonly string[]): string | undefined {
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf(path: string, name: string): Promise<string | undefined> {
  const { text } = await ask(path, ['-version']);
  return new RegExp(`^${name} version (\\S{1,60})`).exec(text)?.[1];
}

/** Runs a program that is expected to answer at once. */
async function ask(path: string, args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const group = new ChildGroup(ASK_MS, undefined);
  try {
    const child = spawn(path, args, { ...BARE, stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.setEncoding('latin1').on('data', (data: string) => {
      if (text.length < 4096) text += data;
    });
    group.add(child);
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => {
        resolve(null);
      });
      child.once('close', resolve);
    });
    return { code, text };
  } finally {
    group.close();
  }
}

/** Versions without a number (`N-109468-gd39b34123d`, built from the sources) are taken as new. */
function isNewEnough(version: string): boolean {
  const numbers = /^n?(\d{1,4})\.(\d{1,4})/.exec(version);
  if (numbers === null) return true;
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
