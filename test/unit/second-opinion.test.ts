import { expect, test } from 'vitest';
import type { Probe } from '../../src/clips/media-info.ts';
import { SecondOpinion } from '../../src/app/second-opinion.ts';

const NO: Probe = { ok: false, reason: 'ended', arbiter: false };
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An arbiter that answers when it is told to, or a moment after it was ended. */
function rig(): {
  second: SecondOpinion;
  said: string[];
  opening: PromiseWithResolvers<undefined>;
  answer: PromiseWithResolvers<Probe>;
} {
  const said: string[] = [];
  const opening = Promise.withResolvers<undefined>();
  const answer = Promise.withResolvers<Probe>();
  const second = new SecondOpinion({
    open: async (clipId) => {
      await opening.promise;
      said.push(`opened ${String(clipId)}`);
      const close = async (): Promise<void> => {
        await tick();
        said.push(`closed ${String(clipId)}`);
      };
      return { fd: clipId, sizeBytes: 1, ino: 1n, mtimeNs: 1n, close };
    },
    media: {
      arbitrate: (fd, { signal } = {}) => {
        said.push(`asked ${String(fd)}`);
        signal?.addEventListener('abort', () => {
          void tick().then(() => {
            answer.resolve(NO);
          });
        });
        return answer.promise;
      },
    },
    index: { setMedia: (clipId) => said.push(`set ${String(clipId)}`) },
    log: { warn: (event) => said.push(event) },
  });
  return { second, said, opening, answer };
}

test('ending a clip ends its child and waits until its file is closed', async () => {
  const { second, said, opening } = rig();
  opening.resolve(undefined);
  second.ask([7]);
  await tick();
  expect(said).toEqual(['opened 7', 'asked 7']);
  await second.end([6, 7]);
  expect(said).toEqual(['opened 7', 'asked 7', 'closed 7']);
});

test('a clip that was ended while its file was being opened is closed and not asked about', async () => {
  const { second, said, opening } = rig();
  second.ask([7]);
  const ended = second.end([7]).then(() => said.push('ended'));
  await tick();
  expect(said).toEqual([]);
  opening.resolve(undefined);
  await ended;
  expect(said).toEqual(['opened 7', 'closed 7', 'ended']);
});

test('a clip that waits is forgotten, another one is not disturbed', async () => {
  const { second, said, opening, answer } = rig();
  opening.resolve(undefined);
  second.ask([7, 8, 9]);
  await tick();
  await second.end([8]);
  expect(said).toEqual(['opened 7', 'asked 7']);
  answer.resolve(NO);
  for (let i = 0; i < 5; i += 1) await tick();
  expect(said.filter((line) => line.startsWith('asked'))).toEqual(['asked 7', 'asked 9']);
  second.ask([10]);
  for (let i = 0; i < 5; i += 1) await tick();
  expect(said).toContain('closed 10');
});

test('stopping ends what is asked and forgets what waits', async () => {
  const { second, said, opening } = rig();
  opening.resolve(undefined);
  second.ask([7, 8]);
  await tick();
  await second.stop();
  for (let i = 0; i < 5; i += 1) await tick();
  expect(said).toEqual(['opened 7', 'asked 7', 'closed 7']);
});

test('what it finds goes into the index, and a failure is told', async () => {
  const { second, said, opening, answer } = rig();
  opening.resolve(undefined);
  answer.resolve({ ok: true, info: {} as never, complete: true });
  second.ask([7]);
  for (let i = 0; i < 5; i += 1) await tick();
  expect(said).toEqual(['opened 7', 'asked 7', 'set 7', 'closed 7']);
  const broken = rig();
  broken.opening.reject(new Error('EMFILE'));
  broken.second.ask([7]);
  await tick();
  expect(broken.said).toEqual(['arbiter_failed']);
});
