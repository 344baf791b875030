/** The hold journal as it lies on the simulated disk, in the checker's own parsing. */
import type { HoldAct, Scope } from '../../src/holds/hold.ts';
import type { Inode, SimDisk } from './sim-disk.ts';

/** A version of a hold, as far as it matters here. */
export interface Line extends Scope {
  readonly holdId: string;
  readonly version: number;
  readonly act: HoldAct;
  readonly by: string;
  readonly releasedMs: number | null;
  readonly title: string;
  /** A request or a narrowing that came back from a mirror: it gives up nothing. */
  readonly recovered: boolean;
  /** When its request takes effect by itself. */
  readonly aloneR: number | null;
  /** What an `asked` would leave; null: nothing. */
  readonly leaves: Scope | null;
}

/** What the product calls a version, as a line. */
export interface Versioned {
  readonly holdId: string;
  readonly version: number;
  readonly act: HoldAct;
  readonly by: string;
  readonly releasedMs: number | null;
  readonly leaving: readonly unknown[];
  readonly pending: { readonly what: string; readonly to: Scope; readonly effectiveMs: number | null } | null;
  readonly terms: Scope & { readonly title: string };
}

export function lineOf(v: Versioned): Line {
  const { holdId, version, act, by, releasedMs, leaving, pending, terms } = v;
  const { cameraIds, window, endMs, title } = terms;
  const recovered =
    act === 'narrowed' ? leaving.length === 0 && endMs === null : act === 'asked' && pending === null;
  const aloneR = act === 'asked' ? (pending?.effectiveMs ?? null) : null;
  const leaves = act === 'asked' && pending?.what === 'narrowing' ? pending.to : null;
  const scope = { cameraIds, window, endMs };
  return { holdId, version, act, by, releasedMs, ...scope, title, recovered, aloneR, leaves };
}

const parsed = new WeakMap<Buffer, readonly Line[]>();
/** Of the file that was read last: most of the next one's lines are its. */
let lastRead = new Map<string, Line>();

/** The lines that a power cut would leave; those of a file that is not there are none. */
export function durableLines(stateDisk: SimDisk): readonly Line[] {
  const file = stateDisk.durablePath('holds.journal');
  return file === undefined ? [] : linesIn(file.durableBytes ?? file.bytes);
}

/** The lines as any process reads them. */
export function presentLines(stateDisk: SimDisk): readonly Line[] {
  const file: Inode | undefined = stateDisk.path('holds.journal');
  return file === undefined ? [] : linesIn(file.bytes);
}

/** Whole lines; a torn last one was never acknowledged. */
function linesIn(bytes: Buffer): readonly Line[] {
  const known = parsed.get(bytes);
  if (known !== undefined) return known;
  const read = new Map<string, Line>();
  for (const text of bytes.toString().split('\n').slice(0, -1)) read.set(text, lineIn(text));
  lastRead = read;
  const lines = [...read.values()];
  parsed.set(bytes, lines);
  return lines;
}

/** A signed line, of the journal or a mirror. */
export function lineIn(text: string): Line {
  const known = lastRead.get(text);
  if (known !== undefined) return known;
  const outer = JSON.parse(text) as { version: string };
  return lineOf((JSON.parse(outer.version) as { version: Versioned }).version);
}
