/** The order of what is done to the files nobody owns: an intent ends once, whoever asks meanwhile. */
import { beforeEach, expect, it } from 'vitest';
import { breathe } from '../../src/base/delay.ts';
import { FileProtocol, type FileEnd, type FileSight } from '../../src/retention/file-protocol.ts';
import { Gate } from '../../src/retention/gate.ts';

const SIGHT: FileSight = { ino: 7n, sizeBytes: 1, mtimeNs: 1n, ctimeMs: 1 };
let intents: Map<number, string[]>;
let ended: { readonly intent: number; readonly outcomes: string[] }[];
let erasures: number;
let durable: PromiseWithResolvers<{ failure: string | undefined }>;
let protocol: FileProtocol<{ path: string }>;

beforeEach(() => {
  intents = new Map();
  ended = [];
  erasures = 0;
  durable = Promise.withResolvers();
  protocol = new FileProtocol({
    store: {
      begin: (_root, paths) => {
        intents.set(intents.size + 1, [...paths]);
        return intents.size;
      },
      unfinished: () => [...intents.keys()],
      pending: (_root, intent) => (intents.get(intent) ?? []).map((path) => ({ path })),
      finish: (_root, intent, ends: readonly FileEnd[]) => {
        intents.delete(intent);
        ended.push({ intent, outcomes: ends.map((e) => e.outcome) });
      },
    },
    eraser: {
      erase: (_root, batch) => {
        erasures += 1;
        const results = batch.map(({ clipId, keep }) => {
          return {
            clipId,
            found: keep ? ('absent' as const) : ('unlinked' as const),
            errno: undefined,
            linksLeft: 0,
          };
        });
        return { unlinked: Promise.resolve({ results, tookMs: 1 }), durable: durable.promise };
      },
    },
    gate: new Gate(() => new Promise(() => undefined)),
    sights: (_root, paths) => Promise.resolve(paths.map(() => SIGHT)),
    onEnd: () => undefined,
    failing: () => undefined,
    doubt: () => undefined,
  });
});

async function turns(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await breathe();
}

it('two that settle one intent end it once', async () => {
  intents.set(1, ['a']);
  const settled = Promise.all([protocol.settle('nvr'), protocol.settle('nvr')]);
  await turns();
  expect([erasures, ended]).toEqual([1, []]);
  durable.resolve({ failure: undefined });
  expect(await settled).toEqual([true, true]);
  expect(ended).toEqual([{ intent: 1, outcomes: ['deleted_recovered'] }]);
});

it('what is settled waits for the batch before it', async () => {
  const batch = protocol.batch('nvr', ['a'], () => true);
  await turns();
  const settled = protocol.settle('nvr');
  await turns();
  expect([erasures, ended]).toEqual([1, []]);
  durable.resolve({ failure: undefined });
  await Promise.all([batch, settled]);
  expect(ended).toEqual([{ intent: 1, outcomes: ['deleted'] }]);
});

it('what was unlinked is not given up while the disk is still asked whether it is durable', async () => {
  const batch = protocol.batch('nvr', ['a'], () => true);
  await turns();
  const givenUp = protocol.giveUp('nvr');
  await turns();
  durable.resolve({ failure: undefined });
  await Promise.all([batch, givenUp]);
  expect(ended).toEqual([{ intent: 1, outcomes: ['deleted'] }]);
});

it('what a disk left undecided is given up in its turn, and claimed by nobody', async () => {
  const batch = protocol.batch('nvr', ['a'], () => true);
  await turns();
  const givenUp = protocol.giveUp('nvr');
  durable.resolve({ failure: 'i/o error' });
  expect((await batch).sound).toBe(false);
  await givenUp;
  expect(ended).toEqual([{ intent: 1, outcomes: ['failed'] }]);
});

it('a root does not wait for another', async () => {
  intents.set(1, ['a']);
  void protocol.settle('nvr');
  await turns();
  const other = protocol.settle('vault');
  await turns();
  expect(erasures).toBe(2);
  durable.resolve({ failure: undefined });
  await other;
});
