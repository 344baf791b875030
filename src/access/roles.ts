/**
 * Who may do what: the one role matrix. Default deny: what is not listed nobody may do (I15).
 * Every HTTP route names one permission of this table; a test enumerates route x role against it.
 */
export type Role = 'security' | 'facility' | 'privacy' | 'admin';
export const ROLES: readonly Role[] = ['security', 'facility', 'privacy', 'admin'];

export type Permission =
  | 'footage.view' // a byte of footage: stream, still, thumbnail
  | 'footage.list' // clips one by one
  | 'coverage.read' // when a camera recorded; no picture, no activity
  | 'holds.read'
  | 'holds.place'
  | 'holds.change' // widen, review, ask for a release or a narrowing, change the case
  | 'holds.confirm' // the second person: confirm, grant, refuse
  | 'holds.withdraw' // back to the safe side: take back a request, or a release that cools off
  | 'audit.read'
  | 'accounts.manage'
  | 'status.read'
  | 'roots.confirm' // adoption, breaker, hold list after recovery
  | 'roots.replace' // another disk in the place of one that is lost
  | 'clock.confirm'
  | 'unowned.read' // names of files nobody owns
  | 'unowned.confirm' // the rule by which they are deleted
  | 'session.own'; // read and end one's own session, state a purpose

export const MATRIX: Readonly<Record<Permission, readonly Role[]>> = {
  'footage.view': ['security'],
  'footage.list': ['security'],
  'coverage.read': ['security', 'facility'],
  'holds.read': ['security', 'facility', 'privacy'],
  'holds.place': ['facility'],
  'holds.change': ['facility'],
  'holds.confirm': ['security', 'privacy'],
  'holds.withdraw': ['security', 'facility', 'privacy'],
  'audit.read': ['privacy'],
  'accounts.manage': ['admin'],
  'status.read': ['security', 'facility', 'privacy', 'admin'],
  'roots.confirm': ['facility'],
  'roots.replace': ['admin'],
  'clock.confirm': ['admin'],
  'unowned.read': ['facility', 'admin'],
  'unowned.confirm': ['admin'],
  'session.own': ['security', 'facility', 'privacy', 'admin'],
};

export function may(role: Role, permission: Permission): boolean {
  return MATRIX[permission].includes(role);
}
