/** The list of files nobody owns, page by page, and how many there are of each kind. */
import type { UnownedReason } from '../../clips/change.ts';
import type { Db } from '../open.ts';

/** A file of the list; `path` is a byte string below its root. */
export interface ListedFile {
  readonly rootId: string;
  readonly path: string;
  readonly reason: UnownedReason;
  readonly sizeBytes: number;
  /** Retention clock. */
  readonly seenMs: number;
}

export interface UnownedCount {
  readonly reason: UnownedReason;
  readonly files: number;
  readonly bytes: number;
  /** Of these, those without any content. */
  readonly empty: number;
}

export interface UnownedQuery {
  readonly rootId: string | undefined;
  readonly reason: string | undefined;
  /** The last file of the page before. */
  readonly after: { readonly rootId: string; readonly path: string } | undefined;
  readonly limit: number;
}

export interface UnownedList {
  /** By root, then by path. */
  page(query: UnownedQuery): ListedFile[];
  /** At most as many as the list holds per root (10,000). */
  counts(rootId: string): UnownedCount[];
}

interface Row {
  readonly root_id: string;
  readonly path: string;
  readonly reason: UnownedReason;
  readonly size_bytes: number;
  readonly seen_ms: number;
}

export function createUnownedList(db: Db): UnownedList {
  const page = db.prepare<Record<string, string | number | null>, Row>(
    `SELECT root.id AS root_id, unowned.path, reason, size_bytes, seen_ms FROM unowned JOIN root ON root.n = unowned.root_n
     WHERE (@rootId IS NULL OR root.id = @rootId) AND (@reason IS NULL OR reason = @reason)
       AND (unowned.root_n, unowned.path) > (coalesce((SELECT n FROM root WHERE id = @afterRoot), 0), @afterPath)
     ORDER BY unowned.root_n, unowned.path LIMIT @limit`,
  );
  const counts = db.prepare<[string], UnownedCount>(
    `SELECT reason, count(*) AS files, sum(size_bytes) AS bytes, sum(size_bytes = 0) AS empty FROM unowned
     WHERE root_n = (SELECT n FROM root WHERE id = ?) GROUP BY reason ORDER BY reason`,
  );
  return {
    page: ({ rootId, reason, after, limit }) =>
      page
        .all({
          rootId: rootId ?? null,
          reason: reason ?? null,
          afterRoot: after?.rootId ?? '',
          afterPath: after?.path ?? '',
          limit,
        })
        .map((r) => ({
          rootId: r.root_id,
          path: r.path,
          reason: r.reason,
          sizeBytes: r.size_bytes,
          seenMs: r.seen_ms,
        })),
    counts: (rootId) => counts.all(rootId),
  };
}
