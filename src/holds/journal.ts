/**
 * The hold journal: every version of every hold, one line each, appended and made durable before anything else learns
 * of it. It is the truth about holds when the index is lost, old or new (I10).
 *
 * A line is canonical JSON of { mac, version }, the mac an HMAC-SHA-256 with the key of the state directory. A torn last
 * line was never acknowledged and is cut off; a bad line anywhere else is damage.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { dirname } from 'node:path';
import { canonicalJson, type Json } from '../base/canonical-json.ts';
import { appendDurably, fsyncDir } from '../base/durable.ts';
import { FortnightError } from '../base/errors.ts';
import { systemFiles, type FileCalls } from '../base/file-calls.ts';
import type { MacKey } from '../base/mac-key.ts';
import type { HoldVersion } from './hold.ts';
import { parseVersion } from './version-json.ts';

/** A version with its place in the journal; numbers are contiguous over all holds. */
export interface JournaledVersion {
  readonly seq: number;
  readonly version: HoldVersion;
}

export interface HoldJournal {
  /** All versions, in order. */
  readonly entries: readonly JournaledVersion[];
  /** Makes a version durable; returns its number. Throws `storage_failed`: then nothing binds yet. */
  append(version: HoldVersion): number;
}

/** Opens (or makes) the journal file. Throws `storage_failed` when it is damaged in the middle. */
export function openJournal(path: string, macKey: MacKey, files = systemFiles): HoldJournal {
  const key = Buffer.isBuffer(macKey) ? createSecretKey(macKey) : macKey;
  if (!files.existsSync(path)) {
    files.closeSync(files.openSync(path, 'wx', 0o600));
    fsyncDir(dirname(path), files);
  }
  const entries = readEntries(path, key, files);
  // Who wrote the last line may have died before its fsync: it is believed from now on, so it must be durable.
  fsyncFile(path, files);
  let sizeBytes = files.statSync(path).size;
  let broken: unknown;
  return {
    entries,
    append: (version) => {
      if (parseVersion(version) === undefined) {
        throw new FortnightError(
          'invalid',
          'this hold cannot be written to the journal: a field is too long or no number',
        );
      }
      if (broken !== undefined) throw unwritable(broken);
      const seq = entries.length + 1;
      const line = Buffer.from(`${signVersion({ seq, version }, key)}\n`, 'utf8');
      try {
        appendDurably(path, line, files);
      } catch (error) {
        // What was written of it must not be glued to the next line, nor come back as a version nobody was told of.
        try {
          truncateTo(path, sizeBytes, files);
        } catch {
          broken = error;
        }
        throw unwritable(error);
      }
      sizeBytes += line.length;
      entries.push({ seq, version });
      return seq;
    },
  };
}

function unwritable(cause: unknown): FortnightError {
  return new FortnightError('storage_failed', 'the hold journal cannot be written', {
    hint: 'is the disk of the state directory full or read-only?',
    cause,
  });
}

/** One signed line: what stands in the journal and in the mirrors on the roots. */
export function signVersion(entry: JournaledVersion, key: MacKey): string {
  return signedLine(entry, key).line;
}

/** The line with its mac (hex). */
export function signedLine(
  entry: JournaledVersion,
  key: MacKey,
): { readonly line: string; readonly mac: string } {
  const body = canonicalJson(entry as unknown as Json);
  const mac = macOf(body, key);
  return { line: canonicalJson({ mac, version: body }), mac };
}

/** The mac of a version at its place (hex): what the markers of the roots remember of the last one they were given. */
export function versionMac(entry: JournaledVersion, key: MacKey): string {
  return macOf(canonicalJson(entry as unknown as Json), key);
}

/** Reads a signed line; undefined when it is not one. `signed` tells whether the mac is of this key. */
export function readSigned(
  line: string,
  key: MacKey,
): (JournaledVersion & { readonly signed: boolean }) | undefined {
  try {
    const outer = JSON.parse(line) as { mac?: unknown; version?: unknown };
    if (typeof outer.mac !== 'string' || typeof outer.version !== 'string') return undefined;
    const inner = JSON.parse(outer.version) as { seq?: unknown; version?: unknown };
    const version = parseVersion(inner.version);
    if (version === undefined || typeof inner.seq !== 'number' || !Number.isSafeInteger(inner.seq))
      return undefined;
    const expected = Buffer.from(macOf(outer.version, key));
    const given = Buffer.from(outer.mac);
    const signed = given.length === expected.length && timingSafeEqual(given, expected);
    return { seq: inner.seq, version, signed };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function macOf(body: string, key: MacKey): string {
  return createHmac('sha256', key).update(body, 'utf8').digest('hex');
}

function readEntries(path: string, key: MacKey, files: FileCalls): JournaledVersion[] {
  const text = files.readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  if (tail !== '') truncateTo(path, Buffer.byteLength(text, 'utf8') - Buffer.byteLength(tail, 'utf8'), files);
  return lines.map((line, i) => {
    const entry = readSigned(line, key);
    if (entry?.signed !== true || entry.seq !== i + 1) {
      throw new FortnightError('storage_failed', `the hold journal is damaged at line ${String(i + 1)}`, {
        hint: 'restore the state directory from its backup; nothing is deleted meanwhile',
      });
    }
    return { seq: entry.seq, version: entry.version };
  });
}

function fsyncFile(path: string, files: FileCalls): void {
  const fd = files.openSync(path, 'r+');
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}

function truncateTo(path: string, sizeBytes: number, files: FileCalls): void {
  const fd = files.openSync(path, 'r+');
  try {
    files.ftruncateSync(fd, sizeBytes);
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}
