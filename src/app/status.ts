/** What the status page, the command line and the metrics say, joined from the rooms. Cheap: asked every few seconds. */
import type { Alarm, Alarms } from '../alarms/alarms.ts';
import { DAY_MS, type Clock } from '../base/clock.ts';
import type { Clip } from '../clips/clip.ts';
import type { CameraTotals, ClipReader } from '../clips/store.ts';
import { GRACE_MS, type StatusFigures } from '../db/clips/status.ts';
import type { UnownedList } from '../db/retention/unowned-list.ts';
import type { HeldFigures } from '../holds/keep/held-figures.ts';
import type { HoldVersion } from '../holds/hold.ts';
import { confirmByMs } from '../holds/acts.ts';
import { binds, stands } from '../holds/hold.ts';
import type { HoldSet } from '../holds/hold-set.ts';
import type { CameraSnapshot, Snapshot } from '../observe/snapshot.ts';
import type { Status } from '../http/api/index.ts';
import { DRILL_CAMERA } from '../config/config.ts';
import type { Backlog } from '../retention/backlog.ts';
import type { DiskWatch } from '../retention/disk-watch.ts';
import { verdictOf, type DrillResult } from '../retention/drill.ts';
import { isHeld, oldestUnheld } from '../retention/oldest.ts';
import type { RetentionClock } from '../retention/retention-clock.ts';
import type { SweepReport } from '../retention/sweeper.ts';
import type { UnownedRule } from '../retention/unowned-sweep.ts';
import { isVault, type BlockedReason } from '../roots/root.ts';

export type RootFacts = Omit<
  Status['roots'][number],
  | 'waitingClips'
  | 'breakerSinceMs'
  | 'unowned'
  | 'unownedBy'
  | 'oddClips'
  | 'unownedRule'
  | 'lastReconcileMs'
  | 'disk'
  | 'backlog'
>;

export interface StatusParts {
  readonly clock: Clock;
  readonly retention: RetentionClock;
  readonly retentionDays: () => number;
  readonly reader: Pick<ClipReader, 'totals' | 'nextLive'>;
  readonly figures: StatusFigures;
  readonly unowned: Pick<UnownedList, 'counts'>;
  readonly unownedRule: (rootId: string) => UnownedRule | undefined;
  readonly holds: HoldSet;
  readonly alarms: Alarms;
  readonly cameraIds: readonly string[];
  readonly recording: () => ReadonlySet<string>;
  /** Roots, and the vault. */
  readonly roots: () => readonly RootFacts[];
  readonly vault: () => Pick<NonNullable<Status['vault']>, 'copies' | 'copyBytes' | 'keepFreeBytes'>;
  readonly blocked: () => readonly { readonly rootId: string; readonly reason: BlockedReason }[];
  readonly breakerSinceMs: (rootId: string) => number | null;
  /** What the watchdog found; null before its first walk. */
  readonly disk: (rootId: string) => DiskWatch | null;
  readonly backlog: (rootId: string) => Backlog | null;
  readonly lastSweep: () => SweepReport | undefined;
  readonly drill: () => DrillResult | undefined;
  readonly held: () => HeldFigures | undefined;
  readonly ingest: () => { readonly lagMs: number; readonly queue: number };
}

export interface StatusDesk {
  status(): Status;
  snapshot(): Snapshot;
}

export function createStatusDesk(parts: StatusParts): StatusDesk {
  return {
    status: () => statusOf(parts),
    snapshot: () => snapshotOf(parts),
  };
}

/** A clip that is held counts until the sweep comes upon it: before what is not held is due, nothing goes. */
function nextDueMs({ figures, retentionDays }: StatusParts, oldestUnheldEndMs: number | null): number | null {
  const next = figures.nextDueMs();
  if (next === null || oldestUnheldEndMs === null) return null;
  return Math.max(next, oldestUnheldEndMs + retentionDays() * DAY_MS);
}

