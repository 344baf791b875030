/** Every route there is. The server, OpenAPI and the test of the role matrix are made from this table. */
import type { Route } from '../route.ts';
import * as accounts from './accounts.ts';
import * as audit from './audit.ts';
import * as cameras from './cameras.ts';
import * as cases from './cases.ts';
import * as clips from './clips.ts';
import * as confirmations from './confirmations.ts';
import * as acts from './hold-acts.ts';
import * as holds from './holds.ts';
import * as media from './media.ts';
import { describeApi } from './openapi.ts';
import * as receipts from './receipts.ts';
import * as session from './session.ts';
import * as site from './site.ts';
import * as status from './status.ts';
import * as unowned from './unowned.ts';

/** In the order in which they are tried: first what players ask for many times a second. */
const RESOURCES: readonly Route[] = [
  media.clipMedia,
  media.clipPoster,
  site.site,
  session.signIn,
  session.readSession,
  session.signOut,
  session.statePurpose,
  session.withdrawPurpose,
  session.changePassword,
  cameras.cameras,
  cameras.coverage,
  cameras.coverageOfCamera,
  clips.clips,
  clips.clip,
  receipts.receipts,
  holds.holds,
  holds.placeHold,
  holds.previewHold,
  holds.hold,
  holds.holdCoverage,
  holds.holdPreservation,
  acts.confirmHold,
  acts.widenHold,
  acts.reviewHold,
  acts.releaseHold,
  acts.narrowHold,
  acts.approveHold,
  acts.refuseHold,
  acts.withdrawHold,
  cases.cases,
  cases.oneCase,
  cases.changeCase,
  holds.placeUnderCase,
  cases.people,
  audit.audit,
  audit.verifyAudit,
  status.status,
  confirmations.confirmAdoption,
  confirmations.confirmHolds,
  confirmations.replaceDisk,
  confirmations.resetBreaker,
  confirmations.confirmClock,
  confirmations.confirmUnowned,
  unowned.unowned,
  accounts.accounts,
  accounts.changeAccount,
  status.alive,
  status.ready,
];

export const ROUTES: readonly Route[] = [...RESOURCES, describeApi(RESOURCES)];
