import { z } from 'zod';
import { cameraId, ms, range, words } from './common.ts';
import { Receipt } from './receipts.ts';
import { password } from './session.ts';

export const HoldPreviewRequest = z.strictObject({
  cameraIds: z.array(cameraId).min(1).max(64),
  fromMs: ms,
  toMs: ms,
});
const userName = z.string().min(1).max(64);
const reason = words(20, 2000);
/** User names of who needs to know: of these, security sees its held footage past its time. */
const viewers = z.array(userName).max(32);
/** What a hold binds; `endMs`: when it ends by itself, as by a release at that moment. */
const scope = { ...HoldPreviewRequest.shape, endMs: ms.nullable().default(null) };

/** With a case of its own. */
export const HoldRequest = z.strictObject({
  ...scope,
  caseRef: words(1, 80),
  title: words(3, 120),
  kind: z.enum(['legal_claim', 'legal_duty', 'police_order', 'access_request', 'restriction_request']),
  ground: z.enum(['gdpr_17_3_e', 'gdpr_17_3_b', 'gdpr_18_1_c', 'gdpr_18_1', 'gdpr_15', 'criminal_procedure']),
  viewers: viewers.default([]),
  reason,
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
const act = z.enum([
  'placed',
  'confirmed',
  'widened',
  'asked',
  'refused',
  'withdrawn',
  'narrowed',
  'reviewed',
  'case_changed',
  'released',
]);
const span = { cameraIds: z.array(cameraId), fromMs: ms, toMs: ms };
export const Hold = z.strictObject({
  id: z.string(),
  version: z.number().int(),
  /** What made this version. */
  act,
  caseId: z.string(),
  caseVersion: z.number().int(),
  caseRef: z.string(),
  title: z.string(),
  kind: HoldRequest.shape.kind,
  ground: HoldRequest.shape.ground,
  viewers: z.array(z.string()),
  reason: z.string(),
  ...span,
  /** When it ends by itself; null: only people end it. */
  endMs: ms.nullable(),
  reviewMs: ms,
  setBy: z.string(),
  setMs: ms,
  confirmedBy: z.string().nullable(),
  confirmedMs: ms.nullable(),
  /** Until when a second person must confirm; null when nobody need. */
  confirmByMs: ms.nullable(),
  /** It has passed. The hold binds all the same. */
  unconfirmedOverdue: z.boolean(),
  /** standing: binds; cooling_off: released or at its end, still bound until endsMs; ended. */
  state: z.enum(['standing', 'cooling_off', 'ended']),
  reviewOverdue: z.boolean(),
  /** A request that waits for a second person, with what would be left. */
  pending: z
    .strictObject({
      what: z.enum(['release', 'narrowing']),
      ...span,
      endMs: ms.nullable(),
      reason: z.string(),
      by: z.string(),
      atMs: ms,
      /** When it takes effect without a second person; null: never. */
      effectiveMs: ms.nullable(),
    })
    .nullable(),
  /** What narrowings gave up: bound until endsMs, as after a release. */
  leaving: z.array(z.strictObject({ ...span, endsMs: ms })),
  releaseAskedBy: z.string().nullable(),
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
      act,
      by: z.string(),
      atMs: ms,
      released: z.boolean(),
      /** Of this act; empty for a confirmation. */
      reason: z.string(),
      ...span,
      endMs: ms.nullable(),
      reviewMs: ms,
    }),
  ),
});
/** GET /holds/{id}/preservation: counts of clips, and what was found wrong with them. */
export const HoldPreservation = z.strictObject({
  covered: z.number().int(),
  /** With a second name on their disk. */
  pinned: z.number().int(),
  /** With a copy that was hashed. */
  copied: z.number().int(),
  /** Copied, and decoded from begin to end: nothing missing, nothing broken. */
  whole: z.number().int(),
  /** Of the copied: they end early, do not decode everywhere, or are no longer what was hashed. */
  damaged: z.number().int(),
  /** Of the copied: they could not be decoded. What is left over waits for its turn. */
  unchecked: z.number().int(),
  /** Damaged clips, then those that could not be decoded, by time; at most 100. */
  flaws: z.array(
    z.strictObject({
      cameraId,
      startMs: ms,
      endMs: ms,
      what: z.enum(['ends_early', 'errors', 'altered', 'unchecked']),
      /** How much earlier it ends than it ought to; 0: it does not, or nobody knows. */
      shortMs: z.number().int(),
      /** What the decoder complained of. */
      errors: z.number().int(),
      why: z.enum(['no_ffmpeg', 'still', 'time', 'failed']).nullable(),
    }),
  ),
});
export const HoldPath = z.strictObject({ id: z.uuid() });
export const HoldPlaced = z.strictObject({ hold: Hold, coverage: HoldCoverage });
export const HoldList = z.strictObject({
  holds: z.array(Hold),
  /** How long a hold binds on after its release. */
  coolingOffMs: z.number().int(),
  /** Whether a second person grants a request, or 24 h do. */
  release: z.enum(['two_people', 'one_person_24h']),
  confirmWithinMs: z.number().int(),
});
export type HoldList = z.infer<typeof HoldList>;

/** The version of the hold the person saw. Is it another by now: 409. */
const version = z.number().int().min(1);
export const HoldWiden = z.strictObject({ version, ...scope, reason });
export const HoldNarrow = z.strictObject({ version, ...scope, reason, password });
export const HoldReview = z.strictObject({ version, reviewMs: ms, reason });
/** Asks for a release, grants a request. */
export const HoldRelease = z.strictObject({ version, reason, password });
export const HoldConfirm = z.strictObject({ version, password });
/** Refuses or takes back a request. */
export const HoldReason = z.strictObject({ version, reason });

export type Hold = z.infer<typeof Hold>;
/** As it is sent: what has a default may be left out. */
export type HoldRequest = z.input<typeof HoldRequest>;
export type HoldDetail = z.infer<typeof HoldDetail>;
export type HoldCoverage = z.infer<typeof HoldCoverage>;
export type HoldPreservation = z.infer<typeof HoldPreservation>;
export type HoldPlaced = z.infer<typeof HoldPlaced>;
