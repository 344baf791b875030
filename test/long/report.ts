/** Figures of the long tests, for docs/design/measurements.md. */
import { writeSync } from 'node:fs';

/** By the descriptor itself: vitest keeps what is printed to itself until a test has failed. */
export function report(line: string): void {
  writeSync(2, `    ${line}\n`);
}
