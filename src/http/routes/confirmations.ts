/** What only a person may decide; each asks for the password again. */
import { AdoptionConfirmation, Confirmation, RootPath } from '../api/index.ts';
import { guarded } from '../route.ts';

export const confirmAdoption = guarded({
  method: 'POST',
  path: '/api/v1/roots/:id/adoption',
  summary: 'Confirm that footage found at first contact may be governed',
  allow: 'roots.confirm',
  params: RootPath,
  body: AdoptionConfirmation,
  output: { status: 204 },
  handle: async ({ deps, session, params, body, peer }) => {
    await deps.access.signIn.confirm(session, body.password, peer);
    const { trustNames } = body;
    await deps.confirmations.adopt(params.id, { by: session.account.userName, trustNames });
    return { status: 204 };
  },
});

export const confirmHolds = guarded({
  method: 'POST',
  path: '/api/v1/roots/:id/holds-confirmed',
  summary: 'Confirm the list of holds as it stands, for a root that knew of holds which were lost here',
  allow: 'roots.confirm',
  params: RootPath,
  body: Confirmation,
  output: { status: 204 },
  handle: async ({ deps, session, params, body, peer }) => {
    await deps.access.signIn.confirm(session, body.password, peer);
    await deps.confirmations.confirmHolds(params.id, session.account.userName);
    return { status: 204 };
  },
});

export const resetBreaker = guarded({
  method: 'POST',
  path: '/api/v1/roots/:id/breaker',
  summary: 'Let an unusually large deletion go on',
  allow: 'roots.confirm',
  params: RootPath,
  body: Confirmation,
  output: { status: 204 },
  handle: async ({ deps, session, params, body, peer }) => {
    await deps.access.signIn.confirm(session, body.password, peer);
    await deps.confirmations.resetBreaker(params.id, session.account.userName);
    return { status: 204 };
  },
});

export const confirmUnowned = guarded({
  method: 'POST',
  path: '/api/v1/roots/:id/unowned-rule',
  summary: 'Confirm the rule by which files nobody owns are deleted',
  allow: 'unowned.confirm',
  params: RootPath,
  body: Confirmation,
  output: { status: 204 },
  handle: async ({ deps, session, params, body, peer }) => {
    await deps.access.signIn.confirm(session, body.password, peer);
    await deps.confirmations.confirmUnowned(params.id, session.account.userName);
    return { status: 204 };
  },
});

export const confirmClock = guarded({
  method: 'POST',
  path: '/api/v1/clock/confirm',
  summary: 'Confirm that the clock of the box is right',
  allow: 'clock.confirm',
  body: Confirmation,
  output: { status: 204 },
  handle: async ({ deps, session, body, peer }) => {
    await deps.access.signIn.confirm(session, body.password, peer);
    await deps.confirmations.confirmClock(session.account.userName);
    return { status: 204 };
  },
});
