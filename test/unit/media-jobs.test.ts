/** The queue of jobs with children: bounded, and ended by key. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { JobQueue } from '../../src/media/jobs.ts';

/** A job that ends when it is told to, or when it is aborted. */
function job(): { work: (signal: AbortSignal) => Promise<string>; finish: () => void; state: () => string } {
  const done = Promise.withResolvers<string>();
  let state = 'waiting';
  return {
    work: (signal) => {
      state = 'running';
      signal.addEventListener('abort', () => {
        state = 'aborted';
        done.reject(new Error('aborted'));
      });
      return done.promise;
    },
    finish: () => {
      done.resolve('done');
    },
    state: () => state,
  };
}

test('no more jobs run at once than allowed, and the next begins when one ends', async () => {
  const queue = new JobQueue({ concurrency: 2, maxWaiting: 10 });
  const jobs = [job(), job(), job()];
  const results = jobs.map((j) => queue.run(j.work));
  await turn();
  expect(jobs.map((j) => j.state())).toEqual(['running', 'running', 'waiting']);
  jobs[0]!.finish();
  expect(await results[0]).toBe('done');
  await turn();
  expect(jobs[2]!.state()).toBe('running');
  for (const j of jobs) j.finish();
  await Promise.all(results);
  expect([queue.running, queue.waiting]).toEqual([0, 0]);
});

test('a full queue refuses instead of growing', async () => {
  const queue = new JobQueue({ concurrency: 1, maxWaiting: 1 });
  const [running, waiting] = [job(), job()];
  const results = [queue.run(running.work), queue.run(waiting.work)];
  await expect(queue.run(job().work)).rejects.toMatchObject({ code: 'busy' });
  running.finish();
  waiting.finish();
  await Promise.all(results);
});

test('a job that fails makes room for the next and tells its own caller only', async () => {
  const queue = new JobQueue({ concurrency: 1, maxWaiting: 5 });
  await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(queue.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
});

test('ending a key ends its running and waiting jobs and no other, and waits until they are over', async () => {
  const queue = new JobQueue({ concurrency: 1, maxWaiting: 5 });
  const [mine, other, waiting] = [job(), job(), job()];
  const results = [
    queue.run(mine.work, { key: 'clip 1' }),
    queue.run(other.work, { key: 'clip 2' }),
    queue.run(waiting.work, { key: 'clip 1' }),
  ];
  const outcomes = Promise.allSettled(results);
  await turn();
  await queue.end('clip 1');
  expect(mine.state()).toBe('aborted');
  expect(waiting.state()).toBe('waiting');
  other.finish();
  expect((await outcomes).map((o) => o.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  await queue.end('clip 1');
});

test('a job that does not stop when told is waited for', async () => {
  const queue = new JobQueue({ concurrency: 1, maxWaiting: 5 });
  const slow = Promise.withResolvers<string>();
  const result = queue.run(() => slow.promise, { key: 'clip 1' });
  await turn();
  let ended = false;
  const end = queue.end('clip 1').then(() => {
    ended = true;
  });
  await turn();
  expect(ended).toBe(false);
  slow.resolve('late');
  await end;
  await result;
});

test('a caller that gives up takes its job out of the queue at once', async () => {
  const queue = new JobQueue({ concurrency: 1, maxWaiting: 5 });
  const first = job();
  const running = queue.run(first.work);
  const caller = new AbortController();
  const waiting = queue.run(job().work, { signal: caller.signal });
  caller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'clip_unavailable' });
  expect(queue.waiting).toBe(0);
  await expect(queue.run(job().work, { signal: caller.signal })).rejects.toMatchObject({
    code: 'clip_unavailable',
  });
  first.finish();
  await running;
});

test('a stopped queue has ended everything and takes nothing', async () => {
  const queue = new JobQueue({ concurrency: 1, maxWaiting: 5 });
  const outcomes = Promise.allSettled([queue.run(job().work), queue.run(job().work)]);
  await queue.stop();
  expect((await outcomes).map((o) => o.status)).toEqual(['rejected', 'rejected']);
  await expect(queue.run(job().work)).rejects.toMatchObject({ code: 'busy' });
});
