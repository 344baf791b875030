/**
 * Checkpoints of the audit: written to every root that is online and told to the log, so that an index that is put back,
 * or an audit that somebody cut off or wrote anew, is noticed by what lies elsewhere.
 */
import { readCheckpoint, signCheckpoint, anchorText, type Checkpoint } from '../audit/checkpoint.ts';
import { GENESIS } from '../audit/entry.ts';
import type { AuditStore } from '../audit/log.ts';
import { FortnightError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { MacKey } from '../base/mac-key.ts';
import type { RootClient } from '../disk/root-client.ts';
import type { AuditTrail } from '../roots/state.ts';

export interface TrailParts {
  readonly audit: Pick<AuditStore, 'head' | 'read'>;
  /** Key of the state directory. */
  readonly key: MacKey;
  /** The retention clock as it is stored; null while it may go back. */
  readonly storedMs: () => number | null;
}

export interface CheckpointParts {
  readonly trail: AuditTrail;
  readonly audit: Pick<AuditStore, 'head'>;
  readonly client: Pick<RootClient, 'head'>;
  readonly onlineRoots: () => readonly string[];
  readonly log: Log;
}

export interface Checkpoints {
  /** Gives a root that came online its copy. */
  write(rootId: string): Promise<void>;
  /** Gives every root its copy, and tells the log, when there are records since the last time. */
  make(): Promise<void>;
}

/** The audit as the roots compare it with their copies of its head. */
export function auditTrail({ audit, key, storedMs }: TrailParts): AuditTrail {
  const known = ({ seq, hash, rMs }: Checkpoint): boolean => {
    if (rMs !== null && rMs > (storedMs() ?? rMs)) return false;
    return seq === 0 || audit.read(seq, seq, 1)[0]?.hash.toString('hex') === hash;
  };
  return {
    beyond: (head) => {
      const checkpoint = readCheckpoint(head, key);
      return checkpoint === undefined || known(checkpoint) ? undefined : checkpoint.seq;
    },
    head: () => {
      const { seq, hash } = audit.head() ?? { seq: 0, hash: GENESIS };
      return signCheckpoint({ seq, hash: hash.toString('hex'), rMs: storedMs() }, key);
    },
  };
}

export function createCheckpoints({ trail, audit, client, onlineRoots, log }: CheckpointParts): Checkpoints {
  let told = 0;
  const write = async (rootId: string): Promise<void> => {
    try {
      await client.head(rootId, trail.head());
    } catch (error) {
      if (!(error instanceof FortnightError)) throw error;
      log.warn('checkpoint_not_written', { rootId, why: error.message });
    }
  };
  return {
    write,
    make: async () => {
      const head = audit.head();
      if (head === undefined || head.seq === told) return;
      told = head.seq;
      log.info('audit_checkpoint', {
        anchor: anchorText({ seq: head.seq, hash: head.hash.toString('hex') }),
      });
      await Promise.all(onlineRoots().map(write));
    },
  };
}
