/** A directory that lives as long as one test file or one test. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch {
  readonly path: string;
  remove(): void;
}

export function scratch(prefix = 'fortnight-'): Scratch {
  const path = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true });
  };
  return { path, remove };
}
