/** Who acts over the control socket, and how what they get becomes JSON. */
import { z } from 'zod';
import type { Access } from './access/access.ts';
import type { Permission } from './access/roles.ts';
import type { Json } from './base/canonical-json.ts';

export const credentials = { as: z.string().min(1).max(64), password: z.string().min(1).max(512) };

export interface PersonParts {
  readonly access: Access;
  readonly nowMs: () => number;
}

export interface Acting {
  readonly as: string;
  readonly password: string;
  readonly permission: Permission;
}

/** Proves who acts, for one act and without a session; the attempt is recorded like any other. */
export async function asPerson(
  parts: PersonParts,
  who: Acting,
  act: (by: string) => Promise<Json>,
): Promise<Json> {
  const { as: userName, password, permission } = who;
  const attempt = { userName, password, peer: 'console', nowMs: parts.nowMs() };
  const account = await parts.access.signIn.identify(attempt, permission);
  return act(account.userName);
}

/** What a typed value becomes on the wire; every answer here is made of JSON values. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
