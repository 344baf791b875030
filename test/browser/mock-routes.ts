/** The routes of the mock. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as api from '../../src/http/api/index.ts';
import { send, sendFile, sendNothing, sendRange } from './mock-answer.ts';
import { clipFile, posterFile } from './mock-clips.ts';
import { cameraList, clipsOf, coverageOf, previewOf } from './mock-footage.ts';
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
      send(res, api.Coverage, coverageOf({ fromMs: from, toMs: to }, world.nowMs(), world.holds));
    },
    'GET /clips': ({ res, live, query }) => {
      world.demand(live, 'footage.list');
      const { camera, from, to } = api.ClipQuery.parse(query);
      const coverage = coverageOf({ fromMs: from, toMs: to }, world.nowMs(), world.holds);
      send(res, api.ClipPage, { clips: clipsOf(camera, coverage, world.holds), nextCursor: null });
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
    previewOf(cameraIds, window, coverageOf(window, world.nowMs(), world.holds));
  return {
    'GET /holds': ({ res, live }) => {
      world.demand(live, 'holds.read');
      send(res, api.HoldList, {
        holds: world.holds,
        coolingOffMs: 86_400_000,
        release: 'two_people',
        confirmWithinMs: 259_200_000,
      });
    },
    'GET /holds/:id': ({ res, live }, id) => {
      world.demand(live, 'holds.read');
      const hold = world.hold(id);
      const { setBy: by, releasedMs, releaseReason, cameraIds, fromMs, toMs, endMs, reviewMs } = hold;
      const scope = { cameraIds, fromMs, toMs, endMs, reviewMs };
      const made = (
        version: number,
        act: api.Hold['act'],
        at: { by: string; atMs: number; reason: string },
      ): api.HoldDetail['versions'][number] => ({
        ...{ version, act, released: act === 'released' },
        ...at,
        ...scope,
      });
      const set = made(1, 'placed', { by, atMs: hold.setMs, reason: hold.reason });
      const released = made(2, 'released', { by, atMs: releasedMs ?? 0, reason: releaseReason ?? '' });
      send(res, api.HoldDetail, { hold, versions: releasedMs === null ? [set] : [set, released] });
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
      const hold = world.place(request, live.account.userName);
      res.statusCode = 201;
      send(res, api.HoldPlaced, { hold, coverage: found(request.cameraIds, request) });
    },
    'POST /holds/:id/release': ({ res, live, body }, id) => {
      world.demand(live, 'holds.change');
      const { reason, password } = api.HoldRelease.parse(body);
      world.demandPassword(password);
      send(res, api.Hold, world.ask(id, live.account.userName, reason));
    },
    'POST /holds/:id/approve': ({ res, live, body }, id) => {
      world.demand(live, 'holds.confirm');
      world.demandPassword(api.HoldRelease.parse(body).password);
      send(res, api.Hold, world.release(id, live.account.userName));
    },
  };
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
      send(res, api.Status, statusOf(world.nowMs(), world.holds, world.state));
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
