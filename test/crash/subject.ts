/**
 * The program the crash tests kill: the rooms of the daemon as `joinRooms` joins them, without the servers, bundled
 * with its threads in place. It says on standard output what it has acknowledged.
 *
 *   subject.js act <state> <footage>      first start, index, place two holds, change one, sweep, copy, release the other, sweep
 *   subject.js recover <state> <footage>  starts again, repeats what the client repeats, and finishes
 *   subject.js reboot <state> <footage>   the same after a reboot of the box
 *   subject.js person <state> <footage>   an account is made, somebody comes and goes
 *   subject.js who <state> <footage> <token>   who may enter now
 *   subject.js each                       does what is asked on standard input, a line of arguments each, one after another
 */
import { writevSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Passwords } from '../../src/access/passwords.ts';
import { joinRooms, type Rooms } from '../../src/app/rooms.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { isStorageFailure } from '../../src/db/failures.ts';
import { AGAIN, BEGIN, COOLING_OFF, HOLDS, HOUR, OVER, configOf, type Places } from './life.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { STEPS, peopleOf, seenAs } from './acts.ts';
import { comeAndGo, whoMayEnter } from './people.ts';

const STORAGE_FAILED = 70;

/** What is done, where, and by which clock. */
interface Task {
  readonly mode: string;
  readonly places: Places;
  readonly token: string;
  readonly clock: SimulatedClock;
}

function taskOf([mode = '', state = '', footage = '', token = '']: readonly string[]): Task {
  return { mode, places: { state, footage }, token, clock: clockOf(mode) };
}

function clockOf(mode: string): SimulatedClock {
  const simulated = new SimulatedClock(BEGIN, HOUR);
  if (mode === 'recover' || mode === 'who') simulated.advance(AGAIN - BEGIN);
  if (mode === 'reboot') simulated.reboot(AGAIN - BEGIN);
  return simulated;
}

/** By a call of its own (for one buffer it would be `write`), so that no fault of the files is one of ours. */
function say(line: string): void {
  writevSync(1, [Buffer.from(line), Buffer.from('\n')]);
}

/** What the daemon survives is told and gone on from; a state directory that fails ends it. */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isStorageFailure(error)) throw error;
    say(`failed ${what}: ${String(error)}`);
    return undefined;
  }
}

/** As `start` of src/app.ts, without what serves people. */
async function start({ places, clock }: Task): Promise<Rooms> {
  const timeSync = { checkedBootMs: () => clock.bootMs(), look: () => Promise.resolve() };
  const onFatal = (): void => {
    setImmediate(() => process.exit(STORAGE_FAILED)); // as the daemon: it goes on to the end of what it is in
  };
  const passwords = new Passwords({ memoryKib: 256, passes: 1 });
  const overrides = { clock, log: silentLog, timeSync, onFatal, passwords };
  const rooms = joinRooms(configOf(places), overrides);
  const { retention, roots, mirrors, holds } = rooms;
  rooms.state.reserve.use(() =>
    rooms.state.audit.append({ kind: 'daemon_start', actor: 'system', payload: { version: 'test' } }),
  );
  retention.tick();
  await roots.start();
  for (const { id } of roots.list()) if (roots.readable(id) !== undefined) await mirrors.exchange(id);
  await holds.tick();
  say('started');
  return rooms;
}

/** A facility manager confirms the footage that was there. */
async function adopt({ roots }: Rooms): Promise<void> {
  for (const { id, adoptionSinceMs } of roots.list()) {
    if (adoptionSinceMs === null) continue;
    const online = new Promise<void>((resolve) => {
      roots.onChange((root) => {
        if (root.state === 'online') resolve();
      });
    });
    roots.confirmAdoption(id, { actor: 'm.bakker', trustNames: false });
    await online;
  }
}

async function place({ holds }: Rooms, { key, terms }: (typeof HOLDS)['standing']): Promise<string> {
  const { hold } = await holds.place(terms, { by: 'm.bakker', key });
  say(`placed ${key}`);
  return hold.holdId;
}

/** What people do to the hold that stands: who was refused one step does not take the next, which would be another one then. */
async function change({ holds }: Rooms, holdId: string | undefined): Promise<void> {
  for (const { done, step } of STEPS) {
    const taken = await attempt(done, async () => {
      const hold = holds.current().find((h) => h.holdId === holdId);
      if (hold === undefined) return false;
      await step(peopleOf(holds), seenAs(hold));
      say(done);
      return true;
    });
    if (taken !== true) return;
  }
}

async function release({ holds }: Rooms, holdId: string | undefined): Promise<void> {
  const hold = holds.current().find((h) => h.holdId === holdId);
  if (hold?.releasedMs === null) await releaseByTwo(holds, hold.holdId);
  if (hold !== undefined) say('released');
}

/** What falls due with the cooling-off goes with the second sweep; a third finds nothing to do. */
async function live(rooms: Rooms, clock: SimulatedClock): Promise<void> {
  const { ingest, holds, retention, mirrors } = rooms;
  const sweep = async (): Promise<string> => {
    const { deleted, failed } = await rooms.sweeping.sweeper.sweep();
    return `${String(deleted)} ${String(failed)}`;
  };
  const index = async (): Promise<void> => {
    const { outcome } = await ingest.reconcile('nvr', { full: true });
    say(`indexed ${outcome}`);
  };
  await attempt('index', index);
  await attempt('adopt', () => adopt(rooms));
  if (rooms.roots.verify('nvr') !== undefined) await attempt('exchange', () => mirrors.exchange('nvr'));
  const standingId = await attempt('place standing', () => place(rooms, HOLDS.standing));
  const holdId = await attempt('place released', () => place(rooms, HOLDS.released));
  await change(rooms, standingId);
  say(`swept ${(await attempt('sweep', sweep)) ?? ''}`);
  await attempt('copies', () => rooms.preservation.preserver.run());
  say('copied');
  await attempt('release', () => release(rooms, holdId));
  clock.advance(COOLING_OFF);
  retention.tick();
  await attempt('tick', () => holds.tick());
  say(`ended ${(await attempt('sweep', sweep)) ?? ''}`);
  await attempt('index', index);
  await attempt('pins', () => rooms.pinner.run());
  await attempt('copies', () => rooms.preservation.preserver.run());
  say(`again ${(await attempt('sweep', sweep)) ?? ''}`);
}

async function stop(rooms: Rooms): Promise<void> {
  rooms.sweeping.sweeper.stop();
  await rooms.ingest.stop();
  await rooms.pinner.stop();
  await rooms.sweeping.client.stop();
  await rooms.preservation.preserver.ended();
  rooms.roots.stop();
  await rooms.probes.stop();
  rooms.metrics.stop();
  rooms.state.close();
  say('done');
}

async function perform(task: Task): Promise<void> {
  const { mode, clock, token } = task;
  const rooms = await start(task);
  if (mode === 'person') await comeAndGo(rooms.access, clock.wallMs(), say);
  else if (mode === 'who') await whoMayEnter(rooms.access, { nowMs: clock.wallMs(), token }, say);
  else await live(rooms, clock);
  await stop(rooms);
}

/** Undisturbed runs may share a process: what a program keeps between two of them lies on the disks. */
async function performEach(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    await perform(taskOf(line.split('\t')));
    say(OVER);
  }
}

try {
  const args = process.argv.slice(2);
  await (args[0] === 'each' ? performEach() : perform(taskOf(args)));
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(STORAGE_FAILED);
}
