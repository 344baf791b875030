/** The enumeration: a life killed, or hindered by an error, at each of its relevant system calls. */
import { describeFault, type Fault, type Verdict } from './faults.ts';
import { live, makeScene, type Living, type Mode, type Scene } from './scene.ts';
import type { Subject } from './restarts.ts';
import { wrongWithPeople } from './people.ts';
import { afterTheCrash, afterTheRestart, forgone } from './oracle.ts';
import {
  callAt,
  endedAt,
  hindering,
  holding,
  lastCall,
  relevantCalls,
  tracing,
  type Call,
  type Ran,
} from './strace.ts';

/** The relevant calls of an undisturbed life, in order. Throws when that one is not as it should be. */
export async function callsOf(entry: string, mode: 'act' | 'person' = 'act'): Promise<Call[]> {
  const scene = makeScene();
  try {
    const ran = await live(entry, mode, { places: scene.places, before: tracing(scene.log) });
    if (ran.status !== 0) throw new Error(`the undisturbed life failed: ${describe(ran)}`);
    return relevantCalls(scene.log, scene.places);
  } finally {
    scene.remove();
  }
}

/** Lives with the fault, looks, restarts, looks again. */
export async function suffer(subject: Subject, fault: Fault): Promise<Verdict> {
  const scene = makeScene();
  try {
    const { nth } = fault.call;
    const acted = await live(subject.entry, 'act', struck(scene, fault));
    const killed = fault.what === 'signal=KILL';
    const violations = afterTheCrash(scene.places, acted.out);
    // An fsync that failed makes a root failing until the box is rebooted.
    const gone = forgone(scene.places, acted.out);
    violations.push(...(await restart(subject, scene, killed ? 'recover' : 'reboot', gone)));
    const hit = killed ? lastCall(scene.log, scene.places) : callAt(nth, scene.log, scene.places);
    const named = violations.map((v) => `${describeFault(fault)}: ${v} [${describe(acted)}]`);
    return { fault, hit, last: endedAt(nth, scene.log), violations: named };
  } finally {
    scene.remove();
  }
}

/** How a life goes on in which the fault comes. */
function struck({ places, log }: Scene, { call, what, on }: Fault): Living {
  const { name, nth } = call;
  const held = { log, name, nth };
  if (what === 'signal=KILL') return { places, before: holding(held), held };
  const when = `${String(nth)}${on === true ? '+' : ''}`;
  return { places, before: hindering(log, name, { what, when }) };
}

/** A person's part of a life, killed at a call, and who may enter after the restart. */
export async function comeBack(subject: Subject, fault: Fault): Promise<Verdict> {
  const scene = makeScene();
  try {
    const acted = await live(subject.entry, 'person', struck(scene, fault));
    const hit = lastCall(scene.log, scene.places);
    const token = acted.out.find((line) => line.startsWith('entered '))?.split(' ')[1] ?? '';
    const again = await subject.restart('who', { places: scene.places, token });
    const wrong = wrongWithPeople(acted.out, again.out);
    const violations = wrong.map(
      (w) => `${describeFault(fault)}: ${w} [${describe(acted)}] [${describe(again)}]`,
    );
    return { fault, hit, violations };
  } finally {
    scene.remove();
  }
}

async function restart(
  subject: Subject,
  { places }: Scene,
  mode: Mode,
  gone: readonly string[],
): Promise<string[]> {
  const ran = await subject.restart(mode, { places });
  const wrong = afterTheRestart(places, ran.out, { forgone: gone });
  return wrong.length === 0 ? [] : [...wrong, `the restart: ${describe(ran)}`];
}

function describe({ out, err, status, signal }: Ran): string {
  return `${out.join(', ')}; ${signal ?? String(status)}; ${err.slice(0, 400)}`;
}

/** The parts of a life, by what had been said before, with the rows of the table of faults they answer. */
export const PARTS = [
  { row: 'F-P7, F-D7', part: 'the first start', said: [0] },
  { row: 'F-P2', part: 'the ingest', said: [1, 11] },
  { row: 'F-P3', part: 'the placement of holds', said: [2, 3] },
  { row: 'F-P3, F-P4', part: 'a confirmation, a withdrawal and a narrowing', said: [4, 5, 6] },
  { row: 'F-P1', part: 'the sweep', said: [7, 10, 12] },
  { row: 'F-P3', part: 'the copying of held clips', said: [8] },
  { row: 'F-P4', part: 'the release of a hold', said: [9] },
] as const;
