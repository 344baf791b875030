/** What is read of each root at a scrape. */
import { Gauge, type Registry } from 'prom-client';
import type { BlockedReason, RootState } from '../roots/root.ts';
import type { ErasureClass } from '../roots/storage.ts';
import type { FillGauges, RootSnapshot } from './snapshot.ts';

const ROOT_STATES: Readonly<Record<RootState, true>> = {
  online: true,
  offline: true,
  foreign: true,
  readonly: true,
  failing: true,
  adopting: true,
  recovery: true,
};
const BLOCKED_REASONS: Readonly<Record<BlockedReason, true>> = {
  root_offline: true,
  root_foreign: true,
  root_readonly: true,
  root_failing: true,
  adoption: true,
  recovery: true,
  breaker: true,
  audit_reserve_gone: true,
  unlink_refused: true,
  vault_offline: true,
};
const ERASURE_CLASSES: Readonly<Record<ErasureClass, true>> = {
  memory: true,
  freed: true,
  shared: true,
  layered: true,
  network: true,
  unknown: true,
};

export function createRootGauges(registry: Registry): FillGauges {
  const standing = stateGauges(registry);
  const figures = figureGauges(registry);
  const listed = new Gauge({
    name: 'fortnight_unowned_listed_files',
    help: 'Files nobody owns that are listed (10,000 at most), by reason.',
    labelNames: ['root', 'reason'],
    registers: [registry],
  });
  const odd = new Gauge({
    name: 'fortnight_odd_clips',
    help: 'Clips without content (empty), or without a believable time (undatable); they are deleted like any other.',
    labelNames: ['root', 'kind'],
    registers: [registry],
  });
  return (snapshot) => {
    for (const g of standing.all) g.reset();
    for (const root of snapshot.roots) standing.set(root);
    for (const { rootId, reason } of snapshot.blocked) standing.block(rootId, reason);
    figures(snapshot.roots);
    listed.reset();
    odd.reset();
    for (const { rootId: root, unownedBy, oddClips } of snapshot.roots) {
      for (const kind of ['empty', 'undatable'] as const) odd.set({ root, kind }, oddClips[kind]);
      for (const { reason, files } of unownedBy) listed.set({ root, reason }, files);
    }
  };
}

interface StateGauges {
  readonly all: readonly { reset(): void }[];
  set(root: RootSnapshot): void;
  block(rootId: string, reason: BlockedReason): void;
}

/** One series per value a label can have, 1 for the one that counts: an alert on it begins and ends at once. */
function stateGauges(registry: Registry): StateGauges {
  const gauge = <L extends string>(label: L, name: string, help: string): Gauge<'root' | L> =>
    new Gauge({ name, help, labelNames: ['root', label], registers: [registry] });
  const state = gauge(
    'state',
    'fortnight_root_state',
    '1 for the state a root is in, 0 for the others; only an online root is swept.',
  );
  const cause = gauge(
    'cause',
    'fortnight_root_cause',
    '1 for what put a root into its state, where several things can.',
  );
  const erasure = gauge(
    'class',
    'fortnight_erasure_class',
    '1 for what deleting a file means on the file system of a root, 0 for the others.',
  );
  const blocked = gauge(
    'reason',
    'fortnight_deletion_blocked',
    '1 while nothing is deleted from a root for this reason.',
  );
  return {
    all: [state, cause, erasure, blocked],
    set: (r) => {
      const { rootId: root } = r;
      for (const s of Object.keys(ROOT_STATES)) state.set({ root, state: s }, s === r.state ? 1 : 0);
      for (const c of Object.keys(ERASURE_CLASSES)) erasure.set({ root, class: c }, c === r.erasure ? 1 : 0);
      for (const reason of Object.keys(BLOCKED_REASONS)) blocked.set({ root, reason }, 0);
      if (r.cause !== null) cause.set({ root, cause: r.cause }, 1);
    },
    block: (root, reason) => {
      blocked.set({ root, reason }, 1);
    },
  };
}

/** Absent where nothing is known. */
function figureGauges(registry: Registry): (roots: readonly RootSnapshot[]) => void {
  const gauge = (
    name: string,
    help: string,
    of: (root: RootSnapshot) => number | null,
  ): [Gauge<'root'>, typeof of] => [
    new Gauge({ name, help, labelNames: ['root'], registers: [registry] }),
    of,
  ];
  const gauges = [
    gauge('fortnight_free_bytes', 'Free space on the file system of a root.', (r) => r.freeBytes),
    gauge('fortnight_size_bytes', 'Size of the file system of a root.', (r) => r.totalBytes),
    gauge(
      'fortnight_last_reconcile_timestamp_seconds',
      'When the last full reconcile of a root ended; absent before the first.',
      (r) => (r.lastReconcileMs === null ? null : r.lastReconcileMs / 1000),
    ),
    gauge(
      'fortnight_unowned_files',
      'Files in a root that match no configured camera.',
      (r) => r.unownedFiles,
    ),
    gauge(
      'fortnight_unreadable_directories',
      'Directories of a root that could not be listed; nothing is known of what lies in them.',
      (r) => r.unreadableDirs,
    ),
    gauge(
      'fortnight_snapshots',
      'Snapshots of the file system of a root that can be seen; what was deleted stays in them.',
      (r) => r.snapshots,
    ),
    gauge(
      'fortnight_disk_encrypted',
      '1 when every disk below a root is encrypted; absent where they cannot be seen.',
      (r) => (r.encrypted === null ? null : Number(r.encrypted)),
    ),
  ];
  return (roots) => {
    for (const [g, of] of gauges) {
      g.reset();
      for (const root of roots) {
        const value = of(root);
        if (value !== null) g.set({ root: root.rootId }, value);
      }
    }
  };
}
