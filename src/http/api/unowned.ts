import { z } from 'zod';
import { decimal, ms } from './common.ts';

export const UnownedReason = z.enum([
  'no_layout',
  'no_camera',
  'no_clip',
  'unfinished',
  'link',
  'special',
  'unreadable_dir',
  'other_mount',
  'too_deep',
]);
export const UnownedFile = z.strictObject({
  rootId: z.string(),
  /** Path below the root, made fit for people: what is not text, or acts on a terminal, is escaped. */
  path: z.string(),
  /** The same path as it is: its bytes, base64url. */
  pathBytes: z.string(),
  reason: UnownedReason,
  sizeBytes: z.number(),
  /** When it was first seen as nobody's. */
  seenMs: ms,
});
export const UnownedQuery = z.strictObject({
  root: z.string().max(40).optional(),
  reason: UnownedReason.optional(),
  cursor: z.string().max(8000).optional(),
  limit: decimal.pipe(z.number().int().min(1).max(1000)).optional(),
});
export const UnownedPage = z.strictObject({
  files: z.array(UnownedFile),
  /** For the next page; null: this is the last. */
  nextCursor: z.string().nullable(),
});
export const UnownedCount = z.strictObject({
  reason: UnownedReason,
  files: z.number().int(),
  bytes: z.number(),
  /** Of these, those without any content. */
  empty: z.number().int(),
});
export const UnownedRule = z.strictObject({
  deleteAfterMs: z.number().int(),
  /** False: it waits for an administrator and does nothing. */
  confirmed: z.boolean(),
});

export type UnownedFile = z.infer<typeof UnownedFile>;
export type UnownedPage = z.infer<typeof UnownedPage>;
export type UnownedQuery = z.infer<typeof UnownedQuery>;
