/** The same life in the whole daemon: every step asked of its control socket, as the command line does. */
import type { Json } from '../../src/base/canonical-json.ts';
import { FortnightError } from '../../src/base/errors.ts';
import type { Hold } from '../../src/http/api/index.ts';
import type { Daemon } from '../support/daemon.ts';
import { REASON, STEPS, type Doing, type Person, type Seen } from './acts.ts';
import { HOLDS } from './life.ts';

/** A facility manager's. */
export const CREDENTIALS = { as: 'm.bakker', password: 'een lange zin over niets 42' };
/** A privacy officer's, who grants what the other asks. */
const SECOND = { as: 'a.jansen', password: 'nog een lange zin over iets 43' };

/** Lives as far as the daemon lives; returns what it acknowledged, in the words of the subject. */
export async function liveIn(daemon: Daemon): Promise<string[]> {
  const said: string[] = [];
  try {
    for await (const line of steps(await daemon.started())) said.push(line);
  } catch (error) {
    const ended = error instanceof FortnightError && error.code === 'daemon_unreachable';
    if (!ended && !String(error).includes('the daemon ended')) throw error;
  }
  return said;
}

/** What was asked before is asked again, with the same keys: a client that had no answer does so. */
async function* steps(daemon: Daemon): AsyncGenerator<string> {
  yield 'started';
  await unlessDone(() => addUser(daemon));
  await daemon.call('reconcile', {});
  yield 'indexed done';
  for (const key of ['standing', 'released'] as const) {
    await daemon.call('holds.place', { ...CREDENTIALS, key, hold: requestOf(key) });
    yield `placed ${key}`;
  }
  await unlessDone(() => daemon.call('roots.adopt', { ...CREDENTIALS, rootId: 'nvr', trustNames: false }));
  for (const { done, step } of STEPS) {
    await step(overSocket(daemon), await seen(daemon, HOLDS.standing.terms.caseRef));
    yield done;
  }
  yield `swept ${await sweep(daemon)}`;
  await unlessDone(() => releaseByTwo(daemon));
  yield 'released';
  yield `ended ${await sweep(daemon)}`;
  await daemon.call('reconcile', {});
  yield `again ${await sweep(daemon)}`;
  const { status } = await daemon.stop();
  if (status === 0) yield 'done';
}

/** A step that was done before the crash is refused as a conflict. */
async function unlessDone(step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof FortnightError) || error.code !== 'conflict') throw error;
  }
}

async function sweep(daemon: Daemon): Promise<string> {
  const { deleted, failed } = (await daemon.call('retention.sweep', {})) as {
    deleted: number;
    failed: number;
  };
  return `${String(deleted)} ${String(failed)}`;
}

/** One asks, the other grants; what was asked before the crash is not asked again. */
async function releaseByTwo(daemon: Daemon): Promise<void> {
  const people = overSocket(daemon);
  const hold = await seen(daemon, HOLDS.released.terms.caseRef);
  await people.approve('second', hold.asked ? hold : await people.ask('first', hold, undefined));
}

async function seen(daemon: Daemon, caseRef: string): Promise<Seen> {
  const holds = (await daemon.call('holds.list', {})) as unknown as Hold[];
  return viewAs(holds.find((h) => h.caseRef === caseRef)!);
}

function viewAs({ id, version, confirmedMs, pending, cameraIds, fromMs, toMs, endMs }: Hold): Seen {
  const scope = { cameraIds, window: { fromMs, toMs }, endMs };
  return { holdId: id, version, confirmed: confirmedMs !== null, asked: pending !== null, scope };
}

/** Who acts by the command line. */
function overSocket(daemon: Daemon): Doing {
  const call = (op: string, by: Person, { holdId, version }: Seen, more: object): Promise<Json> => {
    const credentials = by === 'first' ? CREDENTIALS : SECOND;
    return daemon.call(op, { ...credentials, holdId, version, ...more });
  };
  const said = { reason: REASON };
  return {
    confirm: (by, hold) => call('holds.confirm', by, hold, {}),
    ask: async (by, hold, to) => {
      const narrower = to && { cameraIds: [...to.cameraIds], ...to.window, endMs: to.endMs };
      const op = to === undefined ? 'holds.release' : 'holds.narrow';
      return viewAs((await call(op, by, hold, { ...narrower, ...said })) as unknown as Hold);
    },
    withdraw: (by, hold) => call('holds.withdraw', by, hold, said),
    approve: (by, hold) => call('holds.approve', by, hold, said),
    history: async ({ holdId }) => {
      const shown = (await daemon.call('holds.show', { holdId })) as unknown as {
        versions: { act: string }[];
      };
      return shown.versions.map((v) => v.act);
    },
  };
}

function requestOf(key: keyof typeof HOLDS): Json {
  const { window, ...terms } = HOLDS[key].terms;
  return { ...terms, cameraIds: [...terms.cameraIds], ...window };
}

/** Makes the accounts of the credentials. Throws `conflict` when both are there. */
export async function addUser(daemon: Daemon): Promise<void> {
  const add = ({ as: userName, password }: typeof SECOND, role: string): Promise<unknown> =>
    daemon.call('users.add', { userName, role, password });
  await unlessDone(() => add(CREDENTIALS, 'facility'));
  await add(SECOND, 'privacy');
}
