/** Made-up holds, accounts, audit and status. Plain data. */
import type { Account, AuditEntryView, Hold, Status } from '../../src/http/api/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { FRESH } from './mock-holds.ts';
import { at, CAMERAS, KEEP_MS } from './mock-footage.ts';

const hold = (
  part: Pick<Hold, 'id' | 'caseRef' | 'title' | 'cameraIds' | 'fromMs' | 'toMs'> & Partial<Hold>,
): Hold => ({
  ...FRESH,
  kind: 'legal_claim',
  ground: 'gdpr_17_3_e',
  reason: 'The insurer of the other party asks to keep the footage of that afternoon.',
  reviewMs: at(30) + DAY_MS,
  setBy: 'm.bakker',
  setMs: part.fromMs + DAY_MS,
  caseId: part.id.replace('0b0e', 'ca5e'),
  viewers: ['m.devries'],
  endMs: null,
  confirmedBy: 'a.jansen',
  confirmedMs: (part.setMs ?? part.fromMs + DAY_MS) + 3 * HOUR_MS,
  ...part,
});

const ID = (n: number): string => `0b0e7f0a-5c55-4f5e-9d4b-00000000000${String(n)}`;

export function firstHolds(): Hold[] {
  return [
    hold({
      id: ID(1),
      caseRef: 'Z-2026-033',
      title: 'Lift out of order, complaint',
      cameraIds: ['stairs', 'lift'],
      fromMs: at(20, 12),
      toMs: at(21, 8),
      setMs: at(20, 11, 42),
      confirmedBy: null,
      confirmedMs: null,
      confirmByMs: at(23, 11, 42),
      reason: 'Lift stood still with two people in it; the maintenance firm disputes the times.',
    }),
    hold({
      id: ID(2),
      caseRef: 'Z-2026-031',
      title: 'Fall in the hall, liability',
      cameraIds: ['hall'],
      fromMs: at(17, 13, 45),
      toMs: at(17, 15),
      setMs: at(17, 15, 30),
    }),
    hold({
      id: ID(3),
      caseRef: 'Z-2026-029',
      title: 'Damage to parked van',
      cameraIds: ['carpark', 'delivery'],
      fromMs: at(11, 7, 30),
      toMs: at(11, 10),
    }),
    hold({
      id: ID(4),
      caseRef: 'Z-2026-027',
      title: 'Break-in attempt, side door',
      cameraIds: ['entrance', 'hall'],
      fromMs: at(6, 8, 40),
      toMs: at(6, 11, 10),
      setMs: at(7, 9),
      pending: {
        what: 'release',
        cameraIds: ['entrance', 'hall'],
        fromMs: at(6, 8, 40),
        toMs: at(6, 11, 10),
        endMs: null,
        reason: 'Claim settled on 18 November, insurer confirmed in writing.',
        by: 'm.bakker',
        atMs: at(20, 9, 12),
        effectiveMs: null,
      },
    }),
    hold({
      id: ID(6),
      caseRef: 'Z-2026-025',
      title: 'Graffiti at the delivery road',
      cameraIds: ['delivery'],
      fromMs: at(10, 2),
      toMs: at(10, 4),
      state: 'cooling_off',
      releaseAskedBy: 'm.bakker',
      releasedBy: 'a.jansen',
      releasedMs: at(20, 9, 12),
      releaseReason: 'The culprit paid, the owner withdrew the claim.',
      endsMs: at(21, 9, 12),
    }),
    hold({
      id: ID(5),
      caseRef: 'Z-2026-019',
      title: 'Police order 26-11843',
      kind: 'police_order',
      ground: 'criminal_procedure',
      cameraIds: ['entrance'],
      fromMs: at(6, 10),
      toMs: at(6, 12, 30),
      reviewMs: at(18),
      reviewOverdue: true,
    }),
    hold({
      id: ID(7),
      caseRef: 'Z-2026-012',
      title: 'Access request, visitor',
      kind: 'access_request',
      ground: 'gdpr_15',
      cameraIds: ['hall'],
      fromMs: at(1, 9),
      toMs: at(1, 10),
      state: 'ended',
      releaseAskedBy: 'm.bakker',
      releasedBy: 'a.jansen',
      releasedMs: at(4, 9),
      releaseReason: 'The visitor received the copy and is content with it.',
      endsMs: at(5, 9),
    }),
  ];
}

