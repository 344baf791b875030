import { z } from 'zod';
import { cameraId, ms, range, words } from './common.ts';
import { Receipt } from './receipts.ts';
import { password } from './session.ts';

export const HoldPreviewRequest = z.strictObject({
  cameraIds: z.array(cameraId).min(1).max(64),
  fromMs: ms,
  toMs: ms,
});
export const HoldRequest = z.strictObject({
  ...HoldPreviewRequest.shape,
  caseRef: words(1, 80),
  title: words(3, 120),
  kind: z.enum(['legal_claim', 'legal_duty', 'police_order', 'access_request', 'restriction_request']),
  ground: z.enum(['gdpr_17_3_e', 'gdpr_17_3_b', 'gdpr_18_1_c', 'gdpr_18_1', 'gdpr_15', 'criminal_procedure']),
  reason: words(20, 2000),
  reviewMs: ms,
});
export const HoldCoverage = z.strictObject({
  clips: z.number().int(),
  bytes: z.number(),
  rescued: z.number().int(),
  outcomeUnknown: z.array(z.number().int()),
  notPinned: z.number().int(),
  percent: z.number().nullable(),
  cameras: z.array(
    z.strictObject({
      cameraId,
      covered: z.array(range),
      gaps: z.array(range),
      deleted: z.array(range),
      future: z.array(range),
      percent: z.number().nullable(),
    }),
  ),
  deletedClips: z.number().int(),
  receipts: z.array(Receipt),
});
export const Hold = z.strictObject({
  id: z.string(),
  version: z.number().int(),
  caseRef: z.string(),
  title: z.string(),
  kind: HoldRequest.shape.kind,
  ground: HoldRequest.shape.ground,
  reason: z.string(),
  cameraIds: z.array(cameraId),
  fromMs: ms,
  toMs: ms,
  reviewMs: ms,
  setBy: z.string(),
  setMs: ms,
  /** standing: binds; cooling_off: released, still bound until endsMs; ended. */
  state: z.enum(['standing', 'cooling_off', 'ended']),
  reviewOverdue: z.boolean(),
  releasedBy: z.string().nullable(),
  releasedMs: ms.nullable(),
  releaseReason: z.string().nullable(),
  endsMs: ms.nullable(),
});
/** GET /holds/{id}: the hold with every version of it, oldest first. */
export const HoldDetail = z.strictObject({
  hold: Hold,
  versions: z.array(
    z.strictObject({
      version: z.number().int(),
      by: z.string(),
      atMs: ms,
      released: z.boolean(),
      reason: z.string(),
    }),
  ),
});
export const HoldPath = z.strictObject({ id: z.uuid() });
export const HoldPlaced = z.strictObject({ hold: Hold, coverage: HoldCoverage });
export const HoldList = z.strictObject({
  holds: z.array(Hold),
  /** How long a hold binds on after its release. */
  coolingOffMs: z.number().int(),
});
export type HoldList = z.infer<typeof HoldList>;
export const HoldRelease = z.strictObject({ reason: words(20, 2000), password });

export type Hold = z.infer<typeof Hold>;
export type HoldRequest = z.infer<typeof HoldRequest>;
export type HoldDetail = z.infer<typeof HoldDetail>;
export type HoldCoverage = z.infer<typeof HoldCoverage>;
export type HoldPlaced = z.infer<typeof HoldPlaced>;
