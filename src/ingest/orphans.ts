/**
 * Footage that is no clip by its name: a picture whose clip never came, a temporary file that nobody finishes. The
 * layout tells what it is then; left as it is, it would be seen by nobody and deleted by nobody.
 */
import { HOUR_MS } from '../base/clock.ts';
import type { PathMeaning, Reading } from '../clips/layouts/index.ts';
import type { Compare, Names } from './comparison.ts';
import type { TreeDir, TreeEntry } from './tree.ts';

/** As for any clip that nothing says is finished. Younger, its clip or its final name may still come. */
const ORPHAN_MS = HOUR_MS;

/**
 * What the file is as a clip of its own; undefined while it is none. A picture must have been told as unowned by an
 * earlier full scan, when every clip had its row. What has a row of its own keeps it.
 */
export function orphanReading<D extends TreeDir>(
  c: Compare<D>,
  at: { readonly names: Names<D>; readonly entry: TreeEntry; readonly path: string },
  meaning: PathMeaning,
): Reading | undefined {
  const { names, entry, path } = at;
  const reading = readingAlone(meaning);
  if (reading === undefined || !c.rules.cameras.has(reading.recorderCamera)) return undefined;
  if (names.rows.has(entry.name)) return reading;
  if (c.now().wallMs - Number(entry.stat.mtimeNs / 1_000_000n) < ORPHAN_MS) return undefined;
  if (meaning.is !== 'sidecar') return reading;
  const told = c.unmet.has(path);
  return told && !meaning.of.some((clip) => isThere(c, names, clip)) ? reading : undefined;
}

function readingAlone(meaning: PathMeaning): Reading | undefined {
  if (meaning.is === 'sidecar') return meaning.alone;
  return meaning.is === 'unfinished' ? meaning.abandoned : undefined;
}

/** In this directory the clip may have come since the last scan; of the others the index knows. */
function isThere<D extends TreeDir>(c: Compare<D>, { path, dir }: Names<D>, clip: string): boolean {
  const cut = clip.lastIndexOf('/');
  const clipDir = cut < 0 ? '' : clip.slice(0, cut);
  const name = clip.slice(cut + 1);
  if (clipDir === path) return dir.stat(name) !== undefined;
  const row = c.known.dir(clipDir);
  return row !== undefined && c.known.clip(row.id, name) !== undefined;
}
