/** Which alarms stand now, from the states of the rooms. Pure; the job of each minute replaces the standing ones. */
import type { Alarm, AlarmCode, Standing } from '../alarms/alarms.ts';
import { HOUR_MS } from '../base/clock.ts';
import type { Status } from '../http/api/index.ts';

/** The codes this decides about; others are raised and ended by events. */
export const STATE_ALARMS: readonly AlarmCode[] = [
  'root_offline',
  'root_foreign',
  'root_readonly',
  'root_failing',
  'vault_offline',
  'vault_foreign',
  'vault_readonly',
  'vault_failing',
  'adoption_waiting',
  'recovery_waiting',
  'breaker_tripped',
  'clock_suspect',
  'overdue',
  'disk_overdue',
  'review_overdue',
  'hold_unconfirmed',
  'directory_unreadable',
  'snapshots_seen',
  'self_test',
  'unowned_files',
  'certificate_expiring',
  'audit_unwritable',
  'tool_missing',
  'drill_failed',
];

/** Said again every day until their cause has ended. */
export const DAILY_ALARMS: readonly AlarmCode[] = ['recovery_waiting'];

/** What the alarms that events raise are looked at against. */
export interface Causes {
  /** Cameras some hold binds now. */
  readonly heldCameras: ReadonlySet<string>;
  /** Cameras with a file that has been growing for more than a day. */
  readonly overlongCameras: ReadonlySet<string>;
  /** Clips of a root that are due and still there. */
  readonly waitingClips: (rootId: string) => number;
  readonly hasVault: boolean;
}

const ENDS: Readonly<Partial<Record<AlarmCode, (subject: string, causes: Causes) => boolean>>> = {
  held_content_changed: (camera, { heldCameras }) => !heldCameras.has(camera),
  held_content_gone: (camera, { heldCameras }) => !heldCameras.has(camera),
  clip_overlong: (camera, { overlongCameras }) => !overlongCameras.has(camera),
  clip_returned: (root, { waitingClips }) => waitingClips(root) === 0,
  vault_full: (_, { hasVault }) => !hasVault,
};

/** Whether an alarm that an event raised has lost its cause. The others end with the next replacement. */
export function causeHasEnded(alarm: Alarm, causes: Causes): boolean {
  return ENDS[alarm.code]?.(alarm.subject, causes) ?? false;
}

const CERTIFICATE_WARNING_DAYS = 30;
/** A directory that a recorder is about to hand over, or a share that hiccups, is readable again by then. */
const UNREADABLE_MS = HOUR_MS;

const ROOT_ALARMS: Readonly<Partial<Record<Status['roots'][number]['state'], AlarmCode>>> = {
  offline: 'root_offline',
  foreign: 'root_foreign',
  readonly: 'root_readonly',
  failing: 'root_failing',
  adopting: 'adoption_waiting',
  recovery: 'recovery_waiting',
};

const VAULT_ALARMS: typeof ROOT_ALARMS = {
  offline: 'vault_offline',
  foreign: 'vault_foreign',
  readonly: 'vault_readonly',
  failing: 'vault_failing',
  recovery: 'recovery_waiting',
};

/** What the status does not tell. */
export interface Box {
  /** UTC ms; undefined without TLS. */
  readonly certificateEndsMs: number | undefined;
  /** The disk of the state directory is full, its reserve used up. */
  readonly reserveGone: boolean;
  /** Names of programs that were not found. */
  readonly missingTools: readonly string[];
}

export function standingAlarms(s: Status, { certificateEndsMs, reserveGone, missingTools }: Box): Standing[] {
  const box = (code: AlarmCode, detail: Standing['detail']): Standing => ({ code, subject: '', detail });
  const days =
    certificateEndsMs === undefined ? Infinity : Math.floor((certificateEndsMs - s.wallMs) / 86_400_000);
  return [
    ...s.roots.flatMap((root) => rootAlarms(root, s.nowMs)),
    ...(s.vault === null ? [] : vaultAlarms(s.vault)),
    ...[...s.roots, ...(s.vault === null ? [] : [s.vault])].flatMap((root) => diskAlarms(root, s.blocked)),
    ...(s.clock.state === 'suspect'
      ? [box('clock_suspect', { minutes: Math.round(s.clock.unacceptedMs / 60_000) })]
      : []),
    ...(s.overdueClips > 0 ? [box('overdue', { clips: s.overdueClips })] : []),
    ...(s.holds.reviewOverdue > 0 ? [box('review_overdue', { holds: s.holds.reviewOverdue })] : []),
    ...(s.holds.confirmOverdue > 0 ? [box('hold_unconfirmed', { holds: s.holds.confirmOverdue })] : []),
    ...(s.drill?.roots ?? []).flatMap(({ rootId, left }): Standing[] =>
      left.length === 0 ? [] : [{ code: 'drill_failed', subject: rootId, detail: { left: left.join(' ') } }],
    ),
    ...(reserveGone ? [box('audit_unwritable', {})] : []),
    ...missingTools.map((tool): Standing => ({ code: 'tool_missing', subject: tool, detail: {} })),
    ...(days < CERTIFICATE_WARNING_DAYS ? [box('certificate_expiring', { days })] : []),
  ];
}

/** The watchdog speaks up when nothing else explains why footage is still there. */
function diskAlarms(
  root: Pick<Status['roots'][number], 'id' | 'disk'>,
  blocked: Status['blocked'],
): Standing[] {
  const { disk } = root;
  if (disk === null || disk.overdueFiles === 0 || blocked.some((b) => b.rootId === root.id)) return [];
  const { overdueFiles: files, unindexedFiles: unindexed } = disk;
  return [{ code: 'disk_overdue', subject: root.id, detail: { files, unindexed } }];
}

function rootAlarms(root: Status['roots'][number], nowMs: number): Standing[] {
  const of = (code: AlarmCode, detail: Standing['detail'] = {}): Standing => ({
    code,
    subject: root.id,
    detail,
  });
  const state = ROOT_ALARMS[root.state];
  const unreadable = root.unreadableSinceMs !== null && nowMs - root.unreadableSinceMs >= UNREADABLE_MS;
  return [
    ...(state === undefined
      ? []
      : [of(state, root.state === 'adopting' ? { clips: root.waitingClips } : {})]),
    ...foundOn(root),
    ...(unreadable ? [of('directory_unreadable', { directories: root.unreadableDirs })] : []),
    ...(root.unowned === 0 ? [] : [of('unowned_files', { files: root.unowned })]),
  ];
}

function vaultAlarms(vault: NonNullable<Status['vault']>): Standing[] {
  const state = VAULT_ALARMS[vault.state];
  return [
    ...(state === undefined ? [] : [{ code: state, subject: vault.id, detail: {} }]),
    ...foundOn(vault),
  ];
}

/** What roots and the vault have in common. */
function foundOn(
  place: Pick<Status['roots'][number], 'id' | 'selfTest' | 'breakerSinceMs' | 'waitingClips' | 'snapshots'>,
): Standing[] {
  const of = (code: AlarmCode, detail: Standing['detail']): Standing => ({ code, subject: place.id, detail });
  const failed = place.selfTest.filter((t) => !t.ok);
  return [
    ...(place.breakerSinceMs === null ? [] : [of('breaker_tripped', { clips: place.waitingClips })]),
    ...(failed.length === 0
      ? []
      : [of('self_test', { failed: failed.length, repair: failed[0]?.repair ?? '' })]),
    ...(place.snapshots === 0 ? [] : [of('snapshots_seen', { snapshots: place.snapshots })]),
  ];
}
