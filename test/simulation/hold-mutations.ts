/**
 * The faults that holds by two people, pins and copies could have: each takes one safeguard away, and the interleavings
 * must notice.
 */
import type { FileCalls } from '../../src/base/file-calls.ts';
import { COPY_DIR } from '../../src/holds/keep/copies.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { readSigned } from '../../src/holds/journal.ts';
import type { HoldService } from '../../src/holds/service.ts';
import { AS_IT_IS, type Parts } from './mutation.ts';
import { MUTATIONS, replaced, type Mutation } from './mutations.ts';
import { MIRROR_KEY } from './site.ts';

/** What was given up binds no longer. */
const nothingGivenUp = (list: readonly HoldVersion[]): readonly HoldVersion[] =>
  list.filter((h) => h.releasedMs === null || h.act === 'released');

/** Versions of mirrors are believed as they stand there. */
const believing: Parts['exchange'] =
  (take, { set, read }) =>
  async (rootId) => {
    for (const text of (await read(rootId)).texts) {
      const entry = readSigned(text.trim(), MIRROR_KEY);
      if (entry?.signed === true) set.add(entry.version);
    }
    await take(rootId);
  };

function fsyncOfNothing(calls: FileCalls): FileCalls {
  return replaced(calls, { fsyncSync: () => undefined });
}

const withoutJournal: Parts['journal'] = (journal) => ({
  entries: journal.entries,
  append: (version) => (version.act === 'withdrawn' ? journal.entries.length : journal.append(version)),
});

const unjudged: Parts['store'] = (store) => ({
  ...store,
  begin: (rootId, clipIds, judge) =>
    store.begin(rootId, clipIds, (clip) => ({ ...judge(clip), mayDelete: true })),
});

const copiesForgotten: Parts['store'] = (store) => ({
  ...store,
  pending: (intent) =>
    store.pending(intent).map((p) => ({ ...p, sidecars: p.sidecars.filter((s) => s.dir !== COPY_DIR) })),
});

/** A service with another way of doing one thing. */
function withOther<K extends keyof HoldService>(
  service: HoldService,
  name: K,
  way: HoldService[K],
): HoldService {
  return new Proxy(service, {
    get: (target, key) => {
      const own: unknown = key === name ? way : Reflect.get(target, key, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

export const HOLD_MUTATIONS: readonly Mutation[] = [
  ...MUTATIONS.filter((m) => m.name.includes('looked at before the batch')),
  {
    name: 'holds are not looked at in T1',
    parts: { ...AS_IT_IS, store: unjudged },
    breaks: ['I1'],
  },
  {
    name: 'a narrowing takes effect at once',
    parts: { ...AS_IT_IS, holdsOf: (current) => (cameraId) => nothingGivenUp(current(cameraId)) },
    breaks: ['I1'],
  },
  {
    name: 'a mirror ends a hold',
    parts: { ...AS_IT_IS, exchange: believing },
    breaks: ['I10'],
  },
  {
    name: 'who asked grants it too',
    parts: {
      ...AS_IT_IS,
      holds: (service) => withOther(service, 'approve', (act) => service.approve({ ...act, by: 'anybody' })),
    },
    breaks: ['I10'],
  },
  {
    name: 'taking a request or a release back is not in the journal',
    parts: { ...AS_IT_IS, journal: withoutJournal },
    breaks: ['I10'],
  },
  {
    name: 'the journal is not made durable',
    parts: { ...AS_IT_IS, stateFiles: fsyncOfNothing },
    breaks: ['I10'],
  },
  {
    name: 'a pin is taken away while its hold stands',
    parts: {
      ...AS_IT_IS,
      holdsToPin: (set) => ({ all: () => set.all().map((h) => ({ ...h, endsMs: 0 })), ofCamera: () => [] }),
    },
    breaks: ['I1'],
  },
  {
    name: 'copies do not go with their clips',
    parts: { ...AS_IT_IS, store: copiesForgotten },
    breaks: ['I8'],
  },
];
