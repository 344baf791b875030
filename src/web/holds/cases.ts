/** What the pages of holds work on: all holds, the rules of the house, and who looks. */
import type { Camera, HoldList, PeopleList, Session } from '../../http/api/index.ts';
import { getCameras, getHolds, getPeople } from '../api/endpoints.ts';

/** All holds, and what the acts on them need to know. */
export interface Cases extends HoldList {
  readonly cameras: readonly Camera[];
  /** Who can be named on a case and can confirm; empty for roles that place no hold. */
  readonly people: PeopleList['people'];
  readonly session: Session;
  readonly days: number;
}

export async function loadCases(session: Session, days: number): Promise<Cases> {
  const mayPlace = session.permissions.includes('holds.place');
  const [list, cameras, people] = await Promise.all([
    getHolds(),
    getCameras(),
    mayPlace ? getPeople() : Promise.resolve([]),
  ]);
  return { ...list, cameras, people, session, days };
}
