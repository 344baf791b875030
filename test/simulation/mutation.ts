/** What may be put in the place of a part of the product, to see that the simulation notices. */
import type { FileCalls } from '../../src/base/file-calls.ts';
import type { DirHandle } from '../../src/disk/handle.ts';
import type { Tree } from '../../src/ingest/tree.ts';
import type { ProtocolDeps } from '../../src/retention/delete-protocol.ts';
import type { Mirrors } from '../../src/app/mirrors.ts';
import type { HoldSet } from '../../src/holds/hold-set.ts';
import type { HoldJournal } from '../../src/holds/journal.ts';
import type { PinnerDeps } from '../../src/holds/keep/pinner.ts';
import type { HoldService } from '../../src/holds/service.ts';
import type { SweepStore } from '../../src/retention/erasure.ts';
import { Gate } from '../../src/retention/gate.ts';
import type { Synchronous } from './index-file.ts';

type Delay = (ms: number) => Promise<void>;

export interface Parts {
  readonly synchronous: Synchronous;
  gate(delay: Delay): Gate;
  /** The system calls of the threads that work on roots. */
  files(calls: FileCalls, delay: Delay): FileCalls;
  tree(tree: Tree<DirHandle>): Tree<DirHandle>;
  /** Holds of a camera, as the deciders see them; `nowMs` is the retention clock. */
  holdsOf(current: ProtocolDeps['holdsOf'], nowMs: () => number): ProtocolDeps['holdsOf'];
  /** Writing the copies of a hold's version to the roots. */
  mirror(write: Mirrors['write']): Mirrors['write'];
  closeClips(close: ProtocolDeps['closeClips'], delay: Delay): ProtocolDeps['closeClips'];
  /** The system calls on the state directory. */
  stateFiles(calls: FileCalls): FileCalls;
  journal(journal: HoldJournal): HoldJournal;
  /** What people act upon. */
  holds(service: HoldService): HoldService;
  /** Taking in the mirrors of a root. */
  exchange(take: Mirrors['exchange'], from: MirrorReading): Mirrors['exchange'];
  /** T1, T2, and what lies between. */
  store(store: SweepStore): SweepStore;
  holdsToPin(set: HoldSet): PinnerDeps['set'];
}

/** What an exchange of mirrors works with. */
export interface MirrorReading {
  readonly set: HoldSet;
  readonly read: (rootId: string) => Promise<{ readonly texts: readonly string[] }>;
}

/** The product as it is. */
export const AS_IT_IS: Parts = {
  synchronous: 'FULL',
  gate: (delay) => new Gate(delay),
  files: (calls) => calls,
  tree: (tree) => tree,
  holdsOf: (current) => current,
  mirror: (write) => write,
  closeClips: (close) => close,
  stateFiles: (calls) => calls,
  journal: (journal) => journal,
  holds: (service) => service,
  exchange: (take) => take,
  store: (store) => store,
  holdsToPin: (set) => set,
};
