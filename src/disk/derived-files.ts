/** The directory of files made from clips (state directory, not footage): flat, names we made ourselves. */
import { mkdirSync } from 'node:fs';
import { open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../base/errors.ts';
import type { DerivedFiles } from '../clips/posters.ts';

export function createDerivedFiles(dir: string): DerivedFiles {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = (file: string): string => join(dir, file);
  return {
    path,
    read: async (file) => {
      try {
        return await readFile(path(file));
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    remove: async (files) => {
      if (files.length === 0) return;
      for (const file of files) {
        await unlink(path(file)).catch((error: unknown) => {
          if (errnoOf(error) !== 'ENOENT') throw error;
        });
      }
      const handle = await open(dir, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    list: () => readdir(dir),
  };
}
