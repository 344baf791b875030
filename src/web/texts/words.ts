/** What a component needs to speak: the language of this browser, its texts, and times in the site's zone. */
import type { TimeFormat } from '../time/format.ts';
import type { Texts } from './index.ts';
import type { Counted } from './count.ts';
import type { Language } from './language.ts';

export interface Words {
  readonly language: Language;
  readonly texts: Texts;
  readonly time: TimeFormat;
  /** 2,148 */
  readonly number: (n: number) => string;
  readonly counted: Counted;
}
