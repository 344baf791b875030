/** Programs that a measurement needs. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where `program` is; undefined when it is not installed. Servers live in sbin, which a user's PATH may lack. */
export function findProgram(program: string): string | undefined {
  const dirs = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return dirs
    .map((dir) => join(dir, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export function hasProgram(program: string): boolean {
  return findProgram(program) !== undefined;
}
