/** The description of the API, as a route of its own. */
import { z } from 'zod';
import { openApiDocument } from '../openapi.ts';
import { open, type Route } from '../route.ts';

const Document = z.looseObject({ openapi: z.string() });

/** Describes `routes` and itself; written once, when it is first asked for. */
export function describeApi(routes: readonly Route[]): Route {
  let written: ReturnType<typeof openApiDocument> | undefined;
  const self = open({
    method: 'GET',
    path: '/api/v1/openapi.json',
    summary: 'This description, OpenAPI 3.1',
    output: { status: 200, json: Document },
    handle: () => {
      written ??= openApiDocument([...routes, self]);
      return { status: 200, json: written };
    },
  });
  return self;
}
