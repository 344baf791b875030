/** A snapshot for the tests of the metrics: an empty box, with what the test is about laid over it. */
import type { CameraSnapshot, RootSnapshot, Snapshot } from '../../src/observe/snapshot.ts';

export function aSnapshot(differing: Partial<Snapshot> = {}): Snapshot {
  return {
    nowMs: 1_780_000_000_000,
    cameras: [],
    roots: [],
    blocked: [],
    ingest: { lagMs: 0, queue: 0 },
    clock: { unacceptedMs: 0, suspect: false },
    holds: { standing: 0, coolingOff: 0, reviewOverdue: 0, unconfirmed: 0, confirmOverdue: 0, pending: 0 },
    held: null,
    lastSweepMs: null,
    drill: null,
    alarms: [],
    ...differing,
  };
}

export function aCamera(cameraId: string, differing: Partial<CameraSnapshot> = {}): CameraSnapshot {
  return {
    cameraId,
    clips: 0,
    bytes: 0,
    lastEndMs: null,
    oldestUnheldEndMs: null,
    overdueClips: 0,
    ...differing,
  };
}

export function aRoot(rootId: string, differing: Partial<RootSnapshot> = {}): RootSnapshot {
  return {
    rootId,
    state: 'online',
    cause: null,
    erasure: 'freed',
    snapshots: 0,
    encrypted: false,
    unreadableDirs: 0,
    freeBytes: 1e9,
    totalBytes: 4e9,
    lastReconcileMs: null,
    unownedFiles: 0,
    disk: null,
    backlog: null,
    unownedBy: [],
    oddClips: { empty: 0, undatable: 0 },
    ...differing,
  };
}
