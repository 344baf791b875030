import { z } from 'zod';
import { ms } from './common.ts';

/** RFC 9457 problem document; media type application/problem+json. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** Stable code, see docs/guide/errors.md. */
  code: z.string(),
  detail: z.string().optional(),
  /** Which field is wrong, for `invalid`. */
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  /** For `hold_recorded_not_indexed`. */
  holdId: z.string().optional(),
  /** For `gone`: why the clip is gone, and the audit sequence of its receipt. */
  reason: z.enum(['retention', 'hold_released', 'external']).optional(),
  atMs: ms.optional(),
});

export type Problem = z.infer<typeof Problem>;
