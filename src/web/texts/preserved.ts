/** How far held footage is preserved, and what is wrong with it. */
import { counting } from './count.ts';
import type { Catalogue } from './language.ts';

const enCount = counting('en');
const en = {
  title: 'Preserved',
  of: (n: string, all: string) => `${n} of ${all}`,
  pinned: 'With a second name on the disk',
  pinnedMore: 'stays when the recorder deletes',
  copied: 'Copied, with a checksum',
  copiedMore: 'stays when the recorder overwrites or truncates',
  whole: 'Decoded from begin to end, whole',
  waiting: (n: number) => enCount(n, '# waits for its turn', '# wait for their turn'),
  damaged: 'Ends early or is damaged',
  damagedMore: 'the original may still be found at the recorder: look for it now',
  unchecked: 'Could not be decoded',
  flaws: 'What was found',
  shown: (shown: number, all: number) => `The first ${String(shown)} of ${enCount(all, '#', '#')}`,
  endsEarly: (span: string) => `The recording stops ${span} early`,
  errors: (n: number) => enCount(n, '# decode error', '# decode errors'),
  altered: 'The copy is no longer what was stored',
  why: {
    no_ffmpeg: 'ffmpeg is not installed',
    still: 'A still picture has no length',
    time: 'It would have taken too long',
    failed: 'The decoder gave up',
  },
};
type Preserved = typeof en;

const nlCount = counting('nl');
const nl: Preserved = {
  title: 'Veiliggesteld',
  of: (n, all) => `${n} van ${all}`,
  pinned: 'Met een tweede naam op de schijf',
  pinnedMore: 'blijft als de recorder wist',
  copied: 'Gekopieerd, met controlegetal',
  copiedMore: 'blijft als de recorder overschrijft of inkort',
  whole: 'Van begin tot eind gedecodeerd, heel',
  waiting: (n) => nlCount(n, '# wacht op zijn beurt', '# wachten op hun beurt'),
  damaged: 'Stopt te vroeg of is beschadigd',
  damagedMore: 'het origineel is misschien nog op de recorder: zoek het nu',
  unchecked: 'Kon niet worden gedecodeerd',
  flaws: 'Wat is gevonden',
  shown: (shown, all) => `De eerste ${String(shown)} van ${nlCount(all, '#', '#')}`,
  endsEarly: (span) => `De opname stopt ${span} te vroeg`,
  errors: (n) => nlCount(n, '# decodeerfout', '# decodeerfouten'),
  altered: 'De kopie is niet meer wat werd opgeslagen',
  why: {
    no_ffmpeg: 'ffmpeg is niet geïnstalleerd',
    still: 'Een stilstaand beeld heeft geen duur',
    time: 'Het had te lang geduurd',
    failed: 'De decoder gaf op',
  },
};

const frCount = counting('fr');
const fr: Preserved = {
  title: 'Mis en sûreté',
  of: (n, all) => `${n} sur ${all}`,
  pinned: 'Avec un second nom sur le disque',
  pinnedMore: 'reste quand l’enregistreur efface',
  copied: 'Copiées, avec une somme de contrôle',
  copiedMore: 'reste quand l’enregistreur écrase ou tronque',
  whole: 'Décodées du début à la fin, entières',
  waiting: (n) => frCount(n, '# attend son tour', '# attendent leur tour'),
  damaged: 'Finit trop tôt ou est endommagée',
  damagedMore: 'l’original est peut-être encore sur l’enregistreur : cherchez-le maintenant',
  unchecked: 'N’a pas pu être décodée',
  flaws: 'Ce qui a été trouvé',
  shown: (shown, all) => `Les ${String(shown)} premières sur ${frCount(all, '#', '#')}`,
  endsEarly: (span) => `L’enregistrement s’arrête ${span} trop tôt`,
  errors: (n) => frCount(n, '# erreur de décodage', '# erreurs de décodage'),
  altered: 'La copie n’est plus ce qui a été enregistré',
  why: {
    no_ffmpeg: 'ffmpeg n’est pas installé',
    still: 'Une image fixe n’a pas de durée',
    time: 'Cela aurait pris trop de temps',
    failed: 'Le décodeur a renoncé',
  },
};

export const preserved: Catalogue<Preserved> = { nl, en, fr };
