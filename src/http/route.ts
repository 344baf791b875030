/**
 * A route: what it is called, who may, what comes in and goes out. The server is built from these, and OpenAPI is
 * written from them; a route without a permission cannot be expressed (I15).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Permission } from '../access/roles.ts';
import type { Session } from '../access/session.ts';
import type { HttpDeps } from './deps.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request that passed the guard, with its inputs validated. */
export interface Call<S, P, Q, B> {
  readonly deps: HttpDeps;
  readonly session: S;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly req: IncomingMessage;
  /** Address of the client; of the connection, unless a trusted proxy names another. */
  readonly peer: string;
  /** The retention clock at the beginning of the request. */
  readonly nowMs: number;
  /** HEAD asks for what GET would answer, without the content. */
  readonly head: boolean;
}

/** What a handler answers: JSON, nothing, or bytes it sends itself. */
export type Answer =
  | {
      readonly status: 200 | 201;
      readonly json: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly status: 204; readonly headers?: Readonly<Record<string, string>> }
  | { readonly send: (res: ServerResponse) => Promise<void> };

/** What goes out, for OpenAPI and for the tests that hold answers against it. */
export type Output =
  | { readonly status: 200 | 201; readonly json: z.ZodType }
  | { readonly status: 204 }
  | { readonly status: 200; readonly bytes: readonly string[] };

interface Spec<S, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Method;
  /** The whole path, with `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly output: Output;
  readonly handle: (call: Call<S, z.output<P>, z.output<Q>, z.output<B>>) => Answer | Promise<Answer>;
}

/** A route as the server sees it: inputs are validated by its schemas, so the handler's types hold. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly allow: Permission | 'public';
  /** Footage: a purpose must be in force. */
  readonly needsPurpose: boolean;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Undefined: the request has no body. */
  readonly body: z.ZodType | undefined;
  readonly output: Output;
  /** Called when the request is refused before the handler: a refused log-in is an attempt and owes its record. */
  readonly onRefused: ((call: RefusedCall, error: unknown) => void) | undefined;
  readonly handle: (call: Call<Session | undefined, unknown, unknown, unknown>) => Answer | Promise<Answer>;
}

export interface RefusedCall {
  readonly deps: HttpDeps;
  readonly peer: string;
  /** The body as it came, if it could be read at all. */
  readonly body: unknown;
}

/** No parameters: whatever is sent all the same is refused. */
const NONE = z.strictObject({});
type None = typeof NONE;

/** A route for people with a permission. A change must carry the CSRF token of its session. */
export function guarded<P extends z.ZodType = None, Q extends z.ZodType = None, B extends z.ZodType = None>(
  spec: Spec<Session, P, Q, B> & { readonly allow: Permission; readonly needsPurpose?: boolean },
): Route {
  return {
    ...common(spec),
    allow: spec.allow,
    needsPurpose: spec.needsPurpose ?? false,
    onRefused: undefined,
    handle: spec.handle as Route['handle'],
  };
}

/** A route for anybody; `session` is there when the visitor has one. */
export function open<P extends z.ZodType = None, Q extends z.ZodType = None, B extends z.ZodType = None>(
  spec: Spec<Session | undefined, P, Q, B> & { readonly onRefused?: Route['onRefused'] },
): Route {
  return {
    ...common(spec),
    allow: 'public',
    needsPurpose: false,
    onRefused: spec.onRefused,
    handle: spec.handle as Route['handle'],
  };
}

function common<S, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  spec: Spec<S, P, Q, B>,
): Pick<Route, 'method' | 'path' | 'summary' | 'params' | 'query' | 'body' | 'output'> {
  const { method, path, summary, output } = spec;
  return {
    method,
    path,
    summary,
    output,
    params: spec.params ?? NONE,
    query: spec.query ?? NONE,
    body: spec.body,
  };
}
