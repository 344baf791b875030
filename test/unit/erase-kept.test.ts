/** What U finds of a clip that is held by now, and whose name went before a power cut. */
import { linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EraseBatch } from '../../src/disk/erase.ts';
import { openRootDir } from '../../src/disk/handle.ts';
import type { Erasure } from '../../src/retention/erasure.ts';
import { scratch } from '../tools/scratch.ts';

const PINS = '.fortnight/holds/h';
const COPIES = '.fortnight/copies';

/** What is found of a clip without a name, of which this lies among the pins and copies. */
function found(lies: { readonly dir: string; readonly name: string } | undefined, keep: boolean): string {
  const { path } = scratch();
  for (const dir of ['hall', PINS, COPIES]) mkdirSync(join(path, dir), { recursive: true });
  const clip = join(path, 'hall/a.mp4');
  writeFileSync(clip, 'footage');
  const { ino, size, mtimeNs } = statSync(clip, { bigint: true });
  if (lies !== undefined) linkSync(clip, join(path, lies.dir, lies.name));
  rmSync(clip);
  const belongings = [
    { dir: PINS, name: '1-a.pin' },
    { dir: COPIES, name: '1-a.copy.new' },
  ];
  const item: Erasure = {
    ...{ clipId: 1, dir: 'hall', name: 'a.mp4', ino, sizeBytes: Number(size), mtimeNs, keep },
    sidecars: belongings,
  };
  const root = openRootDir(path);
  const batch = new EraseBatch(root);
  const [result] = batch.unlinkAll([item], () => false);
  batch.close();
  root.close();
  return result?.found ?? '';
}

test('a held clip whose pin a power cut brought back lives on under it', () => {
  expect(found({ dir: PINS, name: '1-a.pin' }, true)).toBe('kept');
});

test('half a copy is nothing to live on under', () => {
  expect(found({ dir: COPIES, name: '1-a.copy.new' }, true)).toBe('absent');
});

test('without a hold its pin goes, and it is gone', () => {
  expect(found({ dir: PINS, name: '1-a.pin' }, false)).toBe('absent');
});
