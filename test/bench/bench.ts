/** What a group of measurements is given and what it gives. */
import type { FigureName } from './figures.ts';

export interface Bench {
  /** An empty directory of this run; removed at its end. */
  dir(name: string): string;
  /** Share of the promised size, 1 for a real run; less only for trying the bench itself. */
  readonly scale: number;
  /** A line for people: what was measured and how. */
  say(line: string): void;
}

/** Values by name; null where a program that is needed is missing. `loop-delay-p99-ms` is one group's share of it. */
export type Measured = Partial<Record<FigureName, number | null>>;

export interface Group {
  readonly name: string;
  readonly figures: readonly FigureName[];
  run(bench: Bench): Promise<Measured>;
}

export const MIB = 1024 * 1024;

/** Milliseconds that `work` takes. */
export async function took(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
