/** A root as the status page shows it. */
import { statfsSync } from 'node:fs';
import { errnoOf } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import type { RootView } from '../roots/contract.ts';
import type { BlockedReason } from '../roots/root.ts';
import { ADOPTION_MS } from '../roots/state.ts';
import type { RootFacts } from './status.ts';

/** `f_type` of statfs: names people know. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x2fc12fc1: 'zfs',
  0x01021994: 'tmpfs',
  0x6969: 'nfs',
  0xff534d42: 'cifs',
  0xfe534d42: 'smb2',
  0x65735546: 'fuse',
  0x794c7630: 'overlay',
  0x4d44: 'vfat',
  0x2011bab0: 'exfat',
  0xf2f52010: 'f2fs',
};

export function rootFacts(view: RootView, config: Config): RootFacts {
  const space = readable(view) ? spaceOf(view.path) : NO_SPACE;
  return {
    id: view.id,
    state: view.state,
    stateSinceMs: view.sinceMs,
    layout: config.sources.find((s) => s.id === view.id)?.layout ?? '',
    adoptionEndsMs:
      view.state === 'adopting' && view.adoptionSinceMs !== null ? view.adoptionSinceMs + ADOPTION_MS : null,
    ...space,
    selfTest: (view.selfTest?.items ?? []).map((item) => ({
      check: item.check,
      ok: item.ok,
      repair: item.repair ?? null,
    })),
  };
}

/** Everything that keeps the sweep from a root, or from some of its clips (I2, I13). */
export function blockedReasons(
  view: RootView,
  by: { readonly breaker: boolean; readonly reserveGone: boolean; readonly refused: boolean },
): { rootId: string; reason: BlockedReason }[] {
  const reasons: BlockedReason[] = [
    ...view.blocked,
    ...(by.breaker ? ['breaker' as const] : []),
    ...(by.reserveGone ? ['audit_reserve_gone' as const] : []),
    ...(by.refused ? ['unlink_refused' as const] : []),
  ];
  return reasons.map((reason) => ({ rootId: view.id, reason }));
}

const NO_SPACE = { fileSystem: 'unknown', freeBytes: 0, totalBytes: 0 };

/** A root whose last look did not succeed is not asked: the call could hang. */
function readable(view: RootView): boolean {
  return view.state !== 'offline' && view.state !== 'failing';
}

function spaceOf(path: string): typeof NO_SPACE {
  try {
    const { type, bsize, bavail, blocks } = statfsSync(path);
    const fileSystem = FILE_SYSTEMS[type >>> 0] ?? `0x${(type >>> 0).toString(16)}`;
    return { fileSystem, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return NO_SPACE;
  }
}
