/** Cases: what a hold is for, and who needs to know. */
import type { Role } from '../../access/roles.ts';
import { Case, CaseChange, CaseDetail, CaseList, HoldPath, PeopleList } from '../api/index.ts';
import { demandCase, demandPeople } from '../hold-people.ts';
import { caseHistory, caseView } from '../hold-view.ts';
import { demandPassword } from '../password.ts';
import { guarded } from '../route.ts';
import { viewOf } from './holds.ts';

export const cases = guarded({
  method: 'GET',
  path: '/api/v1/cases',
  summary: 'All cases, those that changed last first',
  allow: 'holds.read',
  output: { status: 200, json: CaseList },
  handle: ({ deps }) => {
    const holds = deps.holds.current();
    const known = [...deps.holds.cases()].sort((a, b) => b.mark.atMs - a.mark.atMs);
    return { status: 200, json: { cases: known.map((c) => caseView(c, holds)) } };
  },
});

export const oneCase = guarded({
  method: 'GET',
  path: '/api/v1/cases/:id',
  summary: 'One case with its holds and everything that was done',
  allow: 'holds.read',
  params: HoldPath,
  output: { status: 200, json: CaseDetail },
  handle: ({ deps, params, nowMs }) => {
    const known = demandCase(deps.holds, params.id);
    const holds = deps.holds.current().filter((h) => h.case.id === params.id);
    const done = caseHistory(holds.flatMap((h) => deps.holds.history(h.holdId)));
    const shown = { case: caseView(known, holds), holds: holds.map((h) => viewOf(deps, h, nowMs)), ...done };
    return { status: 200, json: shown };
  },
});

export const changeCase = guarded({
  method: 'POST',
  path: '/api/v1/cases/:id/change',
  summary: 'Give a case another title, or name other people who need to know. Asks for the password again',
  allow: 'holds.change',
  params: HoldPath,
  body: CaseChange,
  output: { status: 200, json: Case },
  handle: async (call) => {
    await demandPassword(call);
    const { deps, session, params, body } = call;
    const { version, title, reason } = body;
    demandPeople(deps.access.accounts, body.viewers);
    const by = session.account.userName;
    const viewers = [...new Set(body.viewers)];
    const changed = await deps.holds.changeCase(params.id, { version, title, viewers, reason, by });
    return { status: 200, json: caseView(changed, deps.holds.current()) };
  },
});

/** Roles that confirm; of these only security ever sees footage. */
const NAMEABLE: readonly Role[] = ['security', 'privacy'];

export const people = guarded({
  method: 'GET',
  path: '/api/v1/people',
  summary: 'Who may be named on a case, and who may confirm',
  allow: 'holds.place',
  output: { status: 200, json: PeopleList },
  handle: ({ deps }) => {
    const known = deps.access.accounts.list().filter((a) => !a.disabled && NAMEABLE.includes(a.role));
    const shown = known.map(({ userName, displayName, role }) => ({ userName, displayName, role }));
    return { status: 200, json: { people: shown } };
  },
});
