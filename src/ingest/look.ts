/** The look: single names, when a hint or a file that is not settled asks for it. Tells only of what is there. */
import { compareNames } from './compare.ts';
import type { Compare } from './comparison.ts';
import type { KnownClip } from '../clips/known.ts';
import type { TreeDir, TreeEntry } from './tree.ts';

/** Looks at paths below the root of `tree`. What is absent or cannot be read is left to the reconcile. */
export async function lookAt<D extends TreeDir>(c: Compare<D>, paths: readonly string[]): Promise<void> {
  for (const [path, names] of byDirectory(paths)) {
    await c.tree.inDir(path, async (dir) => {
      if (dir === undefined) return;
      const entries = names.map((name) => entryOf(dir, name)).filter((e) => e !== undefined);
      const known = c.known.dir(path);
      const rows = new Map<string, KnownClip>();
      for (const { name } of known === undefined ? [] : entries) {
        const row = known && c.known.clip(known.id, name);
        if (row !== undefined) rows.set(name, row);
      }
      const { sidecars } = await compareNames(c, { path, dir, entries, fresh: [], rows });
      for (const { dir: at, name, of } of sidecars) {
        const has = known !== undefined && c.known.hasSidecar(known.id, name);
        if (!has) c.emit({ is: 'sidecar', dir: at, name, of });
      }
    });
  }
}

/** Absence, a directory, and any trouble of the disk: nothing to tell. */
function entryOf(dir: TreeDir, name: string): TreeEntry | undefined {
  try {
    const stat = dir.stat(name);
    return stat === undefined || stat.kind === 'directory' ? undefined : { name, stat };
  } catch {
    return undefined;
  }
}

function byDirectory(paths: readonly string[]): Map<string, string[]> {
  const dirs = new Map<string, string[]>();
  for (const path of paths) {
    const cut = path.lastIndexOf('/');
    const dir = cut < 0 ? '' : path.slice(0, cut);
    const names = dirs.get(dir) ?? [];
    names.push(path.slice(cut + 1));
    dirs.set(dir, names);
  }
  return dirs;
}
