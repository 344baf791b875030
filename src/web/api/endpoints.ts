/** Every call the page makes, with the types of the server's own schemas. Paths stand here and nowhere else. */
import type {
  Account,
  AuditPage,
  Camera,
  CaseChange,
  CaseDetail,
  CaseHoldRequest,
  ClipPage,
  ClipView,
  Coverage,
  Hold,
  HoldCoverage,
  HoldDetail,
  HoldList,
  HoldPlaced,
  HoldPreservation,
  HoldRequest,
  PeopleList,
  Purpose,
  Session,
  Site,
  Status,
  UnownedPage,
} from '../../http/api/index.ts';
import { addressOf, call } from './client.ts';

export type Role = Session['role'];
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}
export type HoldWindow = Pick<HoldRequest, 'cameraIds' | 'fromMs' | 'toMs'>;

const PAGE = 500;
/** More clips than this in one asked window are not fetched: an hour of clips shorter than a second. */
const MAX_PAGES = 8;

export const getSite = (): Promise<Site> => call('GET', '/site') as Promise<Site>;

export const getSession = (): Promise<Session> => call('GET', '/session') as Promise<Session>;
export const signIn = (userName: string, password: string): Promise<Session> =>
  call('POST', '/session', { body: { userName, password } }) as Promise<Session>;
export const signOut = (): Promise<unknown> => call('DELETE', '/session');
export const statePurpose = (purpose: Purpose): Promise<Session> =>
  call('PUT', '/session/purpose', { body: purpose }) as Promise<Session>;
/** Stops looking: running pictures end, and the next look owes a purpose again. */
export const withdrawPurpose = (): Promise<Session> => call('DELETE', '/session/purpose') as Promise<Session>;
export const changePassword = (currentPassword: string, newPassword: string): Promise<unknown> =>
  call('POST', '/session/password', { body: { currentPassword, newPassword } });

export async function getCameras(): Promise<Camera[]> {
  return ((await call('GET', '/cameras')) as { cameras: Camera[] }).cameras;
}
export const getCoverage = (window: Window, signal?: AbortSignal): Promise<Coverage> =>
  call('GET', '/coverage', { query: { from: window.fromMs, to: window.toMs }, signal }) as Promise<Coverage>;

/** All clips of a camera that overlap the window, by start. */
export async function getClips(camera: string, window: Window): Promise<ClipView[]> {
  const clips: ClipView[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { camera, from: window.fromMs, to: window.toMs, limit: PAGE, cursor };
    const answer = (await call('GET', '/clips', { query })) as ClipPage;
    clips.push(...answer.clips);
    if (answer.nextCursor === null) break;
    cursor = answer.nextCursor;
  }
  return clips;
}
export const videoAddress = (clipId: number): string => addressOf(`/clips/${String(clipId)}/media`);
export const posterAddress = (clipId: number): string => addressOf(`/clips/${String(clipId)}/poster`);

export const getHolds = (): Promise<HoldList> => call('GET', '/holds') as Promise<HoldList>;
export const getHold = (id: string): Promise<HoldDetail> =>
  call('GET', `/holds/${id}`) as Promise<HoldDetail>;
export const previewHold = (window: HoldWindow, signal: AbortSignal): Promise<HoldCoverage> =>
  call('POST', '/holds/preview', { body: window, signal }) as Promise<HoldCoverage>;
/** `key` makes a repeated press harmless: the server answers the first placement again. */
export const placeHold = (request: HoldRequest, key: string): Promise<HoldPlaced> =>
  call('POST', '/holds', { body: request, headers: { 'idempotency-key': key } }) as Promise<HoldPlaced>;
/** A further hold of a case that is there already. */
export const placeInCase = (id: string, request: CaseHoldRequest, key: string): Promise<HoldPlaced> =>
  call('POST', `/cases/${id}/holds`, {
    body: request,
    headers: { 'idempotency-key': key },
  }) as Promise<HoldPlaced>;
export const getHoldCoverage = (id: string): Promise<HoldCoverage> =>
  call('GET', `/holds/${id}/coverage`) as Promise<HoldCoverage>;
export const getHoldPreservation = (id: string): Promise<HoldPreservation> =>
  call('GET', `/holds/${id}/preservation`) as Promise<HoldPreservation>;
export type HoldAct = 'review' | 'release' | 'narrow' | 'confirm' | 'approve' | 'refuse' | 'withdraw';
/** What an act says: the version that was seen, and what the act asks for. */
export interface ActBody {
  readonly version: number;
  readonly reason?: string;
  readonly password?: string;
  readonly reviewMs?: number;
  readonly cameraIds?: readonly string[];
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly endMs?: number | null;
}
/** One act on a hold as the person saw it: `body` names its version. Throws `conflict` when it is another by now. */
export const actOnHold = (id: string, act: HoldAct, body: ActBody): Promise<Hold> =>
  call('POST', `/holds/${id}/${act}`, { body }) as Promise<Hold>;
export interface Widening extends Window {
  readonly version: number;
  readonly cameraIds: readonly string[];
  readonly endMs: number | null;
  readonly reason: string;
}
export const widenHold = (id: string, body: Widening): Promise<HoldPlaced> =>
  call('POST', `/holds/${id}/widen`, { body }) as Promise<HoldPlaced>;
export const getCase = (id: string): Promise<CaseDetail> =>
  call('GET', `/cases/${id}`) as Promise<CaseDetail>;
export const changeCase = (id: string, body: CaseChange): Promise<unknown> =>
  call('POST', `/cases/${id}/change`, { body });
/** Who may be named on a case, and who can confirm. */
export async function getPeople(): Promise<PeopleList['people']> {
  return ((await call('GET', '/people')) as PeopleList).people;
}

export const AUDIT_PAGE = 100;
export const getAudit = (query: {
  before?: number | undefined;
  kind?: string | undefined;
}): Promise<AuditPage> =>
  call('GET', '/audit', { query: { ...query, limit: AUDIT_PAGE } }) as Promise<AuditPage>;

export const getStatus = (signal?: AbortSignal): Promise<Status> =>
  call('GET', '/status', { signal }) as Promise<Status>;
export const confirmAdoption = (rootId: string, password: string, trustNames: boolean): Promise<unknown> =>
  call('POST', `/roots/${rootId}/adoption`, { body: { password, trustNames } });
export const confirmHolds = (rootId: string, password: string): Promise<unknown> =>
  call('POST', `/roots/${rootId}/holds-confirmed`, { body: { password } });
export const replaceDisk = (rootId: string, password: string): Promise<unknown> =>
  call('POST', `/roots/${rootId}/disk`, { body: { password } });
export const resetBreaker = (rootId: string, password: string): Promise<unknown> =>
  call('POST', `/roots/${rootId}/breaker`, { body: { password } });
export const confirmUnowned = (rootId: string, password: string): Promise<unknown> =>
  call('POST', `/roots/${rootId}/unowned-rule`, { body: { password } });
export const getUnowned = (cursor: string | undefined): Promise<UnownedPage> =>
  call('GET', '/unowned', { query: { cursor } }) as Promise<UnownedPage>;
export const confirmClock = (password: string): Promise<unknown> =>
  call('POST', '/clock/confirm', { body: { password } });

export async function getAccounts(): Promise<Account[]> {
  return ((await call('GET', '/accounts')) as { accounts: Account[] }).accounts;
}
export const changeAccount = (id: number, change: { disabled?: boolean; role?: Role }): Promise<unknown> =>
  call('PATCH', `/accounts/${String(id)}`, { body: change });
