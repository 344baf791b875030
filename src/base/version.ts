/** The version of this program, as its package says. */
import { readFileSync } from 'node:fs';

let known: string | undefined;

/** E.g. `0.1.0`. The package's file lies two directories above, in the sources as in the build. */
export function programVersion(): string {
  if (known === undefined) {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    known = (JSON.parse(text) as { version: string }).version;
  }
  return known;
}
