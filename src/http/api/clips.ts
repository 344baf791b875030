import { z } from 'zod';
import { cameraId, decimal, ms } from './common.ts';

export const ClipQuery = z.strictObject({
  camera: cameraId,
  from: decimal.pipe(ms),
  to: decimal.pipe(ms),
  limit: decimal.pipe(z.number().min(1).max(500)).default(500),
  /** Opaque, from the page before. */
  cursor: z.string().max(100).optional(),
});
/** `/clips/{id}` and what lies below it. */
export const ClipPath = z.strictObject({ id: decimal });
export const ClipView = z.strictObject({
  id: z.number().int(),
  cameraId,
  kind: z.enum(['video', 'still']),
  state: z.enum(['recording', 'live']),
  startMs: ms,
  endMs: ms,
  sizeBytes: z.number().int(),
  flags: z.array(z.string()),
  dueMs: ms.nullable(),
  /** Case references of the holds that keep it; empty when none does. */
  heldBy: z.array(z.string()),
  media: z
    .strictObject({
      container: z.string(),
      videoCodec: z.string().nullable(),
      audioCodec: z.string().nullable(),
      widthPx: z.number().nullable(),
      heightPx: z.number().nullable(),
      frameRate: z.number().nullable(),
      durationMs: z.number().nullable(),
      fragmented: z.boolean(),
    })
    .nullable(),
});
export const ClipPage = z.strictObject({ clips: z.array(ClipView), nextCursor: z.string().nullable() });
export const ClipDetail = z.strictObject({ ...ClipView.shape, keyFramesMs: z.array(z.number()) });

export type ClipView = z.infer<typeof ClipView>;
export type ClipPage = z.infer<typeof ClipPage>;
export type ClipDetail = z.infer<typeof ClipDetail>;
