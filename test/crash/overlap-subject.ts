/** The program that overlap.ts kills: state directory, sweep and root thread, for one sweep of the root. Run: <dir>. */
import { join } from 'node:path';
import { joinSweeping } from '../../src/app/sweeping.ts';
import { openState } from '../../src/app/state.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { DAY, T0 } from '../support/footage.ts';

const dir = process.argv[2] ?? '';
const clock = new SimulatedClock(T0);
const state = openState({
  dir: join(dir, 'state'),
  clock,
  cameraIds: ['entrance', 'hall'],
  onAudit: () => undefined,
  onFailure: () => undefined,
});
const root = state.db.prepare('SELECT path, root_uuid AS uuid FROM root').get() as {
  path: string;
  uuid: string;
};
const expected = { rootUuid: root.uuid, installId: state.install.installId };
const fail = (_root: string, why: string): never => {
  throw new Error(why);
};
const { sweeper, client } = joinSweeping({
  state,
  retentionMs: () => 14 * DAY,
  clockTrusted: () => true,
  nowMs: () => clock.wallMs(),
  monotonicMs: () => clock.bootMs(),
  rootIds: ['nvr'],
  away: () => [],
  address: () => ({ path: root.path, expected }),
  blocked: () => [],
  doubt: fail,
  failing: fail,
  refused: () => undefined,
  relook: () => undefined,
  closeClips: () => Promise.resolve(),
  onOutcomes: () => undefined,
  onBreaker: () => undefined,
});
await sweeper.sweep();
await client.stop();
state.close();
