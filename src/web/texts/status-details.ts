/** The status page: roots, what blocks deletion, alarms, and what a person can confirm. */
import { counting } from './count.ts';
import type { Catalogue } from './language.ts';

const enCount = counting('en');
const en = {
  rootStates: {
    online: 'Online: clips are deleted on time.',
    offline: 'Offline: the disk is not there. Nothing is deleted and nothing counts as deleted.',
    foreign: 'Foreign: the disk belongs to another installation. Nothing is touched.',
    readonly: 'Read-only: the system refuses changes.',
    failing: 'Failing: a write was not confirmed. It stays so until the disk is mounted again.',
    adopting: 'First contact: footage was found and is shown; nothing is deleted yet.',
    recovery:
      'Recovery: this disk has seen a later state than there is here. Nothing is deleted until somebody confirms the list of holds.',
  },
  rootWords: {
    online: 'online',
    offline: 'offline',
    foreign: 'foreign',
    readonly: 'read-only',
    failing: 'failing',
    adopting: 'first contact',
    recovery: 'recovery',
  },
  layout: 'Layout',
  fileSystem: 'File system',
  free: 'Free',
  freeOf: (free: string, total: string) => `${free} of ${total}`,
  lastReconcile: 'Last full look',
  notYet: 'not yet',
  notKnown: 'not known',
  diskWalked: (when: string) => `Looked through without the index ${when}:`,
  diskOldest: (age: string) => `the oldest footage that nothing holds is ${age} old.`,
  diskNone: 'no footage that nothing holds.',
  diskOverdue: (n: number) => enCount(n, '# file is past its time.', '# files are past their time.'),
  diskUnindexed: (n: number) =>
    enCount(
      n,
      'The index did not know # of them; it is looked at again.',
      'The index did not know # of them; they are looked at again.',
    ),
  diskUnreadable: (n: number) =>
    enCount(n, '# directory could not be read.', '# directories could not be read.'),
  backlog: (n: number, rate: string) =>
    `A backlog of ${enCount(n, '# clip', '# clips')} is being deleted, the oldest first, ${rate} a second.`,
  backlogEnds: (span: string) => `Done in ${span}.`,
  waiting: (n: number) => enCount(n, '# clip would go at once.', '# clips would go at once.'),
  adoptionEnds: (when: string) => `Without an answer deletion begins ${when}.`,
  adopt: 'Confirm the recordings',
  adoptMore: 'From then on clips of this disk are deleted when their time has come.',
  trustNames: 'Trust the times in the file names, not those of the files (after a copy that lost them)',
  holdsStand: (n: string) => `Holds that stand now: ${n}. Compare the list with the cases you know of.`,
  confirmHolds: 'Confirm the list of holds',
  confirmHoldsMore:
    'First look at the list under Holds and set again what is missing. From then on clips of this disk that no hold of the list covers are deleted when their time has come.',
  replaceDisk: 'Take this disk',
  replaceDiskWhen:
    'An admin can take the disk that lies here when the one before is lost for good or was replaced.',
  replaceDiskMore:
    'Nothing is claimed of what lay on the disk before: its clips become missing, and held ones are named. Copies that lay there are made anew where the recordings still are. Destroy the old disk yourself.',
  breaker: (when: string) => `Deletion paused since ${when}: too much would go at once.`,
  resume: 'Let deletion go on',
  resumeMore:
    'Check first whether the clock or a disk has changed. It goes on by itself after 24 hours with a trusted clock.',
  repair: 'Repair with',
  confirm: 'Confirm',
  blocked: {
    root_offline: 'the disk is offline',
    root_foreign: 'the disk belongs to another installation',
    root_readonly: 'the disk is read-only',
    root_failing: 'the disk is failing',
    adoption: 'the recordings wait to be confirmed',
    recovery: 'the holds wait to be confirmed',
    breaker: 'too much would go at once',
    audit_reserve_gone: 'the audit cannot be written',
    unlink_refused: 'the system refuses to delete',
    vault_offline: 'copies of due clips lie in the vault, which is not online',
  },
  blockedOn: (reason: string, root: string) => `${reason} (${root})`,
  alarmSince: (when: string) => `since ${when}`,
  checks: {
    create: 'create a file',
    link: 'make a second name',
    unlink: 'delete',
    fsync: 'write durably',
    read_clips: 'read the recordings',
    unlink_clips: 'delete the recordings',
    link_clips: 'give the recordings a second name',
  },
};
interface Details extends Omit<typeof en, 'rootStates' | 'rootWords' | 'blocked' | 'checks'> {
  readonly rootStates: (typeof en)['rootStates'];
  readonly rootWords: (typeof en)['rootWords'];
  /** By reason; a reason the page does not know is shown as it is. */
  readonly blocked: Readonly<Record<keyof (typeof en)['blocked'], string>>;
  readonly checks: Readonly<Record<keyof (typeof en)['checks'], string>>;
}

