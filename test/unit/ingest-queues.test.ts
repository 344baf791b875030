import { expect, test } from 'vitest';
import type { Change } from '../../src/clips/change.ts';
import { HintQueue, LOOK_PATHS, MAX_HINTS } from '../../src/ingest/hints.ts';
import { LookMemory, MAX_LOOKS } from '../../src/ingest/look-memory.ts';
import type { FromScanner, ToScanner } from '../../src/ingest/messages.ts';
import { Outbox } from '../../src/ingest/outbox.ts';
import { pack, unpack } from '../../src/ingest/pack.ts';
import { READING_BYTES, ReadingNow } from '../../src/ingest/reading-now.ts';
import { BATCH_PIECES, MAX_OUTSTANDING, PIECE_CHANGES, REFUSED_REPORT } from '../../src/ingest/report.ts';
import { HUNG_MS, MAX_GIVEN_UP, ScanClient, type ScanThread } from '../../src/ingest/scan-client.ts';

test('hints of one path count once, and are handed out in bounded portions', () => {
  const hints = new HintQueue();
  for (let i = 0; i < LOOK_PATHS + 5; i += 1) hints.add('nvr', `clip ${i}`, 100 + i);
  hints.add('nvr', 'clip 1', 999);
  expect(hints.size).toBe(LOOK_PATHS + 5);
  expect(hints.waitingSinceMs).toBe(100);
  expect(hints.take('nvr')).toHaveLength(LOOK_PATHS);
  expect(hints.take('other')).toEqual([]);
  expect(hints.take('nvr')).toHaveLength(5);
  expect([hints.size, hints.waitingSinceMs]).toEqual([0, undefined]);
});

test('an overflow drops the hints of its root and asks for a reconcile once', () => {
  const hints = new HintQueue();
  for (let i = 0; i <= MAX_HINTS; i += 1) hints.add(i < 10 ? 'small' : 'large', `clip ${i}`, i);
  expect(hints.size).toBe(10);
  expect(hints.take('large')).toEqual([]);
  expect([hints.takeOverflow('large'), hints.takeOverflow('large'), hints.takeOverflow('small')]).toEqual([
    true,
    false,
    false,
  ]);
  hints.add('large', 'later', 0);
  expect(hints.take('large')).toEqual(['later']);
});

const BATCH_CHANGES = BATCH_PIECES * PIECE_CHANGES;
const gone = (n: number): Change => ({ is: 'vanished', clipId: n });

test('a scan never runs further ahead of the index than its few batches', async () => {
  const posted: number[] = [];
  const box = new Outbox((pieces) => posted.push([...unpack(pieces)].length));
  let added = 0;
  const adding = (async () => {
    for (let i = 0; i < BATCH_CHANGES * MAX_OUTSTANDING * 2; i += 1) {
      box.add(gone(i));
      await box.room();
      added = i + 1;
    }
    await box.drain();
  })();
  for (let i = 0; i < 20_000; i += 1) await Promise.resolve();
  expect(posted).toHaveLength(MAX_OUTSTANDING);
  expect(added).toBe(BATCH_CHANGES * MAX_OUTSTANDING - 1);
  for (let i = 0; i < MAX_OUTSTANDING * 2; i += 1) {
    box.acknowledged();
    for (let turn = 0; turn < 20_000; turn += 1) await Promise.resolve();
  }
  await adding;
  expect(posted).toEqual(Array.from({ length: MAX_OUTSTANDING * 2 }, () => BATCH_CHANGES));
});

test('the memory of looks is bounded, keeps the first look at a state, and starts again when it changes', () => {
  const looks = new LookMemory();
  const look = { ino: 1n, sizeBytes: 5, mtimeNs: 7n };
  looks.note('nvr', 'a', { ...look, bootMs: 10 });
  looks.note('nvr', 'a', { ...look, bootMs: 20 });
  expect(looks.get('nvr', 'a')?.sinceBootMs).toBe(10);
  looks.note('nvr', 'a', { ...look, sizeBytes: 6, bootMs: 30 });
  expect(looks.get('nvr', 'a')?.sinceBootMs).toBe(30);
  for (let i = 0; i < MAX_LOOKS; i += 1) looks.note('nvr', `b${i}`, { ...look, bootMs: 40 });
  expect(looks.get('nvr', 'a')).toBeUndefined();
  looks.forget('nvr', 'b5');
  expect(looks.get('nvr', 'b5')).toBeUndefined();
});

interface FakeThread extends ScanThread {
  readonly posted: ToScanner[];
  say(message: FromScanner): void;
  die(error: unknown): void;
  stopped: boolean;
  at: string | undefined;
}

function fakeThread(): FakeThread {
  let listener: (message: FromScanner) => void = () => undefined;
  let exit: (error: unknown) => void = () => undefined;
  const thread: FakeThread = {
    posted: [],
    stopped: false,
    at: undefined,
    post: (message) => {
      thread.posted.push(message);
    },
    onMessage: (to) => (listener = to),
    onExit: (to) => (exit = to),
    reading: () => thread.at,
    stop: () => (thread.stopped = true),
    say: (message) => {
      listener(message);
    },
    die: (error) => {
      exit(error);
    },
  };
  return thread;
}

const at = {
  address: { path: '/srv', expected: { rootUuid: 'r', installId: 'i' } },
  moment: { wallMs: 0, bootMs: 0, timesBelievable: true },
};
const look = { do: 'look', paths: ['a'] } as const;

