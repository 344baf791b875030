/** Identifiers that nobody can guess; the only user of the system's random source besides key material. */
import { randomBytes, randomUUID } from 'node:crypto';

/** A UUID, version 4. */
export function newId(): string {
  return randomUUID();
}

/** An opaque token of `bytes` random bytes, base64url. */
export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
