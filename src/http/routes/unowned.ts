/** Files nobody owns: names that may tell of people, so only those who can do something about them see the list. */
import { UnownedPage, UnownedQuery } from '../api/index.ts';
import { guarded } from '../route.ts';

export const unowned = guarded({
  method: 'GET',
  path: '/api/v1/unowned',
  summary: 'Files below the roots that belong to no camera and no clip, page by page',
  allow: 'unowned.read',
  query: UnownedQuery,
  output: { status: 200, json: UnownedPage },
  handle: ({ deps, query }) => ({ status: 200, json: deps.unowned.page(query) }),
});
