/** The roots' records on a full disk: with the reserve, as deletions and holds; without it, changes are owed. */
import type { AuditLog } from '../audit/log.ts';
import { FortnightError } from '../base/errors.ts';
import type { Db } from '../db/open.ts';
import { isFull, type Reserve } from '../db/reserve.ts';
import { createRootStore } from '../db/roots.ts';
import type { RootStore } from '../roots/contract.ts';

export function reservedRootStore(state: {
  readonly db: Db;
  readonly audit: AuditLog;
  readonly reserve: Reserve;
}): RootStore {
  const { reserve } = state;
  const store = createRootStore(state.db, state.audit);
  return {
    all: () => store.all(),
    enrolled: (id, as) => {
      demandRoom(() => {
        reserve.use(() => {
          store.enrolled(id, as);
        });
      });
    },
    changed: (id, to) => hasRoom(() => reserve.use(() => store.changed(id, to))),
    adopted: (id, by) => {
      demandRoom(() => {
        reserve.use(() => {
          store.adopted(id, by);
        });
      });
    },
    holdsConfirmed: (id, by) => {
      demandRoom(() => {
        reserve.use(() => {
          store.holdsConfirmed(id, by);
        });
      });
    },
    diskReplaced: (id, by) => {
      demandRoom(() => {
        reserve.use(() => {
          store.diskReplaced(id, by);
        });
      });
    },
    // Told from memory: the row is for whoever reads the index later, and no reason to use the reserve up.
    selfTested: (id, test) => {
      hasRoom(() => {
        store.selfTested(id, test);
      });
    },
  };
}

/** False when there was no room for `work`. */
function hasRoom(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!isFull(error)) throw error;
    return false;
  }
}

function demandRoom(work: () => void): void {
  if (hasRoom(work)) return;
  throw new FortnightError('audit_unavailable', 'the audit cannot be written, so nothing can be confirmed', {
    hint: 'make room in the state directory',
  });
}
