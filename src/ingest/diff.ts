/**
 * One name of the disk against one row of the index. Pure. What must be read to decide is asked for (`read`), so that
 * a settled tree costs no open.
 */
import {
  sameSight,
  type Change,
  type ClipFile,
  type Content,
  type PutHow,
  type Sight,
} from '../clips/change.ts';
import type { KnownClip } from '../clips/known.ts';
import { finished, mayBeFinished, type Signs } from './settle.ts';

export type Verdict =
  /** Nothing to tell the index. `unsettled`: look again soon. */
  | { readonly is: 'same'; readonly unsettled: boolean }
  | { readonly is: 'change'; readonly change: Change; readonly unsettled: boolean }
  /** Read the content, then ask `afterReading`. */
  | { readonly is: 'read' };

const SAME: Verdict = { is: 'same', unsettled: false };
const READ: Verdict = { is: 'read' };

/** Decides from the directory entry alone. `signs` is asked only where it matters (it may need the index). */
export function beforeReading(file: ClipFile, known: KnownClip | undefined, signs: () => Signs): Verdict {
  if (known === undefined) return mayBeFinished(signs()) ? READ : recording('new', null, file);
  const unchanged = sameSight(known, file);
  switch (known.state) {
    case 'deleting':
      return SAME;
    case 'recording':
      if (mayBeFinished(signs())) return READ;
      return unchanged ? { is: 'same', unsettled: true } : recording('grown', known.id, file);
    case 'live':
      if (!unchanged) return READ;
      return known.missingMs === null ? SAME : back(known);
    case 'gone_external':
      return unchanged ? back(known) : READ;
  }
}

export interface Reading {
  readonly file: ClipFile;
  readonly known: KnownClip | undefined;
  /** Fingerprint of the row; null when it was never finished. */
  readonly fingerprint: string | null;
  readonly signs: Signs;
  /** Undefined: the file changed or went away while it was read. */
  readonly content: Content | undefined;
}

/** Decides with the content. */
export function afterReading(r: Reading): Verdict {
  const { file, known, content } = r;
  if (content === undefined) return { is: 'same', unsettled: true };
  if (known !== undefined && known.state !== 'recording' && sameContent(known, file, r)) {
    return { is: 'change', change: { is: 'touched', clipId: known.id, file }, unsettled: false };
  }
  const how = howItCame(file, known);
  const clipId = known?.id ?? null;
  if (finished(r.signs, content.complete)) {
    return { is: 'change', change: { is: 'put', how, clipId, file, content }, unsettled: false };
  }
  if (known?.state === 'recording' && sameSight(known, file)) return { is: 'same', unsettled: true };
  return recording(how, clipId, file);
}

function recording(how: PutHow, clipId: number | null, file: ClipFile): Verdict {
  return { is: 'change', change: { is: 'put', how, clipId, file, content: null }, unsettled: true };
}

function back(known: KnownClip): Verdict {
  return { is: 'change', change: { is: 'back', clipId: known.id }, unsettled: false };
}

function sameContent(known: KnownClip, file: Sight, r: Reading): boolean {
  const { fingerprint, content } = r;
  if (fingerprint === null || content === undefined || known.sizeBytes !== file.sizeBytes) return false;
  return fingerprint === content.fingerprint;
}

/** A file that only became longer is the same recording going on; anything else under the name is another. */
function howItCame(file: ClipFile, known: KnownClip | undefined): PutHow {
  if (known === undefined) return 'new';
  if (known.state === 'recording') return 'grown';
  return known.ino === file.ino && file.sizeBytes > known.sizeBytes ? 'grown' : 'replaced';
}
