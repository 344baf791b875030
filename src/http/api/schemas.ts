/**
 * The API's types: one zod schema per message. The server validates with them, OpenAPI is generated from them, and
 * the page imports their types and nothing else of the server.
 *
 * Times are UTC milliseconds (`...Ms`); ranges are half open. Unknown fields are refused.
 */
import { z } from 'zod';

const ms = z.number().int().min(0).max(253_402_300_799_999);
const cameraId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/);
const texts = z.strictObject({ nl: z.string(), en: z.string(), fr: z.string() });
const role = z.enum(['security', 'facility', 'privacy', 'admin']);
const range = z.strictObject({ fromMs: ms, toMs: ms });
const words = (min: number, max: number): z.ZodString => z.string().trim().min(min).max(max);

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

/** GET /site, without a session: nothing about cameras or footage. */
export const Site = z.strictObject({
  name: z.string(),
  city: z.string(),
  language: z.enum(['nl', 'en', 'fr']),
  timeZone: z.string(),
  retentionDays: z.number(),
  version: z.string(),
});

export const Purpose = z.strictObject({
  kind: z.enum(['protect_property', 'legal_claim', 'case']),
  note: words(5, 300),
  /** Owed when kind is `case`. */
  caseRef: words(1, 80).optional(),
});

export const LoginRequest = z.strictObject({
  userName: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});
export const Session = z.strictObject({
  userName: z.string(),
  displayName: z.string(),
  role,
  permissions: z.array(z.string()),
  language: z.enum(['nl', 'en', 'fr']),
  /** Must be repeated in the header X-Fortnight-CSRF of every change. */
  csrfToken: z.string(),
  purpose: Purpose.nullable(),
  /** Ends without activity at, and in any case at. */
  idleEndsMs: ms,
  endsMs: ms,
});
export const PasswordChange = z.strictObject({
  currentPassword: z.string().max(256),
  newPassword: z.string().max(256),
});

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