function statusOf(parts: StatusParts): Status {
  const nowMs = parts.retention.nowMs();
  const cameras = camerasOf(parts, nowMs);
  const recording = parts.recording();
  const oldest = cameras.flatMap((c) => c.oldestUnheldEndMs ?? []);
  const oldestUnheldEndMs = oldest.length === 0 ? null : Math.min(...oldest);
  return {
    nowMs,
    wallMs: Math.max(0, parts.clock.wallMs()),
    retentionDays: parts.retentionDays(),
    oldestUnheldEndMs,
    nextDueMs: nextDueMs(parts, oldestUnheldEndMs),
    overdueClips: cameras.reduce((sum, c) => sum + c.overdueClips, 0),
    blocked: parts.blocked().map((b) => ({ ...b })),
    lastSweep: parts.lastSweep() ?? null,
    drill: drillView(parts.drill()),
    deletedPerHour: parts.figures.deletedPerHour(nowMs),
    cameras: cameras.map((c) => ({
      id: c.cameraId,
      clips: c.clips,
      bytes: c.bytes,
      lastEndMs: c.lastEndMs,
      oldestUnheldEndMs: c.oldestUnheldEndMs,
      recording: recording.has(c.cameraId),
    })),
    roots: sourcesOf(parts).map((r) => ({
      ...r,
      waitingClips: parts.figures.waiting(r.id, nowMs),
      breakerSinceMs: parts.breakerSinceMs(r.id),
      ...parts.figures.scanned(r.id),
      disk: parts.disk(r.id),
      backlog: parts.backlog(r.id),
      unownedBy: parts.unowned.counts(r.id),
      oddClips: parts.figures.odd(r.id),
      unownedRule: ruleView(parts.unownedRule(r.id)),
    })),
    vault: vaultOf(parts, nowMs),
    clock: {
      state: parts.retention.suspect ? 'suspect' : 'trusted',
      unacceptedMs: parts.retention.gapMs(),
      synchronised: parts.retention.synchronised,
    },
    holds: holdFigures(parts.holds.all(), nowMs),
    alarms: parts.alarms.all().map((a: Alarm) => ({ ...a })),
  };
}

function sourcesOf(parts: StatusParts): RootFacts[] {
  return parts.roots().filter((r) => !isVault(r.id));
}

function vaultOf(parts: StatusParts, nowMs: number): Status['vault'] {
  const facts = parts.roots().find((r) => isVault(r.id));
  if (facts === undefined) return null;
  const { id, state, cause, stateSinceMs, selfTest, device } = facts;
  const { fileSystem, erasure, snapshots, encrypted, freeBytes, totalBytes } = facts;
  const sharing = sourcesOf(parts).filter((r) => device !== null && r.device === device);
  return {
    // Nothing is indexed in the vault, so there is nothing to adopt.
    state: state === 'adopting' ? 'offline' : state,
    ...{ id, cause, stateSinceMs, selfTest, device },
    ...{ fileSystem, erasure, snapshots, encrypted, freeBytes, totalBytes },
    waitingClips: parts.figures.waiting(id, nowMs),
    breakerSinceMs: parts.breakerSinceMs(id),
    disk: parts.disk(id),
    sharesDiskWith: sharing.map((r) => r.id),
    ...parts.vault(),
  };
}

