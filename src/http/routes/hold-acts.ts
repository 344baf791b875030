/** What is done to a hold that is there. Every act names the version the person saw; what ends asks for the password. */
import type { HoldVersion } from '../../holds/hold.ts';
import type { Act } from '../../holds/holds.ts';
import type { Session } from '../../access/session.ts';
import {
  Hold,
  HoldConfirm,
  HoldReason,
  HoldRelease,
  HoldNarrow,
  HoldPath,
  HoldPlaced,
  HoldReview,
  HoldWiden,
} from '../api/index.ts';
import { coverageView, scopeOf } from '../hold-view.ts';
import { demandPassword } from '../password.ts';
import { guarded, type Answer, type Call } from '../route.ts';
import { demandCamera } from './cameras.ts';
import { viewOf } from './holds.ts';

const base = { method: 'POST', params: HoldPath, output: { status: 200, json: Hold } } as const;

type ActCall = Call<
  Session,
  { readonly id: string },
  unknown,
  { readonly version: number; readonly reason?: string }
>;

export const widenHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/widen',
  summary: 'Bind more, at once; a second person confirms it again',
  allow: 'holds.change',
  body: HoldWiden,
  output: { status: 200, json: HoldPlaced },
  handle: async (call) => {
    const { deps, body, nowMs } = call;
    for (const id of body.cameraIds) demandCamera(deps, id);
    const { hold, coverage } = await deps.holds.widen(actOf(call), scopeOf(body));
    return {
      status: 200,
      json: { hold: viewOf(deps, hold, nowMs), coverage: coverageView(coverage) },
    };
  },
});

export const reviewHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/review',
  summary: 'Say that somebody looked again, and when the next time is',
  allow: 'holds.change',
  body: HoldReview,
  handle: async (call) => answer(call, await call.deps.holds.review(actOf(call), call.body.reviewMs)),
});

export const releaseHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/release',
  summary: 'Ask for the release of a hold; a second person grants it. Asks for the password again',
  allow: 'holds.change',
  body: HoldRelease,
  handle: async (call) => {
    await demandPassword(call);
    return answer(call, await call.deps.holds.ask(actOf(call), undefined));
  },
});

export const narrowHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/narrow',
  summary: 'Ask to bind less, or not as long; a second person grants it. Asks for the password again',
  allow: 'holds.change',
  body: HoldNarrow,
  handle: async (call) => {
    await demandPassword(call);
    for (const id of call.body.cameraIds) demandCamera(call.deps, id);
    return answer(call, await call.deps.holds.ask(actOf(call), scopeOf(call.body)));
  },
});

export const confirmHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/confirm',
  summary: 'Confirm a hold, as a person other than who set it. Asks for the password again',
  allow: 'holds.confirm',
  body: HoldConfirm,
  handle: async (call) => {
    await demandPassword(call);
    return answer(call, await call.deps.holds.confirm(actOf(call)));
  },
});

export const approveHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/approve',
  summary: 'Grant what was asked, as a person other than who asked. Asks for the password again',
  allow: 'holds.confirm',
  body: HoldRelease,
  handle: async (call) => {
    await demandPassword(call);
    return answer(call, await call.deps.holds.approve(actOf(call)));
  },
});

export const refuseHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/refuse',
  summary: 'Refuse what was asked; the hold stands as it was',
  allow: 'holds.confirm',
  body: HoldReason,
  handle: async (call) => answer(call, await call.deps.holds.refuse(actOf(call))),
});

export const withdrawHold = guarded({
  ...base,
  path: '/api/v1/holds/:id/withdraw',
  summary: 'Take back a request, or a release while it cools off: then the hold stands again',
  allow: 'holds.withdraw',
  body: HoldReason,
  handle: async (call) => answer(call, await call.deps.holds.withdraw(actOf(call))),
});

function actOf({ params, body, session }: ActCall): Act {
  const { version, reason = '' } = body;
  return { holdId: params.id, version, by: session.account.userName, reason };
}

function answer({ deps, nowMs }: ActCall, made: HoldVersion): Answer {
  return { status: 200, json: viewOf(deps, made, nowMs) };
}
