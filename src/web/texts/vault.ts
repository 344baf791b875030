/** The vault: where copies of held clips lie apart from the recorders. */
import { counting } from './count.ts';
import type { Catalogue } from './language.ts';

const enCount = counting('en');
const en = {
  title: 'Vault',
  states: {
    online: 'Online: held clips are copied here.',
    offline:
      'Offline: the disk is not there. Held clips are copied below their recordings; what lies here waits.',
    foreign: 'Foreign: another disk lies here. Nothing is touched.',
    readonly: 'Read-only: held clips are copied below their recordings.',
    failing: 'Failing: a write was not confirmed. It stays so until the disk is mounted again.',
    recovery:
      'Recovery: this disk has seen holds that are not known here. Nothing is deleted here until somebody confirms the list of holds.',
  },
  copies: 'Copies',
  copiesOf: (n: number, size: string) => `${enCount(n, '# copy', '# copies')}, ${size}`,
  notCounted: 'not counted yet',
  keepFree: 'Stays free',
  shares: (sources: string) =>
    `It lies on the same disk as ${sources}: a disk that breaks takes original and copy.`,
};
interface Vault extends Omit<typeof en, 'states'> {
  readonly states: Readonly<Record<keyof (typeof en)['states'], string>>;
}

const nlCount = counting('nl');
const nl: Vault = {
  title: 'Kluis',
  states: {
    online: 'Bereikbaar: wat is vastgehouden wordt hierheen gekopieerd.',
    offline:
      'Onbereikbaar: de schijf is er niet. Wat is vastgehouden wordt naast de opnamen gekopieerd; wat hier ligt wacht.',
    foreign: 'Vreemd: hier staat een andere schijf. Er wordt niets aangeraakt.',
    readonly: 'Alleen-lezen: wat is vastgehouden wordt naast de opnamen gekopieerd.',
    failing:
      'Defect: een schrijfactie is niet bevestigd. Dat blijft zo tot de schijf opnieuw is aangekoppeld.',
    recovery:
      'Herstel: deze schijf kent zaken die hier onbekend zijn. Er wordt niets gewist tot iemand de lijst van wat is vastgehouden bevestigt.',
  },
  copies: 'Kopieën',
  copiesOf: (n, size) => `${nlCount(n, '# kopie', '# kopieën')}, ${size}`,
  notCounted: 'nog niet geteld',
  keepFree: 'Blijft vrij',
  shares: (sources) =>
    `Zij staat op dezelfde schijf als ${sources}: gaat die stuk, dan gaan origineel en kopie.`,
};

const frCount = counting('fr');
const fr: Vault = {
  title: 'Coffre',
  states: {
    online: 'En ligne : ce qui est conservé est copié ici.',
    offline:
      'Hors ligne : le disque n’est pas là. Ce qui est conservé est copié près des enregistrements ; ce qui est ici attend.',
    foreign: 'Étranger : un autre disque se trouve ici. Rien n’est touché.',
    readonly: 'Lecture seule : ce qui est conservé est copié près des enregistrements.',
    failing: 'En panne : une écriture n’a pas été confirmée. Cela dure jusqu’au prochain montage.',
    recovery:
      'Reprise : ce disque a connu des conservations inconnues ici. Rien n’y est effacé avant que leur liste soit confirmée.',
  },
  copies: 'Copies',
  copiesOf: (n, size) => `${frCount(n, '# copie', '# copies')}, ${size}`,
  notCounted: 'pas encore comptées',
  keepFree: 'Reste libre',
  shares: (sources) =>
    `Il est sur le même disque que ${sources} : un disque qui casse emporte l’original et la copie.`,
};

export const vault: Catalogue<Vault> = { nl, en, fr };