function snapshotOf(parts: StatusParts): Snapshot {
  const nowMs = parts.retention.nowMs();
  return {
    nowMs,
    cameras: camerasOf(parts, nowMs),
    roots: parts.roots().map((r) => {
      const { unowned: unownedFiles, lastReconcileMs } = parts.figures.scanned(r.id);
      const { state, cause, erasure, encrypted, unreadableDirs } = r;
      const known = r.totalBytes > 0;
      const space = {
        freeBytes: known ? r.freeBytes : null,
        totalBytes: known ? r.totalBytes : null,
        snapshots: known ? r.snapshots : null,
      };
      const facts = { state, cause, erasure, encrypted, unreadableDirs };
      const work = { disk: parts.disk(r.id), backlog: parts.backlog(r.id) };
      const files = {
        unownedFiles,
        unownedBy: parts.unowned.counts(r.id),
        oddClips: parts.figures.odd(r.id),
      };
      return { rootId: r.id, ...facts, ...space, lastReconcileMs, ...files, ...work };
    }),
    blocked: parts.blocked(),
    ingest: parts.ingest(),
    clock: { unacceptedMs: parts.retention.gapMs(), suspect: parts.retention.suspect },
    holds: holdFigures(parts.holds.all(), nowMs),
    held: parts.held() ?? null,
    lastSweepMs: parts.lastSweep()?.atMs ?? null,
    drill: drillFigures(parts.drill()),
    alarms: parts.alarms.all(),
  };
}

/** Configured cameras first to last; one that the configuration no longer names is shown while it has clips. */
function camerasOf(parts: StatusParts, nowMs: number): CameraSnapshot[] {
  const overdue = parts.figures.overdue(nowMs);
  const growing = parts.figures.overlong();
  const perhaps = parts.figures.perhapsCopied(nowMs);
  const shown = (t: CameraTotals): boolean =>
    parts.cameraIds.includes(t.cameraId) || (t.clips > 0 && t.cameraId !== DRILL_CAMERA);
  return parts.reader.totals().flatMap((t) => {
    if (!shown(t)) return [];
    const holds = parts.holds.ofCamera(t.cameraId);
    const finished = oldestUnheld(parts.reader, t.cameraId, { holds, nowMs })?.endMs;
    const isFree = (c: Clip): boolean => c.cameraId === t.cameraId && !isHeld(c, { holds, nowMs });
    const free = growing.filter(isFree);
    const copied = perhaps.filter(isFree);
    const ended = [...(finished === undefined ? [] : [finished]), ...copied.map((c) => c.endMs)];
    // What a growing file begins with was recorded at its start, however late it ends.
    const oldestMs = Math.min(...ended, ...free.map((c) => c.startMs));
    const late = free.filter((c) => c.dueMs !== null && c.dueMs < nowMs - GRACE_MS).length + copied.length;
    return [
      {
        ...t,
        oldestUnheldEndMs: Number.isFinite(oldestMs) ? oldestMs : null,
        overdueClips: (overdue.get(t.cameraId) ?? 0) + late,
      },
    ];
  });
}

function drillView(last: DrillResult | undefined): Status['drill'] {
  if (last === undefined) return null;
  const roots = last.roots.map(({ rootId, skipped, left }) => ({ rootId, skipped, left: [...left] }));
  return { atMs: last.atMs, tookMs: last.tookMs, verdict: verdictOf(last), roots };
}

function drillFigures(last: DrillResult | undefined): Snapshot['drill'] {
  return last === undefined ? null : { atMs: last.atMs, verdict: verdictOf(last) };
}

function ruleView(rule: UnownedRule | undefined): Status['roots'][number]['unownedRule'] {
  if (rule === undefined) return null;
  return { deleteAfterMs: rule.deleteAfterMs, confirmed: rule.confirmedBy !== null };
}

function holdFigures(holds: readonly HoldVersion[], nowMs: number): Status['holds'] {
  const standing = holds.filter((h) => stands(h, nowMs));
  const reviews = standing.map((h) => h.terms.reviewMs);
  const ahead = reviews.filter((ms) => ms > nowMs);
  const late = standing.filter((h) => (confirmByMs(h, nowMs) ?? Infinity) <= nowMs);
  return {
    standing: standing.length,
    coolingOff: holds.filter((h) => !stands(h, nowMs) && binds(h, nowMs)).length,
    reviewOverdue: reviews.length - ahead.length,
    nextReviewMs: ahead.length === 0 ? null : Math.min(...ahead),
    unconfirmed: standing.filter((h) => h.confirmedMs === null).length,
    confirmOverdue: late.length,
    pending: standing.filter((h) => h.pending !== null).length,
  };
}
