/** Holds: placing, looking, releasing. What binds and in which order things become durable is the holds room's. */
import { FortnightError } from '../../base/errors.ts';
import type { HoldVersion } from '../../holds/hold.ts';
import {
  HoldCoverage,
  HoldDetail,
  HoldList,
  HoldPath,
  HoldPlaced,
  HoldPreviewRequest,
  HoldRelease,
  HoldRequest,
  Hold,
} from '../api/index.ts';
import type { HttpDeps } from '../deps.ts';
import { coverageView, holdView, termsOf } from '../hold-view.ts';
import { guarded } from '../route.ts';
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
    const { coolingOffMs } = deps.config.holds;
    return { status: 200, json: { holds: shown, coolingOffMs } };
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
    const history = versions.map((v) => ({
      version: v.version,
      by: v.by,
      atMs: v.atMs,
      released: v.releasedMs !== null,
      reason: v.releaseReason ?? v.terms.reason,
    }));
    return { status: 200, json: { hold: viewOf(deps, current, nowMs), versions: history } };
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
    const key = idempotencyKey(req.headers['idempotency-key']);
    const placed = await deps.holds.place(termsOf(body), { by: session.account.userName, key });
    const shown = { hold: viewOf(deps, placed.hold, nowMs), coverage: coverageView(placed.coverage) };
    return { status: 201, json: shown, headers: { location: `/api/v1/holds/${placed.hold.holdId}` } };
  },
});

export const releaseHold = guarded({
  method: 'POST',
  path: '/api/v1/holds/:id/release',
  summary: 'Release a hold; the footage goes after the cooling-off. Asks for the password again',
  allow: 'holds.release',
  params: HoldPath,
  body: HoldRelease,
  output: { status: 200, json: Hold },
  handle: async ({ deps, session, params, body, peer, nowMs }) => {
    await deps.access.signIn.confirm(session, body.password, peer);
    const by = session.account.userName;
    const released = await deps.holds.release(params.id, { by, reason: body.reason });
    return { status: 200, json: viewOf(deps, released, nowMs) };
  },
});

function viewOf(deps: HttpDeps, current: HoldVersion, nowMs: number): Hold {
  const first = current.version === 1 ? current : deps.holds.history(current.holdId)[0];
  return holdView(current, first ?? current, nowMs);
}

function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{8,100}$/.test(header)) return header;
  throw new FortnightError('invalid', 'an Idempotency-Key has 8 to 100 printable characters');
}
