/**
 * The certificate: the configured one, or one of our own, made at first start and again before it ends. TLS 1.2 and
 * 1.3 with forward secrecy and authenticated encryption only.
 */
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { constants } from 'node:crypto';
import { join } from 'node:path';
import { isIP } from 'node:net';
import { DAY_MS } from '../base/clock.ts';
import { replaceFile } from '../base/durable.ts';
import { errnoOf, FortnightError } from '../base/errors.ts';
import type { HttpConfig } from '../config/config.ts';

const VALID_MS = 730 * DAY_MS;
/** A certificate of ours is replaced when it ends within this time. */
const RENEW_MS = 30 * DAY_MS;
/** Begins a day early: clocks of clients differ. */
const EARLY_MS = DAY_MS;

export const TLS_OPTIONS: SecureContextOptions & { honorCipherOrder: boolean } = {
  minVersion: 'TLSv1.2',
  // The 128-bit key first: as safe for this, and a third faster where footage is sent.
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
};

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** The key pair to serve with. Throws `config_invalid` when the configured files cannot be read or do not fit. */
export async function keyPair(
  config: Pick<HttpConfig, 'tls' | 'hosts'>,
  stateDir: string,
  wallMs: number,
): Promise<KeyPair> {
  const { tls } = config;
  if (tls !== undefined) return configured(tls);
  const dir = join(stateDir, 'tls');
  const own = readOwn(dir);
  if (own !== undefined && stillServes(own.cert, config.hosts, wallMs)) return own;
  return makeOwn(dir, config.hosts, wallMs);
}

/** When the certificate ends, UTC ms; for the metric of days left. */
export function endsAtMs(pair: KeyPair): number {
  return Date.parse(new X509Certificate(pair.cert).validTo);
}

function configured(tls: { certFile: string; keyFile: string }): KeyPair {
  try {
    return { cert: readFileSync(tls.certFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') };
  } catch (error) {
    throw new FortnightError('config_invalid', 'the configured certificate or its key cannot be read', {
      hint: 'check http.tls: both files must be readable by the user the service runs as',
      cause: error,
    });
  }
}

function readOwn(dir: string): KeyPair | undefined {
  try {
    const cert = readFileSync(join(dir, 'cert.pem'), 'utf8');
    const key = readFileSync(join(dir, 'key.pem'), 'utf8');
    return { cert, key };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw new FortnightError('storage_failed', 'the certificate in the state directory cannot be read', {
      cause: error,
    });
  }
}

function stillServes(cert: string, hosts: readonly string[], wallMs: number): boolean {
  const parsed = parse(cert);
  if (parsed === undefined) return false;
  const fits = allNames(hosts).every((n) =>
    isIP(n) === 0 ? parsed.checkHost(n) !== undefined : parsed.checkIP(n) !== undefined,
  );
  return fits && Date.parse(parsed.validFrom) <= wallMs && Date.parse(parsed.validTo) - RENEW_MS > wallMs;
}

function parse(cert: string): X509Certificate | undefined {
  try {
    return new X509Certificate(cert);
  } catch {
    return undefined; // a torn or foreign file: a new one is made
  }
}

async function makeOwn(dir: string, hosts: readonly string[], wallMs: number): Promise<KeyPair> {
  const names = allNames(hosts);
  const altNames = names.map((n) =>
    isIP(n) === 0 ? { type: 2 as const, value: n } : { type: 7 as const, ip: n },
  );
  // Not with the rest of the program: it takes an eighth of a start, and is needed once in two years.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(wallMs - EARLY_MS),
    notAfterDate: new Date(wallMs - EARLY_MS + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  // The key first: a certificate without its key would be believed at the next start.
  replaceFile(join(dir, 'key.pem'), Buffer.from(made.private), 0o600);
  replaceFile(join(dir, 'cert.pem'), Buffer.from(made.cert), 0o600);
  return { cert: made.cert, key: made.private };
}

function allNames(hosts: readonly string[]): string[] {
  return [...new Set([...hosts.map((h) => h.replace(/^\[|\]$/g, '')), 'localhost', '127.0.0.1', '::1'])];
}
