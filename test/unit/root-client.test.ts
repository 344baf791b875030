import { expect, it } from 'vitest';
import { createRootClient, type RootPort } from '../../src/disk/root-client.ts';
import type { RootAnswer, RootCall, RootReply } from '../../src/disk/root-messages.ts';
import { AbortFlag } from '../../src/retention/gate.ts';

/** A root whose thread answers when it is told to, and whose patience ends when it is told to. */
function slowRoot() {
  const failing: string[] = [];
  const calls: RootCall[] = [];
  let listener: (reply: RootReply) => void = () => undefined;
  const port: RootPort = {
    on: (event: string, to: (reply: RootReply) => void) => {
      if (event === 'message') listener = to;
    },
    postMessage: (call) => calls.push(call),
    terminate: () => Promise.resolve(),
  };
  const patience = Promise.withResolvers<undefined>();
  const client = createRootClient({
    address: () => ({ path: '/nowhere', expected: { rootUuid: 'r', installId: 'i' } }),
    spawn: () => port,
    delay: () => patience.promise,
    failing: (rootId, why) => failing.push(`${rootId}: ${why}`),
  });
  const answer = (a: RootAnswer): void => {
    listener({ id: calls[0]?.id ?? 0, answer: a });
  };
  const giveUp = async (): Promise<void> => {
    patience.resolve(undefined);
    await patience.promise;
  };
  return { client, answer, giveUp, failing };
}

it('an fsync that fails after everybody has given up waiting still makes its root failing', async () => {
  const { client, answer, giveUp, failing } = slowRoot();
  const run = client.erase('nvr', [], new AbortFlag());
  await giveUp();
  await expect(run.unlinked).rejects.toThrow('no answer in time');
  answer({ of: 'unlinked', results: [], tookMs: 31_000 });
  expect(failing).toEqual([]);
  answer({ of: 'durable', failure: 'EIO: i/o error, fsync' });
  expect(failing).toEqual(['nvr: EIO: i/o error, fsync']);
});

it('a failure that is waited for is told to those who wait, and to nobody else', async () => {
  const { client, answer, failing } = slowRoot();
  const run = client.erase('nvr', [], new AbortFlag());
  answer({ of: 'unlinked', results: [], tookMs: 5 });
  answer({ of: 'durable', failure: 'EIO: i/o error, fsync' });
  expect(await run.durable).toMatchObject({ failure: 'EIO: i/o error, fsync' });
  expect(failing).toEqual([]);
});