export const CoverageQuery = z.strictObject({
  from: z.coerce.number().pipe(ms),
  to: z.coerce.number().pipe(ms),
});
export const Gap = z.strictObject({
  ...range.shape,
  /** deleted: by retention or after a hold (there are receipts); future: not yet recorded; none: no recording. */
  reason: z.enum(['none', 'deleted', 'future']),
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

export const ClipQuery = z.strictObject({
  camera: cameraId,
  from: z.coerce.number().pipe(ms),
  to: z.coerce.number().pipe(ms),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  /** Opaque, from the page before. */
  cursor: z.string().max(100).optional(),
});
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

const receipt = z.strictObject({
  clipId: z.number().int(),
  cameraId,
  startMs: ms,
  endMs: ms,
  dueMs: ms,
  sizeBytes: z.number(),
  outcome: z.enum([
    'deleted',
    'deleted_recovered',
    'already_gone',
    'identity_changed',
    'withdrawn_held',
    'failed',
  ]),
  reason: z.enum(['retention', 'hold_released']),
  intentSeq: z.number().int(),
  terminalSeq: z.number().int(),
  atMs: ms,
});
export const ReceiptQuery = z.strictObject({ ...CoverageQuery.shape, camera: cameraId });
export const ReceiptList = z.strictObject({ receipts: z.array(receipt) });

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
  receipts: z.array(receipt),
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
export const HoldPlaced = z.strictObject({ hold: Hold, coverage: HoldCoverage });
export const HoldList = z.strictObject({ holds: z.array(Hold) });
export const HoldRelease = z.strictObject({ reason: words(20, 2000), password: z.string().min(1).max(256) });

export const AuditQuery = z.strictObject({
  /** Records with a smaller sequence number; absent: the newest. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  kind: z.string().max(40).optional(),
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

export const Confirmation = z.strictObject({ password: z.string().min(1).max(256) });
export const AdoptionConfirmation = z.strictObject({
  password: z.string().min(1).max(256),
  trustNames: z.boolean().default(false),
});

export const Account = z.strictObject({
  id: z.number().int(),
  userName: z.string(),
  displayName: z.string(),
  role,
  disabled: z.boolean(),
  createdMs: ms,
});
export const AccountList = z.strictObject({ accounts: z.array(Account) });
export const AccountChange = z.strictObject({ disabled: z.boolean().optional(), role: role.optional() });

export const Alarm = z.strictObject({
  code: z.string(),
  subject: z.string(),
  sinceMs: ms,
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});
export const RootStatus = z.strictObject({
  id: z.string(),
  state: z.enum(['online', 'offline', 'foreign', 'readonly', 'failing', 'adopting', 'recovery']),
  stateSinceMs: ms,
  layout: z.string(),
  /** Waits for a person or for this moment; null: not adopting. */
  adoptionEndsMs: ms.nullable(),
  /** Clips that would go at once when the adoption is confirmed or the breaker reset. */
  waitingClips: z.number().int(),
  breakerSinceMs: ms.nullable(),
  fileSystem: z.string(),
  freeBytes: z.number(),
  totalBytes: z.number(),
  lastReconcileMs: ms.nullable(),
  unowned: z.number().int(),
  /** What the self-test found missing, with the command that repairs it. */
  selfTest: z.array(z.strictObject({ check: z.string(), ok: z.boolean(), repair: z.string().nullable() })),
});
export const CameraStatus = z.strictObject({
  id: cameraId,
  clips: z.number().int(),
  bytes: z.number(),
  lastEndMs: ms.nullable(),
  oldestUnheldEndMs: ms.nullable(),
  recording: z.boolean(),
});
export const Status = z.strictObject({
  nowMs: ms,
  wallMs: ms,
  retentionDays: z.number(),
  oldestUnheldEndMs: ms.nullable(),
  nextDueMs: ms.nullable(),
  overdueClips: z.number().int(),
  blocked: z.array(z.strictObject({ rootId: z.string(), reason: z.string() })),
  lastSweep: z
    .strictObject({
      atMs: ms,
      deleted: z.number().int(),
      failed: z.number().int(),
      tookMs: z.number(),
      longestWaitMs: z.number(),
    })
    .nullable(),
  /** Deleted per hour, oldest first, the last one is the current hour. */
  deletedPerHour: z.array(z.number().int()),
  cameras: z.array(CameraStatus),
  roots: z.array(RootStatus),
  clock: z.strictObject({
    state: z.enum(['trusted', 'suspect']),
    unacceptedMs: z.number(),
    synchronised: z.boolean(),
  }),
  holds: z.strictObject({
    standing: z.number().int(),
    coolingOff: z.number().int(),
    reviewOverdue: z.number().int(),
    nextReviewMs: ms.nullable(),
  }),
  alarms: z.array(Alarm),
});

export type Site = z.infer<typeof Site>;
export type Session = z.infer<typeof Session>;
export type Purpose = z.infer<typeof Purpose>;
export type Camera = z.infer<typeof Camera>;
export type Coverage = z.infer<typeof Coverage>;
export type CameraCoverageView = z.infer<typeof CameraCoverageView>;
export type ClipView = z.infer<typeof ClipView>;
export type ClipPage = z.infer<typeof ClipPage>;
export type ClipDetail = z.infer<typeof ClipDetail>;
export type Hold = z.infer<typeof Hold>;
export type HoldRequest = z.infer<typeof HoldRequest>;
export type HoldCoverage = z.infer<typeof HoldCoverage>;
export type HoldPlaced = z.infer<typeof HoldPlaced>;
export type AuditPage = z.infer<typeof AuditPage>;
export type AuditEntryView = z.infer<typeof AuditEntryView>;
export type Status = z.infer<typeof Status>;
export type Account = z.infer<typeof Account>;
export type Problem = z.infer<typeof Problem>;
