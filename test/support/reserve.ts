import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a state directory that has its reserve already, an empty one: a new one is 64 MiB to write for each start. */
export function withoutReserve(stateDir: string): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(stateDir, 'reserve'), '', { mode: 0o600 });
}
