/**
 * The marker of a root on its disk: `<root>/.fortnight/marker.json`. It is how a disk is told from an empty
 * mount point, another disk, or the disk of another installation.
 *
 * Whoever may write to the root may plant or destroy it, so nothing in it is believed beyond its two ids: a
 * marker that cannot be read as one makes the root foreign, never enrollable.
 */
import { HEAD_NAME, MARKER_NAME, type Marker } from '../roots/root.ts';
import { NotContained, type DirHandle } from './handle.ts';
import { MAX_OWN_BYTES, readOwnFile, writeOwnFile } from './own-file.ts';

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
  const text = readOwnFile(root, MARKER_NAME);
  if (text === undefined) return undefined;
  if (Buffer.byteLength(text, 'utf8') > MAX_OWN_BYTES) throw new MarkerDamaged('the marker is too long');
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
  writeOwnFile(root, MARKER_NAME, `${JSON.stringify(marker)}\n`);
}

/**
 * The copy of the audit's head on an open root, as it stands there; undefined when there is none. Something else in its
 * place was put there by somebody, and says nothing.
 */
export function readHead(root: DirHandle): string | undefined {
  try {
    return readOwnFile(root, HEAD_NAME);
  } catch (error) {
    if (error instanceof NotContained) return undefined;
    throw error;
  }
}

export function writeHead(root: DirHandle, head: string): void {
  writeOwnFile(root, HEAD_NAME, head);
}
