/** The way of a hold, step by step: what is done, what is now, what is still to come. */
import { counting } from './count.ts';
import type { Catalogue } from './language.ts';

const enCount = counting('en');
const en = {
  set: 'Set, and binding since',
  youConfirm: 'You confirm, as a second person of another role',
  secondConfirms: 'A second person of another role confirms',
  confirmed: 'Confirmed by a second person',
  lateAlarm: 'Not confirmed in time raises an alarm. The hold stays in force all the same.',
  review: (day: string) => `Review on ${day}`,
  reviewOverdue: (day: string) => `Review was due on ${day}`,
  reviewMore: 'Continue with a new reason, or release. A review that is late ends nothing.',
  youAskRelease: 'You ask for the release',
  youAskNarrowing: 'You ask for the narrowing',
  askMore: 'With a reason and your password. Both are recorded.',
  askedRelease: 'Asked to release',
  askedNarrowing: 'Asked to narrow',
  secondAgrees: 'A second person of another role agrees',
  youAgree: 'You agree, as a second person of another role',
  delay: (span: string) => `${span} pass`,
  delayMore: 'It takes effect by itself unless somebody takes it back.',
  delayUntil: (when: string) => `It takes effect by itself on ${when} unless somebody takes it back.`,
  released: 'Released',
  endReached: 'Its own end was reached',
  cooling: (span: string) => `Cooling-off, ${span}`,
  coolingMore: 'Nobody can view what is past its time. Until the end, the release can be taken back.',
  coolingNarrow: 'Of what is given up nobody can view what is past its time.',
  coolingUntil: (when: string) =>
    `Until ${when} nothing is deleted, and nobody can view what is past its time.`,
  destroyed: 'Destroyed, with a receipt',
  destroyedMore: (days: number) =>
    enCount(
      days,
      'What is past its # day and under no other hold is deleted. Receipt reason: hold released.',
      'What is past its # days and under no other hold is deleted. Receipt reason: hold released.',
    ),
  ends: (when: string) => `Ends by itself on ${when}`,
  ended: 'Ended',
  endedMore: (when: string) => `On ${when}. Receipts name the hold as their reason.`,
  stands: 'It stands as it was',
  standsMore: 'The request is over; a new one may be made.',
  notYou: 'Not you: someone of another role.',
  notYouBut: (names: string) => `Not you: ${names}.`,
  notWho: (who: string) => `Not ${who}: someone of another role.`,
};
type Way = typeof en;

const nlCount = counting('nl');
const nl: Way = {
  set: 'Ingesteld, en geldig sinds',
  youConfirm: 'U bevestigt, als tweede persoon met een andere rol',
  secondConfirms: 'Een tweede persoon met een andere rol bevestigt',
  confirmed: 'Bevestigd door een tweede persoon',
  lateAlarm: 'Niet op tijd bevestigd geeft een alarm. Het vasthouden blijft gelden.',
  review: (day) => `Controle op ${day}`,
  reviewOverdue: (day) => `Controle had op ${day} gemoeten`,
  reviewMore: 'Voortzetten met een nieuwe reden, of vrijgeven. Een controle die te laat is beëindigt niets.',
  youAskRelease: 'U vraagt de vrijgave',
  youAskNarrowing: 'U vraagt de beperking',
  askMore: 'Met een reden en uw wachtwoord. Beide worden vastgelegd.',
  askedRelease: 'Vrijgave gevraagd',
  askedNarrowing: 'Beperking gevraagd',
  secondAgrees: 'Een tweede persoon met een andere rol stemt in',
  youAgree: 'U stemt in, als tweede persoon met een andere rol',
  delay: (span) => `${span} gaan voorbij`,
  delayMore: 'Het gaat vanzelf in, tenzij iemand het intrekt.',
  delayUntil: (when) => `Het gaat vanzelf in op ${when}, tenzij iemand het intrekt.`,
  released: 'Vrijgegeven',
  endReached: 'Het eigen einde is bereikt',
  cooling: (span) => `Bedenktijd, ${span}`,
  coolingMore: 'Wat over zijn tijd is kan niemand zien. Tot het einde kan de vrijgave worden ingetrokken.',
  coolingNarrow: 'Van wat wordt losgelaten kan niemand zien wat over zijn tijd is.',
  coolingUntil: (when) => `Tot ${when} wordt niets gewist, en wat over zijn tijd is kan niemand zien.`,
  destroyed: 'Vernietigd, met bewijs',
  destroyedMore: (days) =>
    nlCount(
      days,
      'Wat over zijn # dag is en niet elders wordt vastgehouden, wordt gewist. Reden op het bewijs: vrijgegeven.',
      'Wat over zijn # dagen is en niet elders wordt vastgehouden, wordt gewist. Reden op het bewijs: vrijgegeven.',
    ),
  ends: (when) => `Eindigt vanzelf op ${when}`,
  ended: 'Geëindigd',
  endedMore: (when) => `Op ${when}. De bewijzen noemen deze zaak als reden.`,
  stands: 'Het blijft zoals het was',
  standsMore: 'Het verzoek is voorbij; een nieuw verzoek kan.',
  notYou: 'Niet u: iemand met een andere rol.',
  notYouBut: (names) => `Niet u: ${names}.`,
  notWho: (who) => `Niet ${who}: iemand met een andere rol.`,
};

