/** Which page is shown: the part of the address behind the `#`, so that the server never learns where one looks. */
import type { Role } from '../api/endpoints.ts';
import { createStore } from './store.ts';

export type Page = 'review' | 'holds' | 'audit' | 'status' | 'accounts';
export const PAGES: readonly Page[] = ['review', 'holds', 'audit', 'status', 'accounts'];

export interface Route {
  /** Undefined: the address names none; the role's first page is shown. */
  readonly page: Page | undefined;
  /** What follows the page, e.g. the id of a hold. */
  readonly rest: string;
}

/** The pages of a role, its first one first. The server refuses the others whatever is asked. */
export const PAGES_OF: Readonly<Record<Role, readonly Page[]>> = {
  security: ['review', 'holds', 'status'],
  facility: ['holds', 'status'],
  privacy: ['audit', 'holds', 'status'],
  admin: ['accounts', 'status'],
};

export function parseRoute(hash: string): Route {
  const [, name = '', ...rest] = hash.replace(/^#/, '').split('/');
  return { page: PAGES.find((p) => p === name), rest: rest.join('/') };
}

export const route = createStore<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => {
  route.set(parseRoute(location.hash));
});

export function go(page: Page, rest = ''): void {
  location.hash = rest === '' ? `#/${page}` : `#/${page}/${rest}`;
}
