/** The index has no room: what the ingest does until it has. The scan threads are fakes that always have one change to tell. */
import { expect, test } from 'vitest';
import { SECOND_MS, SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { IngestDeps } from '../../src/ingest/contract.ts';
import { createIngest } from '../../src/ingest/ingest.ts';
import type { FromScanner, ToScanner } from '../../src/ingest/messages.ts';
import { pack } from '../../src/ingest/pack.ts';
import { REFUSED_REPORT } from '../../src/ingest/report.ts';
import type { ScanThread } from '../../src/ingest/scan-client.ts';

test('a scan that the index has no room for is made again whole half a minute later, and no thread for each hint', async () => {
  const clock = new SimulatedClock(1_700_000_000_000);
  const tasks: string[] = [];
  let spawned = 0;
  let full = false;
  let hint: (path: string) => void = () => undefined;
  const ingest = createIngest({
    clock,
    log: silentLog,
    index: {
      apply: () => {
        if (full) throw new Error('database or disk is full');
        return { gone: [], missing: [] };
      },
      directories: () => [],
      recordings: () => [],
      flagOverlong: () => [],
      purgeGone: () => 0,
      reconciled: () => undefined,
    } as unknown as IngestDeps['index'],
    rules: new Map([
      ['nvr', { layout: { closesMs: () => null, maxClipMs: 60_000 } }],
    ]) as unknown as IngestDeps['rules'],
    roots: () => [
      {
        rootId: 'nvr',
        address: { path: '/srv', expected: { rootUuid: 'r', installId: 'i' } },
        trustNames: false,
        eventless: false,
      },
    ],
    retention: () => ({ nowMs: clock.wallMs(), retentionMs: 1, timesBelievable: true }),
    heldAmong: () => [],
    spawn: () => {
      spawned += 1;
      return telling(tasks);
    },
    watch: (_, to) => {
      hint = (path) => {
        to.hint(path);
      };
      return { close: () => Promise.resolve(), directories: () => 0 };
    },
    events: new Proxy({}, { get: () => () => undefined }) as IngestDeps['events'],
    breathe: () => Promise.resolve(),
  });
  const beats = async (count: number, path?: string): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      clock.advance(SECOND_MS);
      if (path !== undefined) hint(`${path} ${String(i)}`);
      ingest.beat();
      await new Promise(setImmediate);
    }
  };

  await beats(2);
  expect(tasks).toEqual(['full']);
  await beats(1, 'seen');
  expect(tasks).toEqual(['full', 'look']);

  full = true;
  await beats(25, 'not taken');
  expect(tasks).toEqual(['full', 'look', 'look']);
  await beats(60, 'not taken');
  expect(tasks.slice(3)).toEqual(['changed', 'changed']);

  const before = spawned;
  full = false;
  await beats(30);
  expect(tasks.slice(5)).toEqual(['changed']);
  await beats(1, 'seen');
  expect(tasks.slice(6)).toEqual(['look']);
  expect(spawned - before).toBe(1);
  await ingest.stop();
});

function telling(tasks: string[]): ScanThread {
  let listener: (message: FromScanner) => void = () => undefined;
  return {
    post: (message: ToScanner) => {
      if (message.do === 'acknowledge') return;
      const { taskId, rootId } = message;
      tasks.push(message.do === 'look' ? 'look' : message.scope);
      queueMicrotask(() => {
        listener({ is: 'started', taskId });
        listener({ is: 'batch', taskId, rootId, pieces: [pack([{ is: 'missing', clipId: 1, as: 'gone' }])] });
        listener({ is: 'ended', taskId, report: { ...REFUSED_REPORT, outcome: 'done' } });
      });
    },
    onMessage: (to) => (listener = to),
    onExit: () => undefined,
    reading: () => undefined,
    stop: () => (listener = () => undefined),
  };
}