const nlCount = counting('nl');
const nl: Details = {
  rootStates: {
    online: 'Bereikbaar: fragmenten worden op tijd gewist.',
    offline: 'Onbereikbaar: de schijf is er niet. Er wordt niets gewist en niets geldt als gewist.',
    foreign: 'Vreemd: de schijf hoort bij een andere installatie. Er wordt niets aangeraakt.',
    readonly: 'Alleen-lezen: het systeem weigert wijzigingen.',
    failing:
      'Defect: een schrijfactie is niet bevestigd. Dat blijft zo tot de schijf opnieuw is aangekoppeld.',
    adopting: 'Eerste kennismaking: beelden zijn gevonden en zichtbaar; er wordt nog niets gewist.',
    recovery:
      'Herstel: deze schijf kent een latere stand dan hier is. Er wordt niets gewist tot iemand de lijst van wat is vastgehouden bevestigt.',
  },
  rootWords: {
    online: 'bereikbaar',
    offline: 'onbereikbaar',
    foreign: 'vreemd',
    readonly: 'alleen-lezen',
    failing: 'defect',
    adopting: 'eerste kennismaking',
    recovery: 'herstel',
  },
  layout: 'Indeling',
  fileSystem: 'Bestandssysteem',
  free: 'Vrij',
  freeOf: (free, total) => `${free} van ${total}`,
  lastReconcile: 'Laatst geheel bekeken',
  notYet: 'nog niet',
  notKnown: 'niet bekend',
  diskWalked: (when) => `Buiten de index om doorgekeken ${when}:`,
  diskOldest: (age) => `de oudste opname die door niets wordt vastgehouden is ${age} oud.`,
  diskNone: 'geen opnamen die door niets worden vastgehouden.',
  diskOverdue: (n) => nlCount(n, 'Van # bestand is de tijd om.', 'Van # bestanden is de tijd om.'),
  diskUnindexed: (n) =>
    nlCount(
      n,
      'De index kende er # niet; dat wordt opnieuw bekeken.',
      'De index kende er # niet; die worden opnieuw bekeken.',
    ),
  diskUnreadable: (n) => nlCount(n, '# map kon niet worden gelezen.', '# mappen konden niet worden gelezen.'),
  backlog: (n, rate) =>
    `Een achterstand van ${nlCount(n, '# fragment', '# fragmenten')} wordt gewist, de oudste eerst, ${rate} per seconde.`,
  backlogEnds: (span) => `Klaar over ${span}.`,
  waiting: (n) => nlCount(n, '# fragment zou meteen gaan.', '# fragmenten zouden meteen gaan.'),
  adoptionEnds: (when) => `Zonder antwoord begint het wissen ${when}.`,
  adopt: 'Opnamen bevestigen',
  adoptMore: 'Vanaf dan worden fragmenten van deze schijf gewist als hun tijd is gekomen.',
  trustNames:
    'Vertrouw de tijden in de bestandsnamen, niet die van de bestanden (na een kopie die ze verloor)',
  holdsStand: (n) => `Zaken die nu vasthouden: ${n}. Vergelijk de lijst met de zaken die u kent.`,
  confirmHolds: 'Lijst van wat is vastgehouden bevestigen',
  confirmHoldsMore:
    'Bekijk eerst de lijst onder Vastgehouden en leg opnieuw vast wat ontbreekt. Vanaf dan worden fragmenten van deze schijf die geen zaak van de lijst vasthoudt gewist als hun tijd is gekomen.',
  replaceDisk: 'Deze schijf nemen',
  replaceDiskWhen:
    'Is de vorige schijf voorgoed weg of vervangen, dan kan een beheerder de schijf nemen die hier staat.',
  replaceDiskMore:
    'Over wat op de vorige schijf lag wordt niets beweerd: haar fragmenten gaan ontbreken, en wat is vastgehouden wordt genoemd. Kopieën die daar lagen worden opnieuw gemaakt waar de opname er nog is. Vernietig de oude schijf zelf.',
  breaker: (when) => `Wissen staat stil sinds ${when}: er zou te veel ineens gaan.`,
  resume: 'Wissen laten doorgaan',
  resumeMore:
    'Ga eerst na of de klok of een schijf is veranderd. Na 24 uur met een vertrouwde klok gaat het vanzelf door.',
  repair: 'Herstel met',
  confirm: 'Bevestigen',
  blocked: {
    root_offline: 'de schijf is onbereikbaar',
    root_foreign: 'de schijf hoort bij een andere installatie',
    root_readonly: 'de schijf is alleen-lezen',
    root_failing: 'de schijf is defect',
    adoption: 'de opnamen wachten op bevestiging',
    recovery: 'wat is vastgehouden wacht op bevestiging',
    breaker: 'er zou te veel ineens gaan',
    audit_reserve_gone: 'het logboek kan niet worden geschreven',
    unlink_refused: 'het systeem weigert te wissen',
    vault_offline: 'kopieën liggen in de kluis, die onbereikbaar is',
  },
  blockedOn: (reason, root) => `${reason} (${root})`,
  alarmSince: (when) => `sinds ${when}`,
  checks: {
    create: 'een bestand maken',
    link: 'een tweede naam maken',
    unlink: 'wissen',
    fsync: 'duurzaam schrijven',
    read_clips: 'de opnamen lezen',
    unlink_clips: 'de opnamen wissen',
    link_clips: 'de opnamen een tweede naam geven',
  },
};

