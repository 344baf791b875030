/**
 * The program the crash tests kill: the real state directory, hold service, sweep and root thread, without ingest and
 * HTTP. Run with a directory that `prepare` has filled. It says on standard output what it has acknowledged.
 *
 *   subject.ts <dir> act      place a hold, sweep, release it, sweep
 *   subject.ts <dir> recover  start again, sweep, stop
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { joinSweeping } from '../../src/app/sweeping.ts';
import { openState } from '../../src/app/state.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { createClipReader } from '../../src/db/clips.ts';
import { createCoverage } from '../../src/db/coverage.ts';
import { createHolds } from '../../src/holds/service.ts';
import { signVersion } from '../../src/holds/journal.ts';
import { DAY, T0 } from '../support/footage.ts';
import { holdOver } from '../support/sweeping.ts';

const [dir = '', mode = ''] = process.argv.slice(2);
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const clock = new SimulatedClock(T0);
const state = openState({
  dir: join(dir, 'state'),
  clock,
  cameraIds: ['entrance', 'hall'],
  onAudit: () => undefined,
});
const root = state.db.prepare('SELECT path, root_uuid FROM root').get() as {
  path: string;
  root_uuid: string;
};
const address = {
  path: root.path,
  expected: { rootUuid: root.root_uuid, installId: state.install.installId },
};
const { sweeper, gate, store, client, protocol } = joinSweeping({
  state,
  retentionMs: () => 14 * DAY,
  clockTrusted: () => true,
  nowMs: () => clock.wallMs(),
  monotonicMs: () => clock.bootMs(),
  rootIds: ['nvr'],
  address: () => address,
  blocked: () => [],
  doubt: (_root, why) => {
    say(`doubt ${why}`);
  },
  failing: (_root, why) => {
    say(`failing ${why}`);
  },
  refused: () => undefined,
  relook: () => undefined,
  closeClips: () => Promise.resolve(),
  onOutcomes: () => undefined,
  onBreaker: () => undefined,
});
const holds = createHolds({
  store: state.holdStore,
  journal: state.journal,
  set: state.holdSet,
  gate,
  reader: createClipReader(state.db, createCoverage(state.db)),
  nowMs: () => clock.wallMs(),
  coolingOffMs: 0,
  cameraIds: new Set(['entrance', 'hall']),
  mirror: (entry) =>
    client
      .mirror('nvr', {
        name: `${entry.version.holdId}.json`,
        text: signVersion(entry, state.mirrorKey),
        holdSeq: entry.seq,
      })
      .catch(() => undefined),
  settle: async () => {
    await protocol.settle('nvr');
  },
  unpark: () => {
    while (store.unpark(1000) > 0);
    return Promise.resolve();
  },
});

if (mode === 'act') {
  const terms = { ...holdOver(['hall'], T0 - 20 * DAY, T0 - 19 * DAY).terms, reviewMs: T0 + DAY };
  const { hold } = await holds.place(terms, { by: 'm.bakker', key: 'k' });
  say(`placed ${hold.holdId}`);
  await sweeper.sweep();
  say('swept');
  await holds.release(hold.holdId, { by: 'm.bakker', reason: 'The claim was settled in writing.' });
  say('released');
}
await holds.tick(); // as the daemon at its start and each minute
await sweeper.sweep();
say('done');
await client.stop();
state.close();
