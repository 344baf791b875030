/** How clips begin and end, for comparison with what lies on another disk. */
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { StrayDisk } from './strays.ts';

/** Where a clip's file is: on which root, or in the vault, and its path there (a byte string). */
export interface PlacedClip {
  readonly rootId: string;
  readonly path: string;
}

/** `StrayDisk.ends` of clips on whatever disks; without those whose disk cannot be used now. */
export async function endsOfClips(
  { disk, log }: { readonly disk: Pick<StrayDisk, 'ends'>; readonly log: Log },
  clips: readonly PlacedClip[],
): Promise<ReadonlyMap<PlacedClip, string>> {
  const found = new Map<PlacedClip, string>();
  for (const [rootId, those] of Map.groupBy(clips, (clip) => clip.rootId)) {
    try {
      const paths = those.map((clip) => clip.path);
      const ends = await disk.ends(rootId, paths);
      those.forEach((clip, i) => {
        const end = ends[i] ?? null;
        if (end !== null) found.set(clip, end);
      });
    } catch (error) {
      if (!(error instanceof FortnightError)) throw error;
      log.warn('clips_not_compared', { rootId, why: error.message });
    }
  }
  return found;
}
