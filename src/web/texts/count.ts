/** Counted things: the number as the language writes it, in the form of the sentence that goes with it. Pure. */
import { LOCALES, type Language } from './language.ts';

/** `#` stands for the number. English and Dutch say `one` of one thing only, French of none as well. */
export type Counted = (n: number, one: string, other: string) => string;

export function counting(language: Language): Counted {
  const rules = new Intl.PluralRules(LOCALES[language]);
  const format = new Intl.NumberFormat(LOCALES[language]);
  return (n, one, other) => (rules.select(n) === 'one' ? one : other).replaceAll('#', () => format.format(n));
}
