/** What may be put in the place of a part of the product, to see that the simulation notices. */
import type { FileCalls } from '../../src/base/file-calls.ts';
import type { DirHandle } from '../../src/disk/handle.ts';
import type { Tree } from '../../src/ingest/tree.ts';
import type { ProtocolDeps } from '../../src/retention/delete-protocol.ts';
import type { Mirrors } from '../../src/app/mirrors.ts';
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
};
