/** What is mounted below a root. Read once per scan: only the administrator can mount, so no recorder races with it. */
import { readFileSync, readlinkSync } from 'node:fs';
import type { DirHandle } from './handle.ts';

/** Whether anything is mounted on a directory or file below this one, at this moment. */
export function mountsBelow(root: DirHandle): boolean {
  const path = readlinkSync(`/proc/self/fd/${String(root.fd)}`, { encoding: 'latin1' });
  return mountPoints(readFileSync('/proc/self/mountinfo', 'latin1')).some((at) => liesBelow(at, path));
}

/** Field 5 of each line, its octal escapes (space, tab, newline, backslash) undone; byte strings. */
export function mountPoints(mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((field) => field !== undefined)
    .map((field) =>
      field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    );
}

function liesBelow(at: string, path: string): boolean {
  return at.startsWith(path === '/' ? path : `${path}/`) && at !== path;
}
