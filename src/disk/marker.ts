/**
 * The marker of a root on its disk: `<root>/.fortnight/marker.json`. It is how a disk is told from an empty
 * mount point, another disk, or the disk of another installation.
 *
 * Whoever may write to the root may plant or destroy it, so nothing in it is believed beyond its two ids: a
 * marker that cannot be read as one makes the root foreign, never enrollable.
 */
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import { MARKER_NAME, OWN_DIR, type Marker } from '../roots/root.ts';
import type { DirHandle } from './handle.ts';

const MAX_MARKER_BYTES = 4096;
const TEMP_NAME = `${MARKER_NAME}.new`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const MAC = /^[0-9a-f]{64}$/;
const FIELDS = ['format', 'rootUuid', 'installId', 'lastHoldSeq', 'lastHoldMac'];

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
  if (!isMarker(value)) throw new MarkerDamaged('the marker has other fields');
  return value;
}

/**
 * By hand, not by a schema: this runs in the threads of the disks, and a schema library would cost each of them ten
 * megabytes.
 */
function isMarker(value: unknown): value is Marker {
  if (typeof value !== 'object' || value === null) return false;
  const { format, rootUuid, installId, lastHoldSeq, lastHoldMac } = value as Record<string, unknown>;
  return (
    Object.keys(value).every((key) => FIELDS.includes(key)) &&
    format === 1 &&
    isUuid(rootUuid) &&
    isUuid(installId) &&
    Number.isSafeInteger(lastHoldSeq) &&
    Number(lastHoldSeq) >= 0 &&
    (lastHoldMac === undefined || (typeof lastHoldMac === 'string' && MAC.test(lastHoldMac)))
  );
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && UUID.test(value);
}

/** Writes the marker so that a power cut leaves the old one or the new one. Makes `.fortnight` when there is none. */
export function writeMarker(root: DirHandle, marker: Marker): void {
  const own = root.ensureDir(OWN_DIR);
  try {
    removeIfThere(own, TEMP_NAME);
    const fd = own.createFile(TEMP_NAME);
    try {
      writeAll(fd, Buffer.from(`${JSON.stringify(marker)}\n`, 'utf8'), own.files);
      own.files.fsyncSync(fd);
    } finally {
      own.files.closeSync(fd);
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
    const read = own.files.readSync(fd, bytes, 0, bytes.length, 0);
    if (read > MAX_MARKER_BYTES) throw new MarkerDamaged('the marker is too long');
    return bytes.toString('utf8', 0, read);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  } finally {
    if (fd !== undefined) root.files.closeSync(fd);
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
