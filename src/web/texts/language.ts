/** The languages of the page. */
export type Language = 'nl' | 'en' | 'fr';
export const LANGUAGES: readonly Language[] = ['nl', 'en', 'fr'];
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  nl: 'Nederlands',
  en: 'English',
  fr: 'Français',
};

/** Of numbers, plurals and the names of days. */
export const LOCALES: Readonly<Record<Language, string>> = { nl: 'nl-NL', en: 'en-GB', fr: 'fr-FR' };

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((l) => l === value);
}

/** One area of the page in all languages: a key that one of them lacks fails the type check. */
export type Catalogue<T> = Readonly<Record<Language, T>>;
