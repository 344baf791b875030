import { z } from 'zod';
import { cameraId, ms, range, texts, windowQuery } from './common.ts';

export const Camera = z.strictObject({
  id: cameraId,
  name: texts,
  purpose: texts,
  controller: z.string(),
  retired: z.boolean(),
  recording: z.boolean(),
  lastEndMs: ms.nullable(),
});
export const CameraList = z.strictObject({ cameras: z.array(Camera) });

export const CoverageQuery = windowQuery;
export const CameraPath = z.strictObject({ id: cameraId });
export const Gap = z.strictObject({
  ...range.shape,
  /**
   * deleted: by retention or after a hold (there are receipts); future: not yet recorded; none: no recording;
   * recording: between a clip that was being written when it was last looked at and the next one, so not known yet.
   */
  reason: z.enum(['none', 'deleted', 'future', 'recording']),
});
export const HoldBand = z.strictObject({
  ...range.shape,
  holdId: z.string(),
  caseRef: z.string(),
  state: z.enum(['standing', 'cooling_off']),
});
export const CameraCoverageView = z.strictObject({
  cameraId,
  spans: z.array(range),
  gaps: z.array(Gap),
  holds: z.array(HoldBand),
});
export const Coverage = z.strictObject({
  ...range.shape,
  /** Now, by the retention clock. */
  nowMs: ms,
  /** Footage that ended before this is due. */
  cutMs: ms,
  cameras: z.array(CameraCoverageView),
});

export type Camera = z.infer<typeof Camera>;
export type Coverage = z.infer<typeof Coverage>;
export type CameraCoverageView = z.infer<typeof CameraCoverageView>;
