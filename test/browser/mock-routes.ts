/** The routes of the mock. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DAY_MS } from '../../src/base/clock.ts';
import * as api from '../../src/http/api/index.ts';
import { send, sendFile, sendNothing, sendRange } from './mock-answer.ts';
import { clipFile, posterFile } from './mock-clips.ts';
import { cameraList, clipsOf, coverageOf, preservationOf, previewOf } from './mock-footage.ts';
import { CONFIRM_WITHIN_MS } from './mock-holds.ts';
import { auditOf, statusOf } from './mock-records.ts';
import { Refused, type Live, type MockWorld } from './mock-world.ts';

export interface Ask {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly live: Live;
}

export type Handler = (ask: Ask, id: string) => void;

export function routesOf(world: MockWorld): Readonly<Record<string, Handler>> {
  return { ...sessionRoutes(world), ...footageRoutes(world), ...holdRoutes(world), ...houseRoutes(world) };
}

function sessionRoutes(world: MockWorld): Record<string, Handler> {
  return {
    'GET /session': ({ res, live }) => {
      send(res, api.Session, world.shown(live));
    },
    'DELETE /session': ({ res, live }) => {
      world.signOut(live);
      sendNothing(res);
    },
    'PUT /session/purpose': ({ res, live, body }) => {
      world.demand(live, 'footage.view');
      live.purpose = api.Purpose.parse(body);
      send(res, api.Session, world.shown(live));
    },
    'DELETE /session/purpose': ({ res, live }) => {
      live.purpose = null;
      send(res, api.Session, world.shown(live));
    },
    'POST /session/password': ({ res, body }) => {
      world.demandPassword(api.PasswordChange.parse(body).currentPassword);
      sendNothing(res);
    },
  };
}

function footageRoutes(world: MockWorld): Record<string, Handler> {
  return {
    'GET /cameras': ({ res }) => {
      send(res, api.CameraList, { cameras: cameraList() });
    },
    'GET /coverage': ({ res, live, query }) => {
      world.demand(live, 'coverage.read');
      const { from, to } = api.CoverageQuery.parse(query);
      send(res, api.Coverage, coverageOf({ fromMs: from, toMs: to }, world.nowMs(), world.holds.list));
    },
    'GET /clips': ({ res, live, query }) => {
      world.demand(live, 'footage.list');
      const { camera, from, to } = api.ClipQuery.parse(query);
      const coverage = coverageOf({ fromMs: from, toMs: to }, world.nowMs(), world.holds.list);
      send(res, api.ClipPage, { clips: clipsOf(camera, coverage, world.holds.list), nextCursor: null });
    },
    // The file of a camera stands for each of its clips: all have the same length.
    'GET /clips/:id/media': ({ req, res, live }, id) => {
      world.demandLook(live);
      sendRange(req, res, clipFile(world.clipDir, Number(id) % 10));
    },
    'GET /clips/:id/poster': ({ res, live }, id) => {
      world.demandLook(live);
      sendFile(res, posterFile(world.clipDir, Number(id) % 10), 'image/jpeg');
    },
  };
}

function holdRoutes(world: MockWorld): Record<string, Handler> {
  const found = (cameraIds: readonly string[], window: { fromMs: number; toMs: number }): api.HoldCoverage =>
    previewOf(cameraIds, window, coverageOf(window, world.nowMs(), world.holds.list));
  return {
    'GET /holds': ({ res, live }) => {
      world.demand(live, 'holds.read');
      const rules = {
        coolingOffMs: DAY_MS,
        release: world.state.release,
        confirmWithinMs: CONFIRM_WITHIN_MS,
      };
      send(res, api.HoldList, { holds: [...world.holds.list], ...rules });
    },
    'GET /holds/:id/coverage': ({ res, live }, id) => {
      world.demand(live, 'holds.read');
      const hold = world.holds.find(id);
      send(res, api.HoldCoverage, found(hold.cameraIds, hold));
    },
    'GET /holds/:id/preservation': ({ res, live }, id) => {
      world.demand(live, 'holds.read');
      const hold = world.holds.find(id);
      send(res, api.HoldPreservation, preservationOf(hold, found(hold.cameraIds, hold)));
    },
    'POST /holds/preview': ({ res, live, body }) => {
      world.demand(live, 'holds.place');
      const { cameraIds, ...window } = api.HoldPreviewRequest.parse(body);
      send(res, api.HoldCoverage, found(cameraIds, window));
    },
    'POST /holds': ({ req, res, live, body }) => {
      world.demand(live, 'holds.place');
      const request = api.HoldRequest.parse(body);
      if (typeof req.headers['idempotency-key'] !== 'string') throw new Refused(400, 'invalid');
      const hold = world.holds.place(request, world.by(live));
      res.statusCode = 201;
      send(res, api.HoldPlaced, { hold, coverage: found(request.cameraIds, request) });
    },
    'POST /holds/:id/widen': ({ res, live, body }, id) => {
      world.demand(live, 'holds.place');
      const hold = world.holds.act(id, 'widen', api.HoldWiden.parse(body), world.by(live));
      send(res, api.HoldPlaced, { hold, coverage: found(hold.cameraIds, hold) });
    },
    ...acts(world),
    'GET /cases/:id': ({ res, live }, id) => {
      world.demand(live, 'holds.read');
      send(res, api.CaseDetail, world.holds.caseOf(id));
    },
    'POST /cases/:id/change': ({ res, live, body }, id) => {
      const change = api.CaseChange.parse(body);
      world.demandPassword(change.password);
      world.holds.changeCase(id, change, world.by(live));
      send(res, api.Case, world.holds.caseOf(id).case);
    },
    'GET /people': ({ res, live }) => {
      world.demand(live, 'holds.place');
      const people = world.accounts.flatMap(({ userName, displayName, role, disabled }) =>
        disabled || (role !== 'security' && role !== 'privacy') ? [] : [{ userName, displayName, role }],
      );
      send(res, api.PeopleList, { people });
    },
  };
}

/** Acts that answer the hold as it is then. */
function acts(world: MockWorld): Record<string, Handler> {
  const schemas = {
    confirm: [api.HoldConfirm, 'holds.confirm'],
    approve: [api.HoldRelease, 'holds.confirm'],
    refuse: [api.HoldReason, 'holds.confirm'],
    withdraw: [api.HoldReason, 'holds.withdraw'],
    review: [api.HoldReview, 'holds.change'],
    release: [api.HoldRelease, 'holds.change'],
    narrow: [api.HoldNarrow, 'holds.change'],
  } as const;
  return Object.fromEntries(
    Object.entries(schemas).map(([act, [schema, permission]]) => [
      `POST /holds/:id/${act}`,
      ({ res, live, body }, id) => {
        world.demand(live, permission);
        const acted = schema.parse(body);
        if ('password' in acted) world.demandPassword(acted.password);
        send(res, api.Hold, world.holds.act(id, act, acted, world.by(live)));
      },
    ]),
  );
}

