/** Cases, and who may be named on one. */
import { z } from 'zod';
import { ms, words } from './common.ts';
import { Hold, HoldRequest } from './holds.ts';
import { password } from './session.ts';

export const Case = z.strictObject({
  id: z.string(),
  version: z.number().int(),
  ref: z.string(),
  title: z.string(),
  kind: HoldRequest.shape.kind,
  ground: HoldRequest.shape.ground,
  viewers: z.array(z.string()),
  by: z.string(),
  atMs: ms,
  holds: z.array(z.string()),
});
export const CaseList = z.strictObject({ cases: z.array(Case) });
/** GET /cases/{id}: the case, its holds, and all that was done, oldest first. */
export const CaseDetail = z.strictObject({
  case: Case,
  versions: z.array(
    z.strictObject({
      version: z.number().int(),
      title: z.string(),
      viewers: z.array(z.string()),
      by: z.string(),
      atMs: ms,
      reason: z.string(),
    }),
  ),
  holds: z.array(Hold),
  history: z.array(
    z.strictObject({
      holdId: z.string(),
      version: z.number().int(),
      act: Hold.shape.act,
      /** Of an act that asked: for what. */
      asked: z.enum(['release', 'narrowing']).nullable(),
      by: z.string(),
      atMs: ms,
      reason: z.string(),
    }),
  ),
});
export const CaseChange = z.strictObject({
  /** The version of the case the person saw. Is it another by now: 409. */
  version: z.number().int().min(1),
  title: words(3, 120),
  viewers: HoldRequest.shape.viewers.unwrap(),
  reason: words(20, 2000),
  password,
});
/** A further hold: what it says of its case is the case's. */
export const CaseHoldRequest = HoldRequest.pick({
  cameraIds: true,
  fromMs: true,
  toMs: true,
  reason: true,
  reviewMs: true,
  endMs: true,
});
/** Who may be named as needing to know, and who confirms. */
export const PeopleList = z.strictObject({
  people: z.array(
    z.strictObject({ userName: z.string(), displayName: z.string(), role: z.enum(['security', 'privacy']) }),
  ),
});

export type Case = z.infer<typeof Case>;
export type CaseDetail = z.infer<typeof CaseDetail>;
export type CaseChange = z.infer<typeof CaseChange>;
export type CaseHoldRequest = z.input<typeof CaseHoldRequest>;
export type PeopleList = z.infer<typeof PeopleList>;
