/** The headers of every answer, errors and raw ones included. */
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

const SELF = "'self'";
const NONE = "'none'";

export const CONTENT_SECURITY_POLICY = {
  'default-src': [NONE],
  'script-src': [SELF],
  'style-src': [SELF],
  'img-src': [SELF, 'blob:'],
  'media-src': [SELF, 'blob:'],
  'connect-src': [SELF],
  'font-src': [SELF],
  'frame-ancestors': [NONE],
  'base-uri': [NONE],
  'form-action': [SELF],
};

const HSTS_S = 365 * 24 * 3600;

/** What answers carry that never reached express: a request no parser understood. */
export const RAW_HEADERS: readonly string[] = [
  `Strict-Transport-Security: max-age=${String(HSTS_S)}`,
  `Content-Security-Policy: default-src ${NONE}`,
  'X-Content-Type-Options: nosniff',
  'Cache-Control: no-store',
  'Cross-Origin-Resource-Policy: same-origin',
];

/** Two steps: helmet's, and what helmet does not set. */
export function securityHeaders(): ((req: Request, res: Response, next: NextFunction) => void)[] {
  const own = (_req: Request, res: Response, next: NextFunction): void => {
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), display-capture=()');
    next();
  };
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      strictTransportSecurity: { maxAge: HSTS_S, includeSubDomains: false },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    own,
  ];
}