function houseRoutes(world: MockWorld): Record<string, Handler> {
  return {
    'GET /audit': ({ res, live, query }) => {
      world.demand(live, 'audit.read');
      const { before = Infinity, limit, kind } = api.AuditQuery.parse(query);
      const older = auditOf(world.nowMs()).filter((e) => e.seq < before && (kind ?? e.kind) === e.kind);
      send(res, api.AuditPage, { entries: older.slice(0, limit), headSeq: 8200, verified: true });
    },
    'GET /status': ({ res }) => {
      send(res, api.Status, statusOf(world.nowMs(), world.holds.list, world.state));
    },
    'POST /roots/:id/adoption': ({ res, live, body }) => {
      world.demand(live, 'roots.confirm');
      world.demandPassword(api.AdoptionConfirmation.parse(body).password);
      world.state.adopting = false;
      sendNothing(res);
    },
    'POST /clock/confirm': ({ res, live, body }) => {
      world.demand(live, 'clock.confirm');
      world.demandPassword(api.Confirmation.parse(body).password);
      world.state.adopting = false;
      sendNothing(res);
    },
    'GET /accounts': ({ res, live }) => {
      world.demand(live, 'accounts.manage');
      send(res, api.AccountList, { accounts: world.accounts });
    },
    'PATCH /accounts/:id': ({ res, live, body }, id) => {
      world.demand(live, 'accounts.manage');
      const account = world.accounts.find((a) => a.id === Number(id));
      if (account === undefined) throw new Refused(404, 'not_found');
      Object.assign(account, api.AccountChange.parse(body));
      send(res, api.Account, account);
    },
  };
}
