/** A hold version read back from JSON that somebody else may have written. Pure. */
import { z } from 'zod';
import { CASE_KINDS, HOLD_ACTS, LEGAL_GROUNDS, type HoldVersion } from './hold.ts';

const ms = z.number().int();
const text = z.string().max(4000);
const name = z.string().max(200);
const count = z.number().int().min(1).max(1_000_000);
const cameraIds = z.array(z.string().max(64)).min(1).max(256);
const window = z.strictObject({ fromMs: ms, toMs: ms });

const schema = z.strictObject({
  holdId: z.uuid(),
  version: count,
  act: z.enum(HOLD_ACTS),
  case: z.strictObject({ id: z.uuid(), version: count, by: name, atMs: ms }),
  terms: z.strictObject({
    caseRef: text,
    title: text,
    kind: z.enum(CASE_KINDS),
    ground: z.enum(LEGAL_GROUNDS),
    viewers: z.array(name).max(256),
    reason: text,
    cameraIds,
    window,
    endMs: ms.nullable(),
    reviewMs: ms,
  }),
  by: name,
  atMs: ms,
  why: text,
  boundBy: name,
  boundMs: ms,
  confirmedBy: name.nullable(),
  confirmedMs: ms.nullable(),
  pending: z
    .strictObject({
      what: z.enum(['release', 'narrowing']),
      to: z.strictObject({ cameraIds, window, endMs: ms.nullable() }),
      reason: text,
      by: name,
      atMs: ms,
      effectiveMs: ms.nullable(),
    })
    .nullable(),
  leaving: z.array(z.strictObject({ cameraIds, window, sinceMs: ms, endsMs: ms })).max(1000),
  askedBy: name.nullable(),
  releasedMs: ms.nullable(),
  releaseReason: text.nullable(),
  endsMs: ms.nullable(),
});

/** The version, or undefined when `value` is none. */
export function parseVersion(value: unknown): HoldVersion | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