const frCount = counting('fr');
const fr: Way = {
  set: 'Fixée, et en vigueur depuis',
  youConfirm: 'Vous confirmez, comme deuxième personne d’un autre rôle',
  secondConfirms: 'Une deuxième personne d’un autre rôle confirme',
  confirmed: 'Confirmée par une deuxième personne',
  lateAlarm: 'Sans confirmation à temps, une alarme. La conservation reste en vigueur.',
  review: (day) => `Révision le ${day}`,
  reviewOverdue: (day) => `La révision était due le ${day}`,
  reviewMore: 'Prolonger avec un nouveau motif, ou libérer. Une révision en retard ne met fin à rien.',
  youAskRelease: 'Vous demandez la libération',
  youAskNarrowing: 'Vous demandez la réduction',
  askMore: 'Avec un motif et votre mot de passe. Les deux sont enregistrés.',
  askedRelease: 'Libération demandée',
  askedNarrowing: 'Réduction demandée',
  secondAgrees: 'Une deuxième personne d’un autre rôle accepte',
  youAgree: 'Vous acceptez, comme deuxième personne d’un autre rôle',
  delay: (span) => `${span} passent`,
  delayMore: 'Elle prend effet seule, à moins que quelqu’un ne la retire.',
  delayUntil: (when) => `Elle prend effet seule le ${when}, à moins que quelqu’un ne la retire.`,
  released: 'Libérée',
  endReached: 'Sa propre fin est atteinte',
  cooling: (span) => `Délai, ${span}`,
  coolingMore:
    'Personne ne peut voir ce qui a passé son temps. Jusqu’à la fin, la libération peut être annulée.',
  coolingNarrow: 'De ce qui est abandonné, personne ne peut voir ce qui a passé son temps.',
  coolingUntil: (when) =>
    `Jusqu’à ${when}, rien n’est effacé, et personne ne peut voir ce qui a passé son temps.`,
  destroyed: 'Détruite, avec une preuve',
  destroyedMore: (days) =>
    frCount(
      days,
      'Ce qui a passé # jour et n’est pas conservé ailleurs est effacé. Motif sur la preuve : libération.',
      'Ce qui a passé ses # jours et n’est pas conservé ailleurs est effacé. Motif sur la preuve : libération.',
    ),
  ends: (when) => `Finit seule le ${when}`,
  ended: 'Terminée',
  endedMore: (when) => `Le ${when}. Les preuves nomment ce dossier comme motif.`,
  stands: 'Elle reste comme elle était',
  standsMore: 'La demande est close ; une nouvelle est possible.',
  notYou: 'Pas vous : quelqu’un d’un autre rôle.',
  notYouBut: (names) => `Pas vous : ${names}.`,
  notWho: (who) => `Pas ${who} : quelqu’un d’un autre rôle.`,
};

export const way: Catalogue<Way> = { nl, en, fr };
