/** Inputs of a request, held against the route's schemas. What the schemas do not name is refused. */
import express, { type Request, type RequestHandler, type Response } from 'express';
import { FortnightError } from '../base/errors.ts';
import type { Route } from './route.ts';

/** The largest body is a hold's reason of 2,000 characters with its fields. */
const MAX_BODY_BYTES = 64 * 1024;

const readJson: RequestHandler = express.json({
  limit: MAX_BODY_BYTES,
  type: () => true,
  inflate: false,
  strict: true,
});

/** Reads the body of a request as JSON. Throws `unsupported_media_type`, or what express says (see problems.ts). */
export async function readBody(req: Request, res: Response): Promise<unknown> {
  const type = req.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type))
    throw new FortnightError('unsupported_media_type', 'the body must be application/json');
  await new Promise<void>((resolve, reject) => {
    void readJson(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the body cannot be read', { cause: error }));
    });
  });
  return req.body as unknown;
}

/** The query as names and values; a name that stands twice is refused, so that nobody reads one and checks the other. */
export function readQuery(target: string): Record<string, string> {
  const at = target.indexOf('?');
  const pairs = [...new URLSearchParams(at < 0 ? '' : target.slice(at + 1))];
  const query = Object.fromEntries(pairs);
  if (Object.keys(query).length !== pairs.length)
    throw new FortnightError('invalid', 'a query parameter stands twice');
  return query;
}

/** Validated inputs. Throws a ZodError; a path parameter that cannot be one is `not_found`. */
export function validate(
  route: Route,
  raw: { params: unknown; query: unknown; body: unknown },
): { params: unknown; query: unknown; body: unknown } {
  const params = route.params.safeParse(raw.params);
  if (!params.success) throw new FortnightError('not_found', 'there is nothing here');
  return { params: params.data, query: route.query.parse(raw.query), body: route.body?.parse(raw.body) };
}
