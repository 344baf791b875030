/** Files nobody owns: what each kind is, and what to do about it. */
import { counting } from './count.ts';
import type { Catalogue } from './language.ts';

const enCount = counting('en');
const en = {
  reasons: {
    no_layout: 'Fits no pattern of the layout. Try the layout, or move it away.',
    no_camera: 'Of a camera of the recorder that the configuration does not name. Name it, or move it away.',
    no_clip: 'Belongs to a clip that is not there.',
    unfinished: 'A temporary file the recorder left behind.',
    link: 'A link. It is not followed and never deleted.',
    special: 'A device, pipe or socket. Never deleted.',
    unreadable_dir: 'A directory that cannot be read. See permissions and the disk.',
    other_mount: 'Another file system is mounted there. Give it a source of its own.',
    too_deep: 'Lies deeper than a recorder writes.',
  },
  odd: {
    empty: 'Clips without any content. They are deleted like any other.',
    undatable: 'Clips without a believable time. They are deleted by the time they were first seen.',
  },
  empty: (n: string) => `without content: ${n}`,
  noRule: 'There is no rule: they are never deleted.',
  waits: (days: number) =>
    `A rule waits to be confirmed by an administrator: deleted when older than ${enCount(days, '# day', '# days')}.`,
  inForce: (days: number) =>
    `By the confirmed rule they go when older than ${enCount(days, '# day', '# days')}, unless a hold keeps them.`,
  confirm: 'Confirm the rule',
  confirmMore:
    'Look at the list first. Files older than the rule are deleted from then on; no hold is overruled.',
  show: 'Show the names',
  more: 'Show more',
};
interface Unowned extends Omit<typeof en, 'reasons' | 'odd'> {
  readonly odd: Readonly<Record<keyof (typeof en)['odd'], string>>;
  readonly reasons: Readonly<Record<keyof (typeof en)['reasons'], string>>;
}

const nlCount = counting('nl');
const nl: Unowned = {
  reasons: {
    no_layout: 'Past bij geen patroon van de indeling. Probeer de indeling, of verplaats het.',
    no_camera: 'Van een camera van de recorder die de configuratie niet noemt. Noem haar, of verplaats het.',
    no_clip: 'Hoort bij een fragment dat er niet is.',
    unfinished: 'Een tijdelijk bestand dat de recorder liet liggen.',
    link: 'Een koppeling. Zij wordt niet gevolgd en nooit gewist.',
    special: 'Een apparaat, pijp of socket. Wordt nooit gewist.',
    unreadable_dir: 'Een onleesbare map. Kijk naar rechten en schijf.',
    other_mount: 'Daar is een ander bestandssysteem aangekoppeld. Geef het een eigen bron.',
    too_deep: 'Ligt dieper dan een recorder schrijft.',
  },
  odd: {
    empty: 'Fragmenten zonder inhoud. Zij worden gewist als elk ander.',
    undatable:
      'Fragmenten zonder geloofwaardige tijd. Zij worden gewist naar wanneer zij voor het eerst gezien zijn.',
  },
  empty: (n) => `zonder inhoud: ${n}`,
  noRule: 'Er is geen regel: zij worden nooit gewist.',
  waits: (days) =>
    `Een regel wacht op bevestiging door een beheerder: gewist als ouder dan ${nlCount(days, '# dag', '# dagen')}.`,
  inForce: (days) =>
    `Volgens de bevestigde regel gaan zij als zij ouder zijn dan ${nlCount(days, '# dag', '# dagen')}, tenzij vastgehouden.`,
  confirm: 'Regel bevestigen',
  confirmMore:
    'Bekijk eerst de lijst. Bestanden ouder dan de regel worden voortaan gewist; wat vastgehouden is blijft.',
  show: 'Namen tonen',
  more: 'Meer tonen',
};

const frCount = counting('fr');
const fr: Unowned = {
  reasons: {
    no_layout: 'Ne suit aucun modèle de la disposition. Essayez-la, ou déplacez-le.',
    no_camera: 'D’une caméra que la configuration ne nomme pas. Nommez-la, ou déplacez-le.',
    no_clip: 'Appartient à une séquence qui n’est pas là.',
    unfinished: 'Un fichier temporaire laissé par l’enregistreur.',
    link: 'Un lien. Il n’est ni suivi ni jamais effacé.',
    special: 'Un périphérique, tube ou socket. Jamais effacé.',
    unreadable_dir: 'Un répertoire illisible. Voyez les droits et le disque.',
    other_mount: 'Un autre système de fichiers y est monté. Donnez-lui sa propre source.',
    too_deep: 'Plus profond qu’aucun enregistreur n’écrit.',
  },
  odd: {
    empty: 'Séquences sans contenu. Elles sont effacées comme toute autre.',
    undatable: 'Séquences sans heure crédible. Elles sont effacées d’après leur première observation.',
  },
  empty: (n) => `sans contenu : ${n}`,
  noRule: 'Il n’y a pas de règle : ils ne sont jamais effacés.',
  waits: (days) =>
    `Une règle attend la confirmation d’un administrateur : effacés après ${frCount(days, '# jour', '# jours')}.`,
  inForce: (days) =>
    `Par la règle confirmée ils partent après ${frCount(days, '# jour', '# jours')}, sauf conservation.`,
  confirm: 'Confirmer la règle',
  confirmMore:
    'Voyez d’abord la liste. Les fichiers plus vieux que la règle sont dès lors effacés ; ce qui est conservé reste.',
  show: 'Montrer les noms',
  more: 'En montrer plus',
};

export const unowned: Catalogue<Unowned> = { nl, en, fr };
