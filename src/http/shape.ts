/** What a request must look like before anything else is asked of it. */
import type { IncomingMessage } from 'node:http';
import { FortnightError } from '../base/errors.ts';
import { Refusal } from './problems.ts';

/** Longer targets are no addresses of ours. */
const MAX_TARGET = 2048;

const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Names under which the box itself reaches the service. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Throws for what is refused whatever the route: `misdirected` for a foreign Host (a page that rebinds its name to
 * our address), `invalid` for a body without a length (request smuggling), `not_found` for a target that is no plain
 * path (nothing of ours needs an escape).
 */
export function demandShape(req: IncomingMessage, hosts: readonly string[]): void {
  if (!KNOWN_METHODS.includes(req.method ?? ''))
    throw new FortnightError('method_not_allowed', 'this method is not used here');
  if (req.headers['transfer-encoding'] !== undefined) throw closing('a body must come with its length');
  if (req.httpVersion === '0.9') throw closing('HTTP/1.1 is spoken here');
  const target = req.url ?? '';
  if (!target.startsWith('/')) throw new FortnightError('invalid', 'the target must be a path');
  if (req.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length !== 1)
    throw closing('a request names one host');
  if (!isOurs(req.headers.host, hosts))
    throw new FortnightError('misdirected', 'this service has another name');
  if (target.length > MAX_TARGET || !isPlainPath(target.split('?', 1)[0] ?? ''))
    throw new FortnightError('not_found', 'there is nothing here');
}

/** Where one request ends and the next begins is in doubt: nothing more is read from this connection. */
function closing(sentence: string): Refusal {
  return new Refusal('invalid', sentence, { headers: { connection: 'close' } });
}

function isOurs(host: string | undefined, hosts: readonly string[]): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
  return name !== undefined && (LOCAL_HOSTS.includes(name) || hosts.some((h) => h.toLowerCase() === name));
}

function isPlainPath(path: string): boolean {
  if (path === '/') return true;
  const components = path.slice(1).split('/');
  return components.every((c) => /^[A-Za-z0-9._-]+$/.test(c) && c !== '.' && c !== '..');
}
