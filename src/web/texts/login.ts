/** Sign-in and the purpose. */
import { counting } from './count.ts';
import type { Catalogue } from './language.ts';

const enCount = counting('en');
const en = {
  signIn: 'Sign in',
  ownAccount: 'With your own account. Accounts are not shared.',
  userName: 'User name',
  password: 'Password',
  attemptsRecorded: 'Every attempt to sign in is recorded, successful or not.',
  promise: (days: number) => [
    days === 14 ? 'Kept for fourteen days.' : enCount(days, 'Kept for # day.', 'Kept for # days.'),
    'Then it is gone.',
  ],
  promiseMore:
    'Only security staff see pictures, only for a stated reason, and each time they look is written down.',
  deletedToday: 'deleted today',
  wrong: 'That name and password do not belong together.',
  why: 'Why are you looking?',
  whyMore: 'You see pictures only for one of these reasons. It stays in sight while you look.',
  purpose: 'Purpose',
  purposes: {
    protect_property: 'Protecting property',
    legal_claim: 'Legal claim',
    case: 'A case that is already open',
  },
  purposeHints: {
    protect_property: 'Someone may have been where they should not be, or something was taken or damaged.',
    legal_claim: 'To establish, bring or defend a claim.',
    case: 'A hold, an access request, a police order. You choose which.',
  },
  caseRef: 'Which case',
  caseRefHint: 'Its reference, as the facility manager wrote it',
  what: 'What happened, in a few words',
  whatHint: 'At least five characters',
  recordedMore:
    'Your name, the cameras, the times you watch and this reason. People on the footage may ask when it was viewed and why.',
  start: 'Start viewing',
};
type Login = typeof en;

const nlCount = counting('nl');
const nl: Login = {
  signIn: 'Inloggen',
  ownAccount: 'Met uw eigen account. Accounts worden niet gedeeld.',
  userName: 'Gebruikersnaam',
  password: 'Wachtwoord',
  attemptsRecorded: 'Elke aanmelding wordt vastgelegd, ook een mislukte.',
  promise: (days) => [
    days === 14 ? 'Veertien dagen bewaard.' : nlCount(days, '# dag bewaard.', '# dagen bewaard.'),
    'Daarna is het weg.',
  ],
  promiseMore:
    'Alleen beveiligers zien beelden, alleen om een genoemde reden, en elke keer dat zij kijken wordt opgeschreven.',
  deletedToday: 'vandaag gewist',
  wrong: 'Deze naam en dit wachtwoord horen niet bij elkaar.',
  why: 'Waarom kijkt u?',
  whyMore: 'U ziet alleen beelden om een van deze redenen. De reden blijft in beeld terwijl u kijkt.',
  purpose: 'Doel',
  purposes: {
    protect_property: 'Eigendom beschermen',
    legal_claim: 'Rechtsvordering',
    case: 'Een zaak die al loopt',
  },
  purposeHints: {
    protect_property: 'Iemand was misschien waar hij niet hoorde, of er is iets weggenomen of beschadigd.',
    legal_claim: 'Om een vordering vast te stellen, in te stellen of te weerleggen.',
    case: 'Vastgehouden beelden, een inzageverzoek, een vordering van de politie. U kiest welke.',
  },
  caseRef: 'Welke zaak',
  caseRefHint: 'Het kenmerk, zoals de facilitair manager het schreef',
  what: 'Wat is er gebeurd, in een paar woorden',
  whatHint: 'Ten minste vijf tekens',
  recordedMore:
    'Uw naam, de camera’s, de tijden waarnaar u kijkt en deze reden. Wie in beeld is, mag vragen wanneer en waarom is gekeken.',
  start: 'Weergave starten',
};

const frCount = counting('fr');
const fr: Login = {
  signIn: 'Se connecter',
  ownAccount: 'Avec votre propre compte. Les comptes ne se partagent pas.',
  userName: 'Nom d’utilisateur',
  password: 'Mot de passe',
  attemptsRecorded: 'Chaque tentative de connexion est enregistrée, réussie ou non.',
  promise: (days) => [
    days === 14 ? 'Conservé quatorze jours.' : frCount(days, 'Conservé # jour.', 'Conservé # jours.'),
    'Ensuite, il n’en reste rien.',
  ],
  promiseMore:
    'Seuls les agents de sécurité voient les images, seulement pour un motif déclaré, et chaque consultation est notée.',
  deletedToday: 'effacé aujourd’hui',
  wrong: 'Ce nom et ce mot de passe ne vont pas ensemble.',
  why: 'Pourquoi consultez-vous ?',
  whyMore: 'Vous ne voyez les images que pour l’un de ces motifs. Il reste visible pendant la consultation.',
  purpose: 'Motif',
  purposes: {
    protect_property: 'Protection des biens',
    legal_claim: 'Action en justice',
    case: 'Un dossier déjà ouvert',
  },
  purposeHints: {
    protect_property:
      'Quelqu’un était peut-être où il ne devait pas être, ou quelque chose a été pris ou abîmé.',
    legal_claim: 'Pour constater, exercer ou défendre un droit en justice.',
    case: 'Une conservation, une demande d’accès, une réquisition. Vous choisissez laquelle.',
  },
  caseRef: 'Quel dossier',
  caseRefHint: 'Sa référence, telle que le gestionnaire l’a écrite',
  what: 'Ce qui s’est passé, en quelques mots',
  whatHint: 'Au moins cinq caractères',
  recordedMore:
    'Votre nom, les caméras, les heures consultées et ce motif. Les personnes filmées peuvent demander quand et pourquoi on a regardé.',
  start: 'Commencer la consultation',
};

export const login: Catalogue<Login> = { nl, en, fr };
