import { z } from 'zod';
import { ms, role, words } from './common.ts';

export const Purpose = z.strictObject({
  kind: z.enum(['protect_property', 'legal_claim', 'case']),
  note: words(5, 300),
  /** Owed when kind is `case`. */
  caseRef: words(1, 80).optional(),
});

/** A password as typed: nothing is trimmed or normalised. The bound is in UTF-16 units; 256 characters may take two each. */
export const password = z
  .string()
  .min(1)
  .max(512)
  .refine((p) => p.isWellFormed() && !p.includes('\0'), 'not text');

export const LoginRequest = z.strictObject({
  userName: z
    .string()
    .min(1)
    .max(64)
    .refine((n) => n.isWellFormed() && !n.includes('\0'), 'not text'),
  password,
});
export const Session = z.strictObject({
  userName: z.string(),
  displayName: z.string(),
  role,
  permissions: z.array(z.string()),
  language: z.enum(['nl', 'en', 'fr']),
  /** Must be repeated in the header X-Fortnight-CSRF of every change. */
  csrfToken: z.string(),
  purpose: Purpose.nullable(),
  /** Ends without activity at, and in any case at. */
  idleEndsMs: ms,
  endsMs: ms,
});
export const PasswordChange = z.strictObject({
  currentPassword: password,
  newPassword: password,
});

export type Session = z.infer<typeof Session>;
export type Purpose = z.infer<typeof Purpose>;
