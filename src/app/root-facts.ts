/** A root as the status page shows it: what was seen of it last. Nothing here asks the disk, which could hang. */
import type { Config } from '../config/config.ts';
import type { RootView } from '../roots/contract.ts';
import { isVault, type BlockedReason } from '../roots/root.ts';
import { ADOPTION_MS, isReadable } from '../roots/state.ts';
import type { Storage } from '../roots/storage.ts';
import type { ScanFacts } from './scans.ts';
import type { RootFacts } from './status.ts';

export function rootFacts(view: RootView, scan: ScanFacts, config: Config): RootFacts {
  // What was seen before a disk went says nothing of what is there now.
  const storage = isReadable(view.state) ? (view.storage ?? NO_STORAGE) : NO_STORAGE;
  return {
    id: view.id,
    state: view.state,
    cause: view.cause,
    stateSinceMs: view.sinceMs,
    layout: config.sources.find((s) => s.id === view.id)?.layout ?? '',
    adoptionEndsMs:
      view.state === 'adopting' && view.adoptionSinceMs !== null ? view.adoptionSinceMs + ADOPTION_MS : null,
    ...storage,
    ...scan,
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
  by: {
    readonly breaker: boolean;
    readonly reserveGone: boolean;
    readonly refused: boolean;
    /** Due clips wait for another disk: for their copies in the vault, or for the pins of what lives on there. */
    readonly elsewhere: boolean;
    /** Whether any clip is due there. */
    readonly waiting: () => boolean;
  },
): { rootId: string; reason: BlockedReason }[] {
  // A vault that is away keeps nothing from being deleted but what lies in it.
  if (isVault(view.id) && !by.elsewhere && !by.waiting()) return [];
  const reasons: BlockedReason[] = [
    ...view.blocked,
    ...(by.breaker ? ['breaker' as const] : []),
    ...(by.reserveGone ? ['audit_reserve_gone' as const] : []),
    ...(by.refused ? ['unlink_refused' as const] : []),
    ...(by.elsewhere ? [isVault(view.id) ? ('root_offline' as const) : ('vault_offline' as const)] : []),
  ];
  return [...new Set(reasons)].map((reason) => ({ rootId: view.id, reason }));
}

const NO_STORAGE: Storage = {
  fileSystem: 'unknown',
  erasure: 'unknown',
  snapshots: 0,
  encrypted: null,
  device: null,
  freeBytes: 0,
  totalBytes: 0,
};
