/** What only a person may decide; each asks for the password again. */
import type { Session } from '../../access/session.ts';
import { AdoptionConfirmation, Confirmation, RootPath } from '../api/index.ts';
import { demandPassword, type WithPassword } from '../password.ts';
import { guarded, type Answer, type Call } from '../route.ts';

const decision = { method: 'POST', output: { status: 204 } } as const;
const ofRoot = { ...decision, params: RootPath, allow: 'roots.confirm' } as const;

export const confirmAdoption = guarded({
  ...ofRoot,
  path: '/api/v1/roots/:id/adoption',
  summary: 'Confirm that footage found at first contact may be governed',
  body: AdoptionConfirmation,
  handle: (call) =>
    decided(call, (by) =>
      call.deps.confirmations.adopt(call.params.id, { by, trustNames: call.body.trustNames }),
    ),
});

export const confirmHolds = guarded({
  ...ofRoot,
  path: '/api/v1/roots/:id/holds-confirmed',
  summary: 'Confirm the list of holds as it stands, for a root that knew of holds which were lost here',
  body: Confirmation,
  handle: (call) => decided(call, (by) => call.deps.confirmations.confirmHolds(call.params.id, by)),
});

export const replaceDisk = guarded({
  ...ofRoot,
  path: '/api/v1/roots/:id/disk',
  summary: 'Take the disk that lies in the place of this one, which is lost or was replaced',
  allow: 'roots.replace',
  body: Confirmation,
  handle: (call) => decided(call, (by) => call.deps.confirmations.replaceDisk(call.params.id, by)),
});

export const resetBreaker = guarded({
  ...ofRoot,
  path: '/api/v1/roots/:id/breaker',
  summary: 'Let an unusually large deletion go on',
  body: Confirmation,
  handle: (call) => decided(call, (by) => call.deps.confirmations.resetBreaker(call.params.id, by)),
});

export const confirmUnowned = guarded({
  ...ofRoot,
  path: '/api/v1/roots/:id/unowned-rule',
  summary: 'Confirm the rule by which files nobody owns are deleted',
  allow: 'unowned.confirm',
  body: Confirmation,
  handle: (call) => decided(call, (by) => call.deps.confirmations.confirmUnowned(call.params.id, by)),
});

export const confirmClock = guarded({
  ...decision,
  path: '/api/v1/clock/confirm',
  summary: 'Confirm that the clock of the box is right',
  allow: 'clock.confirm',
  body: Confirmation,
  handle: (call) => decided(call, (by) => call.deps.confirmations.confirmClock(by)),
});

/** The password first, then the decision, in the name of who made it. */
async function decided(
  call: Call<Session, unknown, unknown, WithPassword>,
  decide: (by: string) => Promise<void> | void,
): Promise<Answer> {
  await demandPassword(call);
  await decide(call.session.account.userName);
  return { status: 204 };
}
