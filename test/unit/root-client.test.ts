import { expect, it } from 'vitest';
import { createRootClient, type RootPort } from '../../src/disk/root-client.ts';
import type { RootAnswer, RootCall, RootReply } from '../../src/disk/root-messages.ts';
import { AbortFlag } from '../../src/retention/gate.ts';

/** A root whose thread answers when it is told to, and whose patience ends when it is told to. */
function slowRoot() {
  const failing: string[] = [];
  const patient = { calls: 0 };
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
    after: (_ms, then) => {
      let wanted = true;
      patient.calls += 1;
      void patience.promise.then(() => {
        if (wanted) then();
      });
      return () => {
        wanted = false;
        patient.calls -= 1;
      };
    },
    failing: (rootId, why) => failing.push(`${rootId}: ${why}`),
  });
  const answer = (a: RootAnswer): void => {
    listener({ id: calls[0]?.id ?? 0, answer: a });
  };
  const giveUp = async (): Promise<void> => {
    patience.resolve(undefined);
    await patience.promise;
  };
  return { client, answer, giveUp, failing, patient };
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

it('what was answered is waited for no longer, and what was not is given up', async () => {
  const { client, answer, giveUp, patient } = slowRoot();
  const asked = client.emptyDirs('nvr');
  expect(patient.calls).toBe(1);
  answer({ of: 'empty_dirs', paths: ['2026'] });
  expect(await asked).toEqual(['2026']);
  expect(patient.calls).toBe(0);
  const unanswered = client.emptyDirs('nvr');
  await giveUp();
  await expect(unanswered).rejects.toThrow('no answer in time');
});

it('an fsync that fails makes its root failing, whatever was asked for', async () => {
  const { client, answer, failing } = slowRoot();
  const pinned = client.pin('nvr', 'h', []);
  answer({ of: 'not_durable', message: 'EIO: i/o error, fsync' });
  await expect(pinned).rejects.toThrow('EIO: i/o error, fsync');
  expect(failing).toEqual(['nvr: EIO: i/o error, fsync']);
});
