import { z } from 'zod';
import { password } from './session.ts';

export const Confirmation = z.strictObject({ password });
export const AdoptionConfirmation = z.strictObject({
  password,
  trustNames: z.boolean().default(false),
});
/** Roots carry the id of their source. */
export const RootPath = z.strictObject({ id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/) });
