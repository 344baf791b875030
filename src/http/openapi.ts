/** OpenAPI 3.1, written from the table of routes and the very schemas that validate. */
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { programVersion } from '../base/version.ts';
import { Problem } from './api/index.ts';
import { COOKIE_NAME } from './cookie.ts';
import { CSRF_HEADER } from './guard.ts';
import type { Output, Route } from './route.ts';

export function openApiDocument(routes: readonly Route[]): ReturnType<typeof createDocument> {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Fortnight',
      version: programVersion(),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Times are UTC milliseconds, ranges half open, unknown fields refused. Errors are RFC 9457 problem documents.',
    },
    paths: pathsOf(routes),
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: COOKIE_NAME } },
    },
  });
}

function pathsOf(routes: readonly Route[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return paths;
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { allow, method, params, query, body, output, summary } = route;
  const token = z.strictObject({ [CSRF_HEADER]: z.string() });
  const guardedChange = allow !== 'public' && method !== 'GET';
  return {
    summary,
    description: allow === 'public' ? 'For anybody.' : `Needs the permission \`${allow}\`.`,
    security: allow === 'public' ? [] : [{ session: [] }],
    requestParams: {
      ...(isEmpty(params) ? {} : { path: params as z.ZodObject }),
      ...(isEmpty(query) ? {} : { query: query as z.ZodObject }),
      ...(guardedChange ? { header: token } : {}),
    },
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: { [String(output.status)]: answer(output), default: PROBLEM },
  };
}

const PROBLEM = {
  description: 'A problem document; `code` is stable.',
  content: { 'application/problem+json': { schema: Problem.meta({ id: 'Problem' }) } },
};

function answer(output: Output): { description: string; content?: Record<string, { schema: z.ZodType }> } {
  if ('json' in output)
    return { description: 'Done.', content: { 'application/json': { schema: output.json } } };
  if (!('bytes' in output)) return { description: 'Done; nothing to say.' };
  const content = output.bytes.map(
    (type) => [type, { schema: z.string().meta({ format: 'binary' }) }] as const,
  );
  return {
    description: 'Bytes; a single Range is honoured where there are many.',
    content: Object.fromEntries(content),
  };
}

function isEmpty(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0;
}
