/** Faults at the calls of a life: which there are, a slice of them, and working through them until each has come. */
import type { Call } from './strace.ts';

/** A fault at one call; `what` for strace's `inject=` and for the report. */
export interface Fault {
  readonly call: Call;
  /** `signal=KILL`, `error=EIO`. */
  readonly what: string;
  /** Also at every later call of that name. */
  readonly on?: boolean;
}

export interface Verdict {
  readonly fault: Fault;
  /** The call that was hit; undefined when the run ended before, or another came in its place. */
  readonly hit: Call | undefined;
  /** No call of the name came after it: the same fault from there on would be the same run. */
  readonly last?: boolean;
  readonly violations: readonly string[];
}

export const killAt = (call: Call): Fault => ({ call, what: 'signal=KILL' });

/** What a call of this kind may answer besides success: one that names a file may also be refused. */
export function errorsOf({ name }: Call): string[] {
  const writes = ['write', 'pwrite64', 'fsync', 'fdatasync', 'ftruncate'].includes(name);
  return writes ? ['EIO', 'ENOSPC', 'EROFS'] : ['EIO', 'ENOSPC', 'EROFS', 'EACCES'];
}

export function describeFault({ call, what, on }: Fault): string {
  return `${what} at ${call.name} ${String(call.nth)}${on === true ? ' and on' : ''}`;
}

/** How many of each name, for people. */
export function tally(calls: readonly Call[]): string {
  const counts = new Map<string, number>();
  for (const { name } of calls) counts.set(name, (counts.get(name) ?? 0) + 1);
  const each = [...counts].map(([name, n]) => `${name} ${String(n)}`).join(', ');
  return `${String(calls.length)} relevant calls (${each})`;
}

/** `2/8`: every eighth of a list, from the second on. Throws for what is no slice. */
export function sliceOf<T>(list: readonly T[], slice: string): T[] {
  const [, nth = '', of = ''] = /^(\d+)\/(\d+)$/.exec(slice) ?? [];
  const [which, all] = [Number(nth), Number(of)];
  if (which < 1 || which > all) throw new Error(`"${slice}" is no slice: 2/8 is the second of eight`);
  return list.filter((_, i) => i % all === which - 1);
}

/**
 * libuv wakes its loop by a `write` of its own, now before, now after what is meant: what was missed is aimed at again, and
 * beside. (From there on, it aborts the process at such a one. Then the life ends as by a kill.)
 */
const AIMS = [0, 0, 1, -1, 0, 1, -1, 0];

interface Struck {
  /** What never came. */
  readonly missed: readonly Fault[];
  readonly violations: readonly string[];
  readonly last: readonly Fault[];
}

/** Strikes with each fault; those that did not come are tried again. */
export async function aimUntilHit(
  faults: readonly Fault[],
  width: number,
  strike: (fault: Fault) => Promise<Verdict>,
): Promise<Struck> {
  const came = new Set<string>();
  const last: Fault[] = [];
  const violations: string[] = [];
  const missed = (): Fault[] => faults.filter((fault) => !came.has(idOf(fault, fault.call)));
  for (const aim of AIMS) {
    const aimed = missed().map(({ call, ...fault }): Fault => {
      return { ...fault, call: { ...call, nth: Math.max(1, call.nth + aim) } };
    });
    for (const verdict of await inParallel(aimed, width, strike)) {
      if (verdict.hit !== undefined) came.add(idOf(verdict.fault, verdict.hit));
      if (verdict.hit !== undefined && verdict.last === true)
        last.push({ ...verdict.fault, call: verdict.hit });
      violations.push(...verdict.violations);
    }
  }
  return { missed: missed(), violations, last };
}

function idOf({ what }: Fault, { name, relevant }: Call): string {
  return `${what} ${name} ${String(relevant)}`;
}

/** Those of the second list that are at no call, and with no error, of the first. */
export function without(done: readonly Fault[], faults: readonly Fault[]): Fault[] {
  const ids = new Set(done.map((fault) => idOf(fault, fault.call)));
  return faults.filter((fault) => !ids.has(idOf(fault, fault.call)));
}

/** Works through a list, `width` at a time. */
export async function inParallel<T, R>(
  list: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < list.length; i = next++) results[i] = await work(list[i]!);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
