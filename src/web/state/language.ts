/** The language of this browser, its texts, and times in the site's zone. */
import type { Site } from '../../http/api/index.ts';
import { textsOf, type Texts } from '../texts/index.ts';
import { counting } from '../texts/count.ts';
import { isLanguage, type Language } from '../texts/language.ts';
import type { Words } from '../texts/words.ts';
import { createTimeFormat } from '../time/format.ts';
import { createZone } from '../time/zone.ts';
import { createStore, useValue } from './store.ts';

const KEY = 'fortnight.language';

let site: Site | undefined;
export const words = createStore<Words>(make('en'));

function make(language: Language): Words {
  const time = createTimeFormat(language, createZone(site?.timeZone ?? 'Etc/UTC'));
  const format = new Intl.NumberFormat(time.locale);
  return {
    language,
    texts: textsOf(language),
    time,
    number: (n) => format.format(n),
    counted: counting(language),
  };
}

function show(language: Language): void {
  document.documentElement.lang = language;
  words.set(make(language));
}

/** Takes the zone of the site, and its language unless this browser has chosen one. */
export function adoptSite(told: Site): void {
  site = told;
  const chosen = localStorage.getItem(KEY);
  show(isLanguage(chosen) ? chosen : told.language);
}

/** Chooses a language for this browser, kept for the next time. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  show(language);
}

export const useWords = (): Words => useValue(words);
export const useTexts = (): Texts => useValue(words).texts;
