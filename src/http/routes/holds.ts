/** Holds: placing and looking. What binds and in which order things become durable is the holds room's. */
import { FortnightError } from '../../base/errors.ts';
import { CONFIRM_WITHIN_MS } from '../../holds/acts.ts';
import type { HoldVersion } from '../../holds/hold.ts';
import type { PlacedHold } from '../../holds/holds.ts';
import {
  CaseHoldRequest,
  HoldCoverage,
  HoldDetail,
  HoldList,
  HoldPath,
  HoldPlaced,
  HoldPreservation,
  HoldPreviewRequest,
  HoldRequest,
  type Hold,
} from '../api/index.ts';
import type { HttpDeps } from '../deps.ts';
import { coverageView, historyView, holdView, preservationView, termsOf, termsUnder } from '../hold-view.ts';
import { demandCase, demandHold, demandPeople } from '../hold-people.ts';
import { guarded, type Answer } from '../route.ts';
import { windowOf } from '../window.ts';
import { demandCamera } from './cameras.ts';

export const holds = guarded({
  method: 'GET',
  path: '/api/v1/holds',
  summary: 'All holds, newest first; ended ones too',
  allow: 'holds.read',
  output: { status: 200, json: HoldList },
  handle: ({ deps, nowMs }) => {
    const shown = deps.holds.current().map((h) => viewOf(deps, h, nowMs));
    const { coolingOffMs, aloneAfterMs } = deps.config.holds;
    const release = aloneAfterMs === undefined ? 'two_people' : 'one_person_24h';
    const json = { holds: shown, coolingOffMs, release, confirmWithinMs: CONFIRM_WITHIN_MS };
    return { status: 200, json };
  },
});

export const hold = guarded({
  method: 'GET',
  path: '/api/v1/holds/:id',
  summary: 'One hold with all its versions',
  allow: 'holds.read',
  params: HoldPath,
  output: { status: 200, json: HoldDetail },
  handle: ({ deps, params, nowMs }) => {
    const versions = deps.holds.history(params.id);
    const current = versions.at(-1);
    if (current === undefined) throw new FortnightError('not_found', 'there is no such hold');
    return { status: 200, json: { hold: viewOf(deps, current, nowMs), versions: historyView(versions) } };
  },
});

export const holdCoverage = guarded({
  method: 'GET',
  path: '/api/v1/holds/:id/coverage',
  summary: 'What one hold covers now',
  allow: 'holds.read',
  params: HoldPath,
  output: { status: 200, json: HoldCoverage },
  handle: async ({ deps, params }) => ({
    status: 200,
    json: coverageView(await deps.holds.coverage(params.id)),
  }),
});

export const holdPreservation = guarded({
  method: 'GET',
  path: '/api/v1/holds/:id/preservation',
  summary: 'How far the clips of one hold are preserved, and which of them are damaged',
  allow: 'holds.read',
  params: HoldPath,
  output: { status: 200, json: HoldPreservation },
  handle: async ({ deps, params }) => {
    const report = await deps.preserved(demandHold(deps.holds, params.id));
    return { status: 200, json: preservationView(report) };
  },
});

export const previewHold = guarded({
  method: 'POST',
  path: '/api/v1/holds/preview',
  summary: 'What a hold would find; nothing is changed',
  allow: 'holds.place',
  body: HoldPreviewRequest,
  output: { status: 200, json: HoldCoverage },
  handle: async ({ deps, body }) => {
    const window = windowOf({ from: body.fromMs, to: body.toMs });
    for (const id of body.cameraIds) demandCamera(deps, id);
    return { status: 200, json: coverageView(await deps.holds.preview(body.cameraIds, window)) };
  },
});

export const placeHold = guarded({
  method: 'POST',
  path: '/api/v1/holds',
  summary: 'Place a hold; binds at once. The header Idempotency-Key makes a repeated request harmless',
  allow: 'holds.place',
  body: HoldRequest,
  output: { status: 201, json: HoldPlaced },
  handle: async ({ deps, session, body, req, nowMs }) => {
    for (const id of body.cameraIds) demandCamera(deps, id);
    demandPeople(deps.access.accounts, body.viewers);
    const key = idempotencyKey(req.headers['idempotency-key']);
    const placed = await deps.holds.place(termsOf(body), { by: session.account.userName, key });
    return placedAnswer(deps, placed, nowMs);
  },
});

export const placeUnderCase = guarded({
  method: 'POST',
  path: '/api/v1/cases/:id/holds',
  summary: 'Place a hold under a case that is there; binds at once. Idempotency-Key as for a hold of its own',
  allow: 'holds.place',
  params: HoldPath,
  body: CaseHoldRequest,
  output: { status: 201, json: HoldPlaced },
  handle: async ({ deps, session, params, body, req, nowMs }) => {
    for (const id of body.cameraIds) demandCamera(deps, id);
    const key = idempotencyKey(req.headers['idempotency-key']);
    const request = { by: session.account.userName, key, caseId: params.id };
    const placed = await deps.holds.place(termsUnder(demandCase(deps.holds, params.id), body), request);
    return placedAnswer(deps, placed, nowMs);
  },
});

function placedAnswer(deps: HttpDeps, { hold: made, coverage }: PlacedHold, nowMs: number): Answer {
  const json = { hold: viewOf(deps, made, nowMs), coverage: coverageView(coverage) };
  return { status: 201, json, headers: { location: `/api/v1/holds/${made.holdId}` } };
}

export function viewOf(deps: HttpDeps, current: HoldVersion, nowMs: number): Hold {
  const first = current.version === 1 ? current : deps.holds.history(current.holdId)[0];
  return holdView(current, first ?? current, nowMs);
}

function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{8,100}$/.test(header)) return header;
  throw new FortnightError('invalid', 'an Idempotency-Key has 8 to 100 printable characters');
}
