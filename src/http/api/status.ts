import { z } from 'zod';
import { cameraId, ms } from './common.ts';
import { UnownedCount, UnownedRule } from './unowned.ts';

export const Alarm = z.strictObject({
  code: z.string(),
  subject: z.string(),
  sinceMs: ms,
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});
export const RootCause = z.enum([
  'not_looked',
  'missing',
  'marker_missing',
  'not_a_directory',
  'no_permission',
  'stale',
  'look_failed',
  'marker_damaged',
  'other_install',
  'other_root',
  'other_source',
  'locked',
  'mounted_read_only',
  'write_refused',
  'not_durable',
  'hangs',
]);
export const RootStatus = z.strictObject({
  id: z.string(),
  state: z.enum(['online', 'offline', 'foreign', 'readonly', 'failing', 'adopting', 'recovery']),
  /** Which of the things it was that lead to the state; null where the state says it all. */
  cause: RootCause.nullable(),
  stateSinceMs: ms,
  layout: z.string(),
  /** Waits for a person or for this moment; null: not adopting. */
  adoptionEndsMs: ms.nullable(),
  /** Clips that would go at once when the adoption is confirmed or the breaker reset. */
  waitingClips: z.number().int(),
  breakerSinceMs: ms.nullable(),
  fileSystem: z.string(),
  /** What unlink means on that file system, and what remains. */
  erasure: z.enum(['memory', 'freed', 'shared', 'layered', 'network', 'unknown']),
  /** Snapshots that can be seen: what was deleted stays in them. */
  snapshots: z.number().int(),
  /** Whether every disk below is encrypted; null where they cannot be seen. */
  encrypted: z.boolean().nullable(),
  /** Which file system it is on: roots with the same one share its space. Null: not known. */
  device: z.string().nullable(),
  freeBytes: z.number(),
  totalBytes: z.number(),
  lastReconcileMs: ms.nullable(),
  /** How the last look through it ended: `discarded` when the disk was not the same after it. Null: none yet. */
  lastScan: z.enum(['done', 'discarded', 'refused']).nullable(),
  /** Directories (or what may be one) that could not be looked at, and since when there are any. */
  unreadableDirs: z.number().int(),
  unreadableSinceMs: ms.nullable(),
  unowned: z.number().int(),
  /** What has piled up and is being worked off; null: nothing. */
  backlog: z
    .strictObject({
      left: z.number().int(),
      perSecond: z.number(),
      leftMs: z.number().int().nullable(),
    })
    .nullable(),
  /** What a walk of the disk without the index found; null before the first. */
  disk: z
    .strictObject({
      walkedMs: ms,
      oldestUnheldEndMs: z.number().nullable(),
      overdueFiles: z.number().int(),
      unindexedFiles: z.number().int(),
      unreadableDirs: z.number().int(),
    })
    .nullable(),
  /** What they are, as far as they are listed (10,000 at most). */
  unownedBy: z.array(UnownedCount),
  /** Clips that fit the layout and are deleted like any other, but hold nothing, or no time of theirs can be believed. */
  oddClips: z.strictObject({ empty: z.number().int(), undatable: z.number().int() }),
  /** The rule by which they are deleted; null: there is none, and they never are. */
  unownedRule: UnownedRule.nullable(),
  /** What the self-test found missing, with the command that repairs it. */
  selfTest: z.array(z.strictObject({ check: z.string(), ok: z.boolean(), repair: z.string().nullable() })),
});
/** The vault: where copies of held clips lie apart from the recorders. */
export const VaultStatus = RootStatus.pick({
  id: true,
  cause: true,
  stateSinceMs: true,
  waitingClips: true,
  breakerSinceMs: true,
  fileSystem: true,
  erasure: true,
  snapshots: true,
  encrypted: true,
  device: true,
  freeBytes: true,
  totalBytes: true,
  disk: true,
  selfTest: true,
}).extend({
  state: z.enum(['online', 'offline', 'foreign', 'readonly', 'failing', 'recovery']),
  /** As they were last counted; null before that. */
  copies: z.number().int().nullable(),
  copyBytes: z.number().nullable(),
  /** Copies stop where less would stay free. */
  keepFreeBytes: z.number(),
  /** Sources that record to the same file system: what takes that disk takes the copies of their clips too. */
  sharesDiskWith: z.array(z.string()),
});
export const CameraStatus = z.strictObject({
  id: cameraId,
  clips: z.number().int(),
  bytes: z.number(),
  lastEndMs: ms.nullable(),
  oldestUnheldEndMs: ms.nullable(),
  recording: z.boolean(),
});
export const Status = z.strictObject({
  nowMs: ms,
  wallMs: ms,
  retentionDays: z.number(),
  oldestUnheldEndMs: ms.nullable(),
  nextDueMs: ms.nullable(),
  overdueClips: z.number().int(),
  blocked: z.array(z.strictObject({ rootId: z.string(), reason: z.string() })),
  lastSweep: z
    .strictObject({
      atMs: ms,
      deleted: z.number().int(),
      failed: z.number().int(),
      tookMs: z.number(),
      longestWaitMs: z.number(),
    })
    .nullable(),
  /** The last deletion drill; null: none yet. */
  drill: z
    .strictObject({
      atMs: ms,
      tookMs: z.number(),
      verdict: z.enum(['ok', 'failed', 'skipped']),
      /** What was left of the planted clip on each disk; `skipped`: why it was not drilled. */
      roots: z.array(
        z.strictObject({ rootId: z.string(), skipped: z.string().nullable(), left: z.array(z.string()) }),
      ),
    })
    .nullable(),
  /** Deleted per hour, oldest first, the last one is the current hour. */
  deletedPerHour: z.array(z.number().int()),
  cameras: z.array(CameraStatus),
  roots: z.array(RootStatus),
  /** Null where none is configured. */
  vault: VaultStatus.nullable(),
  clock: z.strictObject({
    state: z.enum(['trusted', 'suspect']),
    unacceptedMs: z.number(),
    synchronised: z.boolean(),
  }),
  holds: z.strictObject({
    standing: z.number().int(),
    coolingOff: z.number().int(),
    reviewOverdue: z.number().int(),
    nextReviewMs: ms.nullable(),
    /** No second person has confirmed them yet; of these, for longer than 72 h. */
    unconfirmed: z.number().int(),
    confirmOverdue: z.number().int(),
    /** A request for a release or a narrowing waits for a second person. */
    pending: z.number().int(),
  }),
  alarms: z.array(Alarm),
});

export type Status = z.infer<typeof Status>;
