import { expect, it } from 'vitest';
import { z } from 'zod';
import { limitSentence } from '../../src/base/limit-sentence.ts';

it.each<[z.ZodType, unknown, string | undefined]>([
  [z.string().min(20), 'because', 'must have at least 20 characters'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().max(3), 'abcd', 'must have at most 3 characters'],
  [z.array(z.string()).min(1), [], 'must have at least 1 entries'],
  [z.number().max(90), 91, 'must be at most 90'],
  [z.enum(['nl', 'en', 'fr']), 'de', 'must be one of nl, en, fr'],
  [z.string(), 7, undefined],
])('%# says what the limit is, without the value', (schema, value, sentence) => {
  const issue = schema.safeParse(value).error?.issues[0];
  expect(issue && limitSentence(issue)).toBe(sentence);
});
