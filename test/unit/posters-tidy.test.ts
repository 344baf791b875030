import { describe, expect, it } from 'vitest';
import { createPosters, type PosterDeps } from '../../src/clips/posters.ts';

function makePosters(files: Set<string>, rows: Set<string>): { deps: PosterDeps; made: () => void } {
  const wait = Promise.withResolvers<undefined>();
  const deps: PosterDeps = {
    store: {
      find: () => [...rows].find((f) => f !== 'old.jpg'),
      register: (_clip, file) => rows.add(file).has(file),
      drop: (file) => rows.delete(file),
      files: () => new Set(rows),
    },
    files: {
      path: (file) => file,
      read: (file) => Promise.resolve(files.has(file) ? Buffer.from('jpg') : undefined),
      remove: (names) => {
        for (const name of names) files.delete(name);
        return Promise.resolve();
      },
      list: () => Promise.resolve([...files]),
    },
    open: () =>
      Promise.resolve({ fd: 1, sizeBytes: 1, ino: 1n, mtimeNs: 1n, close: () => Promise.resolve() }),
    make: async ({ outFile }) => {
      await wait.promise;
      files.add(outFile);
    },
  };
  return {
    deps,
    made: () => {
      wait.resolve(undefined);
    },
  };
}

describe('tidying pictures', () => {
  it('removes files without a row and rows without a file', async () => {
    const files = new Set(['kept.jpg', 'orphan.jpg']);
    const rows = new Set(['kept.jpg', 'lost.jpg']);
    expect(await createPosters(makePosters(files, rows).deps).tidy()).toBe(1);
    expect([...files]).toEqual(['kept.jpg']);
    expect([...rows]).toEqual(['kept.jpg']);
  });

  it('leaves the row of a picture alone that is being made', async () => {
    const files = new Set<string>();
    const rows = new Set<string>();
    const { deps, made } = makePosters(files, rows);
    const posters = createPosters(deps);
    const poster = posters.poster(1);
    while (rows.size === 0) await Promise.resolve();
    await posters.tidy();
    expect(rows.size).toBe(1);
    made();
    expect((await poster).toString()).toBe('jpg');
  });
});
