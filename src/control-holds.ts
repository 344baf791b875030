/** Holds over the control socket: the same acts as on the page, by the same people, with their passwords. */
import { z } from 'zod';
import type { Permission } from './access/roles.ts';
import type { Json } from './base/canonical-json.ts';
import { asJson, asPerson, credentials, type PersonParts } from './control-person.ts';
import {
  CaseChange,
  CaseHoldRequest,
  HoldConfirm,
  HoldReason,
  HoldRelease,
  HoldNarrow,
  HoldPath,
  HoldRequest,
  HoldReview,
  HoldWiden,
} from './http/api/index.ts';
import { controlOp, type ControlOp } from './http/control.ts';
import { demandCase, demandHold, demandPeople } from './http/hold-people.ts';
import {
  caseView,
  coverageView,
  historyView,
  holdView,
  preservationView,
  scopeOf,
  termsOf,
  termsUnder,
} from './http/hold-view.ts';
import type { HoldVersion } from './holds/hold.ts';
import type { Act, Holds, PlacedHold } from './holds/holds.ts';
import type { PreservedReport } from './holds/keep/preserved.ts';

export interface HoldParts extends PersonParts {
  readonly holds: Holds;
  readonly preserved: (hold: HoldVersion) => Promise<PreservedReport>;
}

const { as, password } = credentials;
const key = z.string().max(100).optional();
const holdId = HoldPath.shape.id;

export function holdOps(parts: HoldParts): Record<string, ControlOp> {
  return { ...readOps(parts), ...placeOps(parts), ...actOps(parts), ...caseOps(parts) };
}

function readOps(parts: HoldParts): Record<string, ControlOp> {
  const { holds } = parts;
  return {
    'holds.list': controlOp(z.strictObject({}), () =>
      Promise.resolve(holds.current().map((h) => viewOf(parts, h))),
    ),
    'holds.show': controlOp(z.strictObject({ holdId }), async (p) => {
      const coverage = coverageView(await holds.coverage(p.holdId));
      const versions = historyView(holds.history(p.holdId));
      const known = demandHold(holds, p.holdId);
      const preservation = preservationView(await parts.preserved(known));
      return asJson({ hold: viewOf(parts, known), versions, coverage, preservation });
    }),
    'cases.list': controlOp(z.strictObject({}), () =>
      Promise.resolve(asJson(holds.cases().map((c) => caseView(c, holds.current())))),
    ),
  };
}

function placeOps(parts: HoldParts): Record<string, ControlOp> {
  const { holds, access } = parts;
  return {
    'holds.place': controlOp(z.strictObject({ ...credentials, hold: HoldRequest, key }), (p) =>
      asPerson(parts, { ...p, permission: 'holds.place' }, async (by) => {
        demandPeople(access.accounts, p.hold.viewers);
        return placedView(parts, await holds.place(termsOf(p.hold), { by, key: p.key }));
      }),
    ),
    'cases.place': controlOp(
      z.strictObject({ ...credentials, caseId: HoldPath.shape.id, hold: CaseHoldRequest, key }),
      (p) =>
        asPerson(parts, { ...p, permission: 'holds.place' }, async (by) => {
          const terms = termsUnder(demandCase(holds, p.caseId), p.hold);
          return placedView(parts, await holds.place(terms, { by, key: p.key, caseId: p.caseId }));
        }),
    ),
  };
}

function actOps(parts: HoldParts): Record<string, ControlOp> {
  const { holds } = parts;
  const op = <S extends z.ZodRawShape & ActShape>(
    permission: Permission,
    shape: S,
    run: (act: Act, asked: z.output<z.ZodObject<S>>) => Promise<HoldVersion>,
  ): ControlOp =>
    controlOp(z.strictObject({ ...shape, holdId, as, password }), (given) => {
      const asked = given as z.output<z.ZodObject<S>> & Named;
      return asPerson(parts, { ...asked, permission }, async (by) =>
        viewOf(parts, await run({ ...asked, by, reason: asked.reason ?? '' }, asked)),
      );
    });
  return {
    'holds.widen': controlOp(z.strictObject({ ...HoldWiden.shape, holdId, as, password }), (p) =>
      asPerson(parts, { ...p, permission: 'holds.change' }, async (by) =>
        placedView(parts, await holds.widen({ ...p, by }, scopeOf(p))),
      ),
    ),
    'holds.review': op('holds.change', HoldReview.shape, (act, p) => holds.review(act, p.reviewMs)),
    'holds.release': op('holds.change', HoldRelease.shape, (act) => holds.ask(act, undefined)),
    'holds.narrow': op('holds.change', HoldNarrow.shape, (act, p) => holds.ask(act, scopeOf(p))),
    'holds.confirm': op('holds.confirm', HoldConfirm.shape, (act) => holds.confirm(act)),
    'holds.approve': op('holds.confirm', HoldRelease.shape, (act) => holds.approve(act)),
    'holds.refuse': op('holds.confirm', HoldReason.shape, (act) => holds.refuse(act)),
    'holds.withdraw': op('holds.withdraw', HoldReason.shape, (act) => holds.withdraw(act)),
  };
}

interface ActShape {
  readonly version: z.ZodNumber;
}

interface Named {
  readonly holdId: string;
  readonly version: number;
  readonly reason?: string;
  readonly as: string;
  readonly password: string;
}

function caseOps(parts: HoldParts): Record<string, ControlOp> {
  const { holds, access } = parts;
  return {
    'cases.change': controlOp(z.strictObject({ ...CaseChange.shape, caseId: HoldPath.shape.id, as }), (p) =>
      asPerson(parts, { ...p, permission: 'holds.change' }, async (by) => {
        demandPeople(access.accounts, p.viewers);
        return asJson(caseView(await holds.changeCase(p.caseId, { ...p, by }), holds.current()));
      }),
    ),
  };
}

function viewOf({ holds, nowMs }: HoldParts, hold: HoldVersion): Json {
  return asJson(holdView(hold, holds.history(hold.holdId)[0] ?? hold, nowMs()));
}

function placedView(parts: HoldParts, { hold, coverage }: PlacedHold): Json {
  return { hold: viewOf(parts, hold), coverage: asJson(coverageView(coverage)) };
}
