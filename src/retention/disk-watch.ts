/** What a walk of a disk without the index says, and what the index makes of it (I13). */

/** Overdue files that are named, the oldest first; more of them are counted. */
export const MAX_NAMED = 1000;

export interface DiskWalk {
  /** Files that are some camera's footage. */
  readonly files: number;
  /** Directories that could not be listed: nothing is known about what lies below. */
  readonly unreadableDirs: number;
  /** End of the oldest file under no hold, UTC ms; null when there is none. Of young files the start by their name. */
  readonly oldestUnheldEndMs: number | null;
  /** Files that should have been deleted. */
  readonly overdueFiles: number;
  /** Their paths (byte strings), at most MAX_NAMED, the oldest first. */
  readonly overdue: readonly string[];
}

/** What the index says of a path: nothing, that it keeps the file for a reason (dated later, held), or that it knows of it. */
export type IndexSays = 'unknown' | 'kept' | 'known';

export interface DiskWatch {
  /** Wall clock at the end of the walk. */
  readonly walkedMs: number;
  readonly oldestUnheldEndMs: number | null;
  /** Those that the index keeps for a reason left out. */
  readonly overdueFiles: number;
  /** Overdue files that the index does not know. */
  readonly unindexedFiles: number;
  readonly unreadableDirs: number;
}

/** The walk with what the index says of the overdue files; also the paths it must look at again. */
export function diskWatch(
  walk: DiskWalk,
  walkedMs: number,
  indexSays: (path: string) => IndexSays,
): { readonly watch: DiskWatch; readonly lost: readonly string[] } {
  const says = walk.overdue.map((path) => ({ path, says: indexSays(path) }));
  const lost = says.filter((s) => s.says === 'unknown').map((s) => s.path);
  const kept = says.filter((s) => s.says === 'kept').length;
  const { oldestUnheldEndMs, unreadableDirs } = walk;
  return {
    watch: {
      walkedMs,
      oldestUnheldEndMs,
      overdueFiles: walk.overdueFiles - kept,
      unindexedFiles: lost.length,
      unreadableDirs,
    },
    lost,
  };
}
