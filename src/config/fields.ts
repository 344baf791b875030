/** The kinds of values of the configuration file; schema.ts makes keys of them. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { quoted } from '../base/printable.ts';
import { isTimeZone, timeZones } from './facts.ts';
import { didYouMean } from './problem.ts';

export const MAX_TEXT = 200;

const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
const NOT_ONE_LINE = 'must be one line without control characters';

/** One line of text. */
export const line = z.string().trim().min(1).max(MAX_TEXT).regex(ONE_LINE, NOT_ONE_LINE);

/** A stable name of ours, of a camera or a source. */
export const id = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,39}$/,
    'must be 1 to 40 of a-z, 0-9, "-" and "_", and begin with a letter or digit',
  );

/** Checked further in paths.ts, which looks at the disk. */
export const path = z.string().min(1).max(1024).regex(ONE_LINE, NOT_ONE_LINE);

export const timeZone = z.string().refine(isTimeZone, {
  error: ({ input }) =>
    `${quoted(String(input))} is no time zone of the IANA database${didYouMean(String(input), timeZones())}`,
});
export const address = z.string().refine((text) => isIP(text) !== 0, 'must be an IP address');
export const port = z.int().min(0).max(65_535);

/** What people read: one text for all, or one per language. */
export const texts = z.union([
  line,
  z
    .strictObject({ nl: line.optional(), en: line.optional(), fr: line.optional() })
    .refine((map) => Object.keys(map).length > 0, 'must be there in at least one language'),
]);

export type TextsFile = z.infer<typeof texts>;
