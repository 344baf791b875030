/** The catalogue: every sentence of the page, by area, in three languages. */
import { alarmDetails } from './alarm-details.ts';
import { alarms } from './alarms.ts';
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { auditCodes } from './audit-codes.ts';
import { cases } from './cases.ts';
import { composer } from './composer.ts';
import { holds } from './holds.ts';
import type { Language } from './language.ts';
import { login } from './login.ts';
import { preserved } from './preserved.ts';
import { problems } from './problems.ts';
import { refusals } from './refusals.ts';
import { review } from './review.ts';
import { shared } from './shared.ts';
import { status } from './status.ts';
import { statusDetails } from './status-details.ts';
import { storage } from './storage.ts';
import { unowned } from './unowned.ts';
import { vault } from './vault.ts';
import { way } from './way.ts';

const CATALOGUES = {
  accounts,
  alarmDetails,
  alarms,
  audit,
  auditCodes,
  cases,
  composer,
  holds,
  login,
  preserved,
  problems,
  refusals,
  review,
  shared,
  status,
  statusDetails,
  storage,
  unowned,
  vault,
  way,
};

export type Texts = { readonly [K in keyof typeof CATALOGUES]: (typeof CATALOGUES)[K]['en'] };

export function textsOf(language: Language): Texts {
  return {
    accounts: accounts[language],
    alarmDetails: alarmDetails[language],
    alarms: alarms[language],
    audit: audit[language],
    auditCodes: auditCodes[language],
    cases: cases[language],
    composer: composer[language],
    holds: holds[language],
    login: login[language],
    preserved: preserved[language],
    problems: problems[language],
    refusals: refusals[language],
    review: review[language],
    shared: shared[language],
    status: status[language],
    statusDetails: statusDetails[language],
    storage: storage[language],
    unowned: unowned[language],
    vault: vault[language],
    way: way[language],
  };
}

export { CATALOGUES };
