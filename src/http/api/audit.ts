import { z } from 'zod';
import { decimal, ms } from './common.ts';

export const AuditQuery = z.strictObject({
  /** Records with a smaller sequence number; absent: the newest. */
  before: decimal.pipe(z.number().min(1)).optional(),
  limit: decimal.pipe(z.number().min(1).max(500)).default(100),
  kind: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
});
export const AuditEntryView = z.strictObject({
  seq: z.number().int(),
  wallMs: ms,
  kind: z.string(),
  actor: z.string().nullable(),
  /** Null when its own retention has passed. */
  payload: z.record(z.string(), z.unknown()).nullable(),
  hash: z.string(),
});
export const AuditPage = z.strictObject({
  entries: z.array(AuditEntryView),
  headSeq: z.number().int(),
  verified: z.boolean().nullable(),
});

/** GET /audit/verify: the whole chain read again. */
export const AuditVerification = z.strictObject({
  ok: z.boolean(),
  records: z.number().int(),
  /** First record that does not fit the chain; null when all do. */
  firstBadSeq: z.number().int().nullable(),
});

export type AuditVerification = z.infer<typeof AuditVerification>;
export type AuditPage = z.infer<typeof AuditPage>;
export type AuditEntryView = z.infer<typeof AuditEntryView>;