test('a batch is acknowledged when it is applied, and a task ends with its report', async () => {
  const thread = fakeThread();
  const applied: string[] = [];
  const client = new ScanClient({
    spawn: () => thread,
    bootMs: () => 0,
    apply: (root) => applied.push(root),
    givenUp: () => undefined,
  });
  const running = client.run('nvr', at, look);
  thread.say({ is: 'started', taskId: 1 });
  thread.say({ is: 'batch', taskId: 1, rootId: 'nvr', pieces: [pack([gone(1)])] });
  expect(applied).toEqual(['nvr']);
  expect(thread.posted.at(-1)).toEqual({ do: 'acknowledge' });
  thread.say({ is: 'ended', taskId: 1, report: { ...REFUSED_REPORT, outcome: 'done' } });
  expect((await running).outcome).toBe('done');
  expect(client.outstanding).toBe(0);
});

test('a thread that gives no sign of life is given up with its root, and the next task gets another, but not for ever', async () => {
  const threads: FakeThread[] = [];
  let bootMs = 0;
  const spawn = (): FakeThread => {
    const thread = fakeThread();
    threads.push(thread);
    return thread;
  };
  const client = new ScanClient({
    spawn,
    bootMs: () => bootMs,
    apply: () => undefined,
    givenUp: () => undefined,
  });
  for (let i = 1; i <= MAX_GIVEN_UP; i += 1) {
    const running = client.run(`root ${i}`, at, look);
    expect(client.hungRoot()).toBeUndefined();
    threads.at(-1)!.say({ is: 'started', taskId: i });
    bootMs += HUNG_MS - 1;
    expect(client.hungRoot()).toBeUndefined();
    threads.at(-1)!.say({ is: 'alive', taskId: i });
    bootMs += HUNG_MS;
    expect(client.hungRoot()).toBe(`root ${i}`);
    await expect(running).rejects.toThrow('hangs');
    expect(threads.at(-1)!.stopped).toBe(true);
  }
  expect(threads).toHaveLength(MAX_GIVEN_UP);
  await expect(client.run('one more', at, look)).rejects.toThrow('too many scans hang');
});

test('a thread that dies fails its tasks, and the next task gets another', async () => {
  const threads: FakeThread[] = [];
  const spawn = (): FakeThread => {
    threads.push(fakeThread());
    return threads.at(-1)!;
  };
  const client = new ScanClient({ spawn, bootMs: () => 0, apply: () => undefined, givenUp: () => undefined });
  const running = client.run('nvr', at, look);
  threads[0]!.die(new Error('out of memory'));
  await expect(running).rejects.toThrow('out of memory');
  const next = client.run('nvr', at, look);
  threads[1]!.say({ is: 'broken', taskId: 2, message: 'a defect' });
  await expect(next).rejects.toThrow('a defect');
});

test('a batch that the index has no room for fails the tasks, and the next task gets another thread', async () => {
  const threads: FakeThread[] = [];
  const spawn = (): FakeThread => {
    threads.push(fakeThread());
    return threads.at(-1)!;
  };
  const apply = (): never => {
    throw new Error('database or disk is full');
  };
  const client = new ScanClient({ spawn, bootMs: () => 0, apply, givenUp: () => undefined });
  const running = client.run('nvr', at, look);
  running.catch(() => undefined);
  threads[0]!.say({ is: 'batch', taskId: 1, rootId: 'nvr', pieces: [pack([gone(1)])] });
  await expect(running).rejects.toThrow('disk is full');
  expect(threads[0]!.stopped).toBe(true);
  const next = client.run('nvr', at, look);
  threads[1]!.say({ is: 'ended', taskId: 2, report: { ...REFUSED_REPORT, outcome: 'done' } });
  expect((await next).outcome).toBe('done');
});

test('F-P15: a file that three scans ended with, however they ended, is not looked into by the fourth', async () => {
  const threads: FakeThread[] = [];
  const givenUp: string[][] = [];
  let bootMs = 0;
  const spawn = (): FakeThread => {
    const thread = fakeThread();
    threads.push(thread);
    return thread;
  };
  const client = new ScanClient({
    spawn,
    bootMs: () => bootMs,
    apply: () => undefined,
    givenUp: (root, path) => givenUp.push([root, path]),
  });
  const ends: ((thread: FakeThread) => void)[] = [
    (thread) => {
      thread.die(new Error('out of memory'));
    },
    () => {
      bootMs += HUNG_MS;
      client.hungRoot();
    },
    (thread) => {
      thread.say({ is: 'broken', taskId: 3, message: 'a defect', path: 'hall/poison.mp4' });
    },
  ];
  for (const [i, end] of ends.entries()) {
    const running = client.run('nvr', at, look);
    const thread = threads.at(-1)!;
    expect(thread.posted.at(-1)).toMatchObject({ givenUp: [] });
    thread.say({ is: 'started', taskId: i + 1 });
    thread.at = 'hall/poison.mp4';
    end(thread);
    await expect(running).rejects.toThrow();
  }
  expect(givenUp).toEqual([['nvr', 'hall/poison.mp4']]);
  client.run('nvr', at, look).catch(() => undefined);
  expect(threads.at(-1)!.posted.at(-1)).toMatchObject({ givenUp: ['hall/poison.mp4'] });
  client.run('yard', at, look).catch(() => undefined);
  expect(threads.at(-1)!.posted.at(-1)).toMatchObject({ givenUp: [] });
});

test('what a thread reads is known outside of it, byte for byte, and nothing when it reads nothing', () => {
  const shared = new SharedArrayBuffer(READING_BYTES);
  const [inside, outside] = [new ReadingNow(shared), new ReadingNow(shared)];
  expect(outside.path()).toBeUndefined();
  inside.begin('hall/\xe9 \x01.mp4');
  expect(outside.path()).toBe('hall/\xe9 \x01.mp4');
  inside.end();
  expect(outside.path()).toBeUndefined();
});