const frCount = counting('fr');
const fr: Details = {
  rootStates: {
    online: 'En ligne : les séquences sont effacées à temps.',
    offline: 'Hors ligne : le disque n’est pas là. Rien n’est effacé ni compté comme effacé.',
    foreign: 'Étranger : le disque appartient à une autre installation. Rien n’est touché.',
    readonly: 'Lecture seule : le système refuse les changements.',
    failing: 'En panne : une écriture n’a pas été confirmée. Cela dure jusqu’au prochain montage.',
    adopting: 'Premier contact : des images sont trouvées et visibles ; rien n’est encore effacé.',
    recovery:
      'Reprise : ce disque a connu un état plus récent que celui d’ici. Rien n’est effacé avant que la liste des conservations soit confirmée.',
  },
  rootWords: {
    online: 'en ligne',
    offline: 'hors ligne',
    foreign: 'étranger',
    readonly: 'lecture seule',
    failing: 'en panne',
    adopting: 'premier contact',
    recovery: 'reprise',
  },
  layout: 'Disposition',
  fileSystem: 'Système de fichiers',
  free: 'Libre',
  freeOf: (free, total) => `${free} sur ${total}`,
  lastReconcile: 'Dernier examen complet',
  notYet: 'pas encore',
  notKnown: 'inconnu',
  diskWalked: (when) => `Parcouru sans l’index ${when} :`,
  diskOldest: (age) => `l’enregistrement non conservé le plus ancien a ${age}.`,
  diskNone: 'aucun enregistrement non conservé.',
  diskOverdue: (n) => frCount(n, '# fichier a passé son temps.', '# fichiers ont passé leur temps.'),
  diskUnindexed: (n) =>
    frCount(
      n,
      'L’index n’en connaissait pas # ; il est réexaminé.',
      'L’index n’en connaissait pas # ; ils sont réexaminés.',
    ),
  diskUnreadable: (n) => frCount(n, '# répertoire n’a pu être lu.', '# répertoires n’ont pu être lus.'),
  backlog: (n, rate) =>
    `Un retard de ${frCount(n, '# séquence', '# séquences')} est en cours d’effacement, les plus anciennes d’abord, ${rate} par seconde.`,
  backlogEnds: (span) => `Terminé dans ${span}.`,
  waiting: (n) => frCount(n, '# séquence partirait aussitôt.', '# séquences partiraient aussitôt.'),
  adoptionEnds: (when) => `Sans réponse, l’effacement commence ${when}.`,
  adopt: 'Confirmer les enregistrements',
  adoptMore: 'Dès lors, les séquences de ce disque sont effacées quand leur temps est venu.',
  trustNames: 'Croire les heures des noms, non celles des fichiers (après une copie qui les a perdues)',
  holdsStand: (n) => `Conservations en vigueur : ${n}. Comparez la liste aux dossiers que vous connaissez.`,
  confirmHolds: 'Confirmer la liste des conservations',
  confirmHoldsMore:
    'Regardez d’abord la liste sous Conservations et rétablissez ce qui manque. Dès lors, les séquences de ce disque qu’aucune conservation de la liste ne couvre sont effacées quand leur temps est venu.',
  replaceDisk: 'Prendre ce disque',
  replaceDiskWhen:
    'Si le disque précédent est perdu pour de bon ou remplacé, un administrateur peut prendre celui qui se trouve ici.',
  replaceDiskMore:
    'Rien n’est affirmé de ce que portait le disque précédent : ses séquences deviennent manquantes, celles qui sont conservées sont nommées. Les copies qui s’y trouvaient sont refaites là où l’enregistrement existe encore. Détruisez vous-même l’ancien disque.',
  breaker: (when) => `Effacement suspendu depuis ${when} : trop partirait à la fois.`,
  resume: 'Laisser reprendre l’effacement',
  resumeMore:
    'Vérifiez d’abord si l’horloge ou un disque a changé. Il reprend seul après 24 heures d’horloge fiable.',
  repair: 'Réparer par',
  confirm: 'Confirmer',
  blocked: {
    root_offline: 'le disque est hors ligne',
    root_foreign: 'le disque appartient à une autre installation',
    root_readonly: 'le disque est en lecture seule',
    root_failing: 'le disque est en panne',
    adoption: 'les enregistrements attendent d’être confirmés',
    recovery: 'les conservations attendent d’être confirmées',
    breaker: 'trop partirait à la fois',
    audit_reserve_gone: 'le journal ne peut être écrit',
    unlink_refused: 'le système refuse d’effacer',
    vault_offline: 'des copies sont dans le coffre, qui est hors ligne',
  },
  blockedOn: (reason, root) => `${reason} (${root})`,
  alarmSince: (when) => `depuis ${when}`,
  checks: {
    create: 'créer un fichier',
    link: 'donner un second nom',
    unlink: 'effacer',
    fsync: 'écrire durablement',
    read_clips: 'lire les enregistrements',
    unlink_clips: 'effacer les enregistrements',
    link_clips: 'donner un second nom aux enregistrements',
  },
};

export const statusDetails: Catalogue<Details> = { nl, en, fr };
