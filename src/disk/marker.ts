/**
 * The marker of a root on its disk: `<root>/.fortnight/marker.json`. It is how a disk is told from an empty
 * mount point, another disk, or the disk of another installation.
 *
 * Whoever may write to the root may plant or destroy it, so nothing in it is believed beyond its two ids: a
 * marker that cannot be read as one makes the root foreign, never enrollable.
 */
import { closeSync, fsyncSync, readSync } from 'node:fs';
import { z } from 'zod';
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import { MARKER_NAME, OWN_DIR, type Marker } from '../roots/root.ts';
import type { DirHandle } from './handle.ts';

const MAX_MARKER_BYTES = 4096;
const TEMP_NAME = `${MARKER_NAME}.new`;

const markerSchema = z.strictObject({
  format: z.literal(1),
  rootUuid: z.uuid(),
  installId: z.uuid(),
  lastHoldSeq: z.int().nonnegative(),
});

/** A marker is there, but it is not one of ours: damaged, too long, or of a newer format. */
export class MarkerDamaged extends Error {
  override readonly name = 'MarkerDamaged';
}

/**
 * The marker of an open root; undefined when there is none. Throws MarkerDamaged, NotContained (a link stands where
 * the directory or the file should be) or the system's error.
 */
export function readMarker(root: DirHandle): Marker | undefined {
  const text = readOwnFile(root);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MarkerDamaged('the marker is not JSON', { cause: error });
  }
  const parsed = markerSchema.safeParse(value);
  if (!parsed.success) throw new MarkerDamaged('the marker has other fields', { cause: parsed.error });
  return parsed.data;
}

/** Writes the marker so that a power cut leaves the old one or the new one. Makes `.fortnight` when there is none. */
export function writeMarker(root: DirHandle, marker: Marker): void {
  const own = root.ensureDir(OWN_DIR);
  try {
    removeIfThere(own, TEMP_NAME);
    const fd = own.createFile(TEMP_NAME);
    try {
      writeAll(fd, Buffer.from(`${JSON.stringify(markerSchema.parse(marker))}\n`, 'utf8'));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    own.rename(TEMP_NAME, own, MARKER_NAME);
    own.fsync();
  } finally {
    own.close();
  }
}

function readOwnFile(root: DirHandle): string | undefined {
  let own: DirHandle | undefined;
  let fd: number | undefined;
  try {
    own = root.openDir(OWN_DIR);
    fd = own.openFile(MARKER_NAME);
    const bytes = Buffer.alloc(MAX_MARKER_BYTES + 1);
    const read = readSync(fd, bytes, 0, bytes.length, 0);
    if (read > MAX_MARKER_BYTES) throw new MarkerDamaged('the marker is too long');
    return bytes.toString('utf8', 0, read);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
    own?.close();
  }
}

function removeIfThere(dir: DirHandle, name: string): void {
  try {
    dir.unlink(name);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
