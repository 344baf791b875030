/** The checker's own walk: regular files below a root, links not followed, other mounts not entered. Names are bytes. */
import { lstatSync, readFileSync, readdirSync, type BigIntStats, type Dirent } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';

export type Walked =
  | { readonly is: 'file'; readonly path: string }
  /** Could not be listed: nothing is known of what lies below. */
  | { readonly is: 'unreadable'; readonly path: string; readonly errno: string };

/** The configured path is text; what lies below it is bytes. */
export function pathOf(root: string, path: string): Buffer {
  return path === ''
    ? Buffer.from(root)
    : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

/** Undefined when there is nothing of that name, or it cannot be reached. */
export function look(root: string, path: string): BigIntStats | undefined {
  try {
    return lstatSync(pathOf(root, path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Files below `from`; the root's own directory is left out unless asked for. Paths are relative to the root. */
export function* walk(root: string, from = ''): Generator<Walked> {
  const mounts = mountPoints();
  const open = [from];
  for (let dir = open.pop(); dir !== undefined; dir = open.pop()) {
    const entries = list(root, dir);
    if (typeof entries === 'string') {
      if (entries !== 'ENOENT') yield { is: 'unreadable', path: dir, errno: entries };
      continue;
    }
    for (const entry of entries) {
      const name = entry.name.toString('latin1');
      const path = dir === '' ? name : `${dir}/${name}`;
      if (path === '.fortnight') continue;
      if (entry.isDirectory()) {
        if (!mounts.has(pathOf(root, path).toString('latin1'))) open.push(path);
      } else if (entry.isFile()) yield { is: 'file', path };
    }
  }
}

/** The entries, or the errno that kept us from them. */
function list(root: string, dir: string): Dirent<Buffer>[] | string {
  try {
    return readdirSync(pathOf(root, dir), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return errno;
  }
}

/** Absolute paths something is mounted at; a bind mount has the st_dev of its source, so only the kernel's list tells. */
function mountPoints(): Set<string> {
  const lines = readFileSync('/proc/self/mountinfo', 'latin1').split('\n');
  const decode = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
  return new Set(lines.map((line) => decode(line.split(' ')[4] ?? '')));
}
