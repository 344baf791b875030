/** A hold version read back from JSON that somebody else may have written. Pure. */
import { z } from 'zod';
import { CASE_KINDS, LEGAL_GROUNDS, type HoldVersion } from './hold.ts';

const ms = z.number().int();
const text = z.string().max(4000);

const schema = z.strictObject({
  holdId: z.uuid(),
  version: z.number().int().min(1).max(1_000_000),
  terms: z.strictObject({
    caseRef: text,
    title: text,
    kind: z.enum(CASE_KINDS),
    ground: z.enum(LEGAL_GROUNDS),
    reason: text,
    cameraIds: z.array(z.string().max(64)).min(1).max(256),
    window: z.strictObject({ fromMs: ms, toMs: ms }),
    reviewMs: ms,
  }),
  by: z.string().max(200),
  atMs: ms,
  releasedMs: ms.nullable(),
  releaseReason: text.nullable(),
  endsMs: ms.nullable(),
});

/** The version, or undefined when `value` is none. */
export function parseVersion(value: unknown): HoldVersion | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
