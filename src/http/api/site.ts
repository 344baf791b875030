import { z } from 'zod';

/** GET /site, without a session: nothing about cameras or footage. */
export const Site = z.strictObject({
  name: z.string(),
  city: z.string(),
  language: z.enum(['nl', 'en', 'fr']),
  timeZone: z.string(),
  retentionDays: z.number(),
  version: z.string(),
});

export type Site = z.infer<typeof Site>;
