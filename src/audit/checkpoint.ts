/**
 * A checkpoint: how far the audit had come at a moment, signed with the key of the state directory. Its copies on other
 * disks show when an older index was put back; an anchor (`<seq>:<hash>`) kept off the box shows also what somebody did
 * who had the key (I11). Pure.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import type { MacKey } from '../base/mac-key.ts';
import type { Anchor } from './verify.ts';

export interface Checkpoint extends Anchor {
  /** The retention clock, UTC ms; null while it may still go back. */
  readonly rMs: number | null;
}

const ANCHOR = /(?<![0-9a-z])(\d{1,15}):([0-9a-f]{64})(?![0-9a-f])/g;

/** Every anchor in a text: a file that was kept, or lines of the system's journal. */
export function anchorsIn(text: string): Anchor[] {
  return [...text.matchAll(ANCHOR)].map(([, seq, hash = '']) => ({ seq: Number(seq), hash }));
}

/** As it is printed, logged and kept. */
export function anchorText({ seq, hash }: Anchor): string {
  return `${String(seq)}:${hash}`;
}

/** One line: canonical JSON of { checkpoint, mac }, the mac an HMAC-SHA-256 over the text of the checkpoint. */
export function signCheckpoint({ seq, hash, rMs }: Checkpoint, key: MacKey): string {
  const checkpoint = canonicalJson({ seq, hash, rMs });
  return `${canonicalJson({ checkpoint, mac: macOf(checkpoint, key) })}\n`;
}

/** The checkpoint of a signed line; undefined for anything this key has not signed: whoever may write there may plant one. */
export function readCheckpoint(line: string, key: MacKey): Checkpoint | undefined {
  try {
    const signed = JSON.parse(line) as { checkpoint?: unknown; mac?: unknown } | null;
    const { checkpoint, mac } = signed ?? {};
    if (typeof checkpoint !== 'string' || typeof mac !== 'string') return undefined;
    const [expected, given] = [Buffer.from(macOf(checkpoint, key)), Buffer.from(mac)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(checkpoint) as Checkpoint;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function macOf(checkpoint: string, key: MacKey): string {
  return createHmac('sha256', key)
    .update('fortnight checkpoint v1\0')
    .update(checkpoint, 'utf8')
    .digest('hex');
}
