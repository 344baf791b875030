/**
 * The Range header (RFC 9110, section 14), for one range of bytes. Pure. What is no valid `bytes` range, and more
 * ranges than one, is ignored as the standard allows: the whole is sent.
 */
export type RangeAnswer =
  | { readonly kind: 'whole' }
  /** Bytes `from` to `to - 1`; never empty. */
  | { readonly kind: 'part'; readonly from: number; readonly to: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeAnswer = { kind: 'whole' };
const UNSATISFIABLE: RangeAnswer = { kind: 'unsatisfiable' };

/** What to send of `sizeBytes` bytes for a Range header (undefined: none was sent). */
export function answerRange(header: string | undefined, sizeBytes: number): RangeAnswer {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '');
  if (match === null) return WHOLE;
  const [, first = '', last = ''] = match;
  if (first === '') return last === '' ? WHOLE : suffix(bounded(last), sizeBytes);
  const from = bounded(first);
  const lastByte = last === '' ? Number.MAX_SAFE_INTEGER - 1 : bounded(last);
  if (lastByte < from) return WHOLE;
  if (from >= sizeBytes) return UNSATISFIABLE;
  return { kind: 'part', from, to: Math.min(lastByte + 1, sizeBytes) };
}

function suffix(length: number, sizeBytes: number): RangeAnswer {
  if (length === 0 || sizeBytes === 0) return UNSATISFIABLE;
  return { kind: 'part', from: Math.max(0, sizeBytes - length), to: sizeBytes };
}

/** A number of any length of digits; beyond what a file can have, all are alike. */
function bounded(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER - 1);
}

/** Whether If-Range (undefined: none) lets the range count: only our own, strong tag does; a date never matches. */
export function rangeCounts(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange === etag;
}
