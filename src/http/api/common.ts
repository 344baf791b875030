/** Building blocks of the API's messages. Times are UTC milliseconds (`...Ms`); ranges are half open. */
import { z } from 'zod';

/** Years 1970 to 9999. */
export const ms = z.number().int().min(0).max(253_402_300_799_999);

/** A whole number in a query or a path: decimal digits and nothing else (`1e3`, `0x10` and ` 1` are refused). */
export const decimal = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/, 'a whole number in decimal digits')
  .transform(Number)
  .pipe(z.number().int().max(Number.MAX_SAFE_INTEGER));

export const cameraId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/);
export const texts = z.strictObject({ nl: z.string(), en: z.string(), fr: z.string() });
export const role = z.enum(['security', 'facility', 'privacy', 'admin']);
export const range = z.strictObject({ fromMs: ms, toMs: ms });

/** A window in a query: `from` belongs to it, `to` does not. */
export const windowQuery = z.strictObject({ from: decimal.pipe(ms), to: decimal.pipe(ms) });

/** Text written by a person: trimmed, and of a length. */
export function words(min: number, max: number): z.ZodString {
  return z.string().trim().min(min).max(max);
}
