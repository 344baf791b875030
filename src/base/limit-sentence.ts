/** What is wrong with a value that is of the right type, as the end of a sentence whose subject is its name. */

/** As the validator tells of it. */
export interface ValueIssue {
  readonly code?: string;
  /** What has the length or the size: `string`, `array`, `number`, `int`. */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly values?: readonly unknown[];
}

/** Undefined where the issue is about something else than a length, a size or a list of values. Never repeats the value. */
export function limitSentence(issue: ValueIssue): string | undefined {
  const { code, origin = '', minimum, maximum, values } = issue;
  if (code === 'invalid_value' && values !== undefined)
    return `must be one of ${values.map(String).join(', ')}`;
  if (code === 'too_small' && origin === 'string' && minimum === 1) return 'must not be empty';
  if (code === 'too_small') return `must ${bound(origin)} at least ${String(minimum)}${things(origin)}`;
  if (code === 'too_big') return `must ${bound(origin)} at most ${String(maximum)}${things(origin)}`;
  return undefined;
}

function bound(origin: string): string {
  return origin === 'number' || origin === 'int' ? 'be' : 'have';
}

function things(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}
