/**
 * Which passwords are accepted (NIST SP 800-63B): long, not common, not made of the names everybody here knows.
 * No rules about kinds of characters, nothing expires by itself. Pure.
 */
import { COMMON_PASSWORDS, COMMON_WORDS } from './common-passwords.ts';

export const MIN_PASSWORD_CHARACTERS = 15;
export const MAX_PASSWORD_CHARACTERS = 256;

export type PasswordFault = 'too_short' | 'too_long' | 'not_text' | 'common' | 'names';

/** What a person is told. */
export const PASSWORD_FAULTS: Readonly<Record<PasswordFault, string>> = {
  too_short: `a password has at least ${String(MIN_PASSWORD_CHARACTERS)} characters; a sentence is fine`,
  too_long: `a password has at most ${String(MAX_PASSWORD_CHARACTERS)} characters`,
  not_text: 'a password is text',
  common: 'this password is one of those that are tried first',
  names: 'a password made of the names of this place or person is tried first',
};

/** Undefined: the password may be used. `names` are those an attacker knows: the user's, the site's. */
export function passwordFault(password: string, names: readonly string[]): PasswordFault | undefined {
  if (!password.isWellFormed() || password.includes('\0')) return 'not_text';
  const length = Array.from(password).length;
  if (length < MIN_PASSWORD_CHARACTERS) return 'too_short';
  if (length > MAX_PASSWORD_CHARACTERS) return 'too_long';
  const squashed = squash(password);
  if (COMMON_PASSWORDS.has(squashed) || isMadeOf(squashed, COMMON_WORDS)) return 'common';
  const known = names.flatMap((n) => [squash(n), ...n.split(/[^\p{L}\p{N}]+/u).map(squash)]);
  return isMadeOf(squashed, [...COMMON_WORDS, ...known.filter((n) => n.length >= 3)]) ? 'names' : undefined;
}

/** Lower case, letters and digits only: what remains when the decoration is taken off; decoration alone stays. */
function squash(text: string): string {
  const bare = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return bare === '' ? text : bare;
}

/** Digits beyond this are a number of their own, not a year or a counter hung on a word. */
const MAX_COUNTER_DIGITS = 4;

/** Whether the text is nothing but these words one after the other, with short numbers between them. */
function isMadeOf(text: string, words: readonly string[]): boolean {
  const reachable = new Array<boolean>(text.length + 1).fill(false);
  reachable[0] = true;
  for (let at = 0; at < text.length; at += 1) {
    if (!reachable[at]) continue;
    for (const word of words) if (text.startsWith(word, at)) reachable[at + word.length] = true;
    const digits = /^\d*/.exec(text.slice(at, at + MAX_COUNTER_DIGITS))?.[0].length ?? 0;
    for (let n = 1; n <= digits; n += 1) reachable[at + n] = true;
    // The same character over and over.
    const same = runLength(text, at);
    if (same >= 3) reachable[at + same] = true;
  }
  return reachable[text.length] === true;
}

function runLength(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] === text[at]) end += 1;
  return end - at;
}
