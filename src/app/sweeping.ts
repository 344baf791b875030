/** Joins what deletes: the gate, the protocol, the sweep, the threads of the roots. */
import { Worker } from 'node:worker_threads';
import { after, delay } from '../base/delay.ts';
import type { Clip } from '../clips/clip.ts';
import { DRILL_CAMERA } from '../config/config.ts';
import type { Reserve } from '../db/reserve.ts';
import { createSweepStore } from '../db/retention/sweep.ts';
import { createRootClient, type RootClient } from '../disk/root-client.ts';
import type { RootAddress } from '../disk/root-messages.ts';
import { DeleteProtocol } from '../retention/delete-protocol.ts';
import type { Outcome, SweepStore } from '../retention/erasure.ts';
import { Gate } from '../retention/gate.ts';
import { createSpanningEraser } from '../retention/spanning-eraser.ts';
import { Sweeper } from '../retention/sweeper.ts';
import type { BlockedReason } from '../roots/root.ts';
import type { State } from './state.ts';

/** A root's address as the disk room takes it. */
export function addressOf(at: {
  readonly path: string;
  readonly rootUuid: string;
  readonly installId: string;
}): RootAddress {
  const { path, rootUuid, installId } = at;
  return { path, expected: { rootUuid, installId } };
}

/** A worker's entry beside this program, whether it runs from its sources or built. */
export function entryPoint(name: string): URL {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new URL(`../${name}${extension}`, import.meta.url);
}

export interface SweepingParts {
  readonly state: State;
  readonly retentionMs: () => number;
  readonly clockTrusted: () => boolean;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly rootIds: readonly string[];
  /** As SweepDeps. */
  readonly away: () => readonly string[];
  readonly address: (rootId: string, how: 'act' | 'read') => RootAddress | undefined;
  readonly blocked: (rootId: string) => readonly BlockedReason[];
  readonly doubt: (rootId: string, why: string) => void;
  readonly failing: (rootId: string, why: string) => void;
  readonly refused: (rootId: string, clips: number, errno: string | undefined) => void;
  readonly relook: (rootId: string, clips: readonly Clip[]) => void;
  readonly closeClips: (clipIds: readonly number[], derivedFiles: readonly string[]) => Promise<void>;
  readonly onOutcomes: (rootId: string, outcomes: readonly Outcome[]) => void;
  readonly onBreaker: (rootId: string, open: boolean, dueClips: number) => void;
}

export interface Sweeping {
  readonly store: SweepStore;
  readonly gate: Gate;
  readonly protocol: DeleteProtocol;
  readonly sweeper: Sweeper;
  readonly client: RootClient;
}

/** A deletion is recorded also on a full disk, as long as the reserve lasts. */
function withReserve(store: SweepStore, reserve: Reserve): SweepStore {
  return {
    ...store,
    begin: (rootId, clipIds, judge) => reserve.use(() => store.begin(rootId, clipIds, judge)),
    finish: (rootId, intentSeq, outcomes) => {
      reserve.use(() => {
        store.finish(rootId, intentSeq, outcomes);
      });
    },
  };
}

export function joinSweeping(parts: SweepingParts): Sweeping {
  const { state, nowMs } = parts;
  const { db, audit, reserve } = state;
  const store = withReserve(createSweepStore({ db, audit, nowMs, away: parts.away }), reserve);
  const gate = new Gate(delay);
  const client = createRootClient({
    address: parts.address,
    // Descriptors opened there are used here: the thread must not close them when it ends.
    spawn: () => new Worker(entryPoint('root-worker'), { trackUnmanagedFds: false }),
    after,
    failing: parts.failing,
  });
  const protocol = new DeleteProtocol({
    store,
    eraser: createSpanningEraser({ eraser: client, doubt: parts.doubt, failing: parts.failing }),
    gate,
    // No hold ever keeps a clip of the drill, whatever a journal or a mirror of another time says.
    holdsOf: (cameraId) => (cameraId === DRILL_CAMERA ? [] : state.holdSet.ofCamera(cameraId)),
    nowMs,
    closeClips: parts.closeClips,
    onOutcomes: parts.onOutcomes,
    disk: { doubt: parts.doubt, failing: parts.failing, relook: parts.relook, refused: parts.refused },
  });
  const sweeper = new Sweeper({
    store,
    protocol,
    rootIds: () => parts.rootIds,
    blocked: parts.blocked,
    nowMs,
    monotonicMs: parts.monotonicMs,
    retentionMs: parts.retentionMs,
    clockTrusted: parts.clockTrusted,
    onBreaker: parts.onBreaker,
  });
  return { store, gate, protocol, sweeper, client };
}