export function statusOf(nowMs: number, holds: readonly Hold[], state: { adopting: boolean }): Status {
  const cameras = CAMERAS.map((c) => ({
    id: c.id,
    clips: 120_000,
    bytes: 330e9,
    lastEndMs: c.silentFromMs ?? nowMs,
    oldestUnheldEndMs: nowMs - KEEP_MS + 26 * SECOND_MS,
    recording: c.silentFromMs === undefined,
  }));
  const root = {
    id: 'nvr',
    state: state.adopting ? ('adopting' as const) : ('online' as const),
    cause: null,
    stateSinceMs: at(2, 9),
    layout: 'frigate',
    adoptionEndsMs: state.adopting ? nowMs + 20 * HOUR_MS : null,
    waitingClips: state.adopting ? 3412 : 0,
    breakerSinceMs: null,
    fileSystem: 'ext4',
    erasure: 'freed' as const,
    snapshots: 0,
    encrypted: true,
    freeBytes: 1.76e12,
    totalBytes: 4e12,
    device: '8:1',
    lastReconcileMs: nowMs - 7 * MINUTE_MS,
    lastScan: 'done' as const,
    unreadableDirs: 0,
    unreadableSinceMs: null,
    unowned: 3,
    disk: null,
    backlog: null,
    oddClips: { empty: 2, undatable: 1 },
    unownedBy: [
      { reason: 'no_layout' as const, files: 2, bytes: 180_000, empty: 0 },
      { reason: 'link' as const, files: 1, bytes: 0, empty: 1 },
    ],
    unownedRule: null,
    selfTest: [{ check: 'link', ok: true, repair: null }],
  };
  const unpinned = {
    ...root,
    id: 'annex',
    state: 'readonly' as const,
    cause: 'mounted_read_only' as const,
    fileSystem: 'btrfs',
    erasure: 'shared' as const,
    snapshots: 4,
    encrypted: false,
    adoptionEndsMs: null,
    waitingClips: 0,
    unowned: 0,
    disk: null,
    backlog: null,
    unownedBy: [],
    oddClips: { empty: 0, undatable: 0 },
    freeBytes: 0.2e12,
    totalBytes: 1e12,
    device: '8:17',
    selfTest: [{ check: 'unlink', ok: false, repair: 'setfacl -R -m g:fortnight:rwX /srv/annex' }],
  };
  return {
    nowMs,
    wallMs: nowMs,
    retentionDays: 14,
    oldestUnheldEndMs: nowMs - KEEP_MS + 26 * SECOND_MS,
    vault: null,
    nextDueMs: nowMs + 26 * SECOND_MS,
    overdueClips: 0,
    blocked: state.adopting ? [{ rootId: 'nvr', reason: 'adoption' }] : [],
    drill: {
      atMs: nowMs - 2 * DAY_MS,
      tookMs: 2400,
      verdict: 'ok',
      roots: [{ rootId: 'nvr', skipped: null, left: [] }],
    },
    lastSweep: {
      atMs: nowMs - 31 * SECOND_MS,
      deleted: 18,
      failed: 0,
      tookMs: 40,
      longestWaitMs: 28 * SECOND_MS,
    },
    deletedPerHour: Array.from({ length: 48 }, (_, i) =>
      i > 12 && i < 18 ? 260 : 1950 + ((i * 7919) % 240),
    ),
    cameras,
    roots: state.adopting ? [root, unpinned] : [root],
    clock: {
      state: state.adopting ? 'suspect' : 'trusted',
      unacceptedMs: state.adopting ? 3 * HOUR_MS : 0,
      synchronised: !state.adopting,
    },
    holds: {
      standing: holds.filter((h) => h.state === 'standing').length,
      coolingOff: holds.filter((h) => h.state === 'cooling_off').length,
      reviewOverdue: holds.filter((h) => h.reviewOverdue).length,
      unconfirmed: holds.filter((h) => h.confirmByMs !== null).length,
      confirmOverdue: holds.filter((h) => h.unconfirmedOverdue).length,
      pending: holds.filter((h) => h.pending !== null).length,
      nextReviewMs: at(24),
    },
    alarms: state.adopting
      ? [{ code: 'clock_suspect', subject: 'clock', sinceMs: nowMs - HOUR_MS, detail: { gap: '3 h' } }]
      : [],
  };
}

export function accountsOf(): Account[] {
  const people = [
    ['m.devries', 'M. de Vries', 'security'],
    ['m.bakker', 'M. Bakker', 'facility'],
    ['a.jansen', 'A. Jansen', 'privacy'],
    ['r.peters', 'R. Peters', 'admin'],
    ['old.guard', 'O. Guard', 'security'],
  ] as const;
  return people.map(([userName, displayName, role], i) => ({
    id: i + 1,
    userName,
    displayName,
    role,
    disabled: userName === 'old.guard',
    createdMs: at(2, 9 + i),
  }));
}

export function auditOf(nowMs: number): AuditEntryView[] {
  const lines: readonly (readonly [string, string, Record<string, unknown>])[] = [
    ['login', 'a.jansen', { userName: 'a.jansen', peer: '192.0.2.7', outcome: 'ok' }],
    ['deletion_done', 'system', { root: 'nvr', intent: 8101, outcomes: { deleted: 18 } }],
    ['deletion_intent', 'system', { root: 'nvr', clips: Array.from({ length: 18 }, (_, i) => i) }],
    [
      'view_end',
      'm.devries',
      { camera: 'hall', hourMs: at(17, 14), requests: 41, bytes: 18e6, seen: [], why: 'quiet' },
    ],
    [
      'view_start',
      'm.devries',
      {
        camera: 'hall',
        hourMs: at(17, 14),
        purpose: 'protect_property',
        note: 'incident in the hall',
        caseRef: null,
      },
    ],
    [
      'purpose_stated',
      'm.devries',
      { purpose: 'protect_property', note: 'incident in the hall', caseRef: null },
    ],
    ['login', 'm.devries', { userName: 'm.devries', peer: '192.0.2.4', outcome: 'ok' }],
    ['login', 'm.devries', { userName: 'm.devries', peer: '192.0.2.4', outcome: 'wrong_password' }],
    ['access_denied', 'm.bakker', { role: 'facility', what: 'footage.view' }],
    ['hold_placed', 'm.bakker', { hold: ID(2), case: 'Z-2026-031' }],
    ['hold_released', 'm.bakker', { hold: ID(4), case: 'Z-2026-027' }],
    ['daemon_start', 'system', { version: '0.1.0' }],
  ];
  return Array.from({ length: 120 }, (_, i) => {
    const [kind, actor, payload] = lines[i % lines.length]!;
    return {
      seq: 8200 - i,
      wallMs: nowMs - i * 7 * MINUTE_MS,
      kind,
      actor,
      payload,
      hash: (8200 - i).toString(16).padStart(64, '0'),
    };
  });
}
