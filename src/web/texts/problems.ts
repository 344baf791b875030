/** What the page says for each code of a problem document; the codes are those of docs/guide/errors.md. */
import type { Catalogue } from './language.ts';

const en = {
  unreachable: 'Fortnight does not answer. It is tried again.',
  unauthenticated: 'You are not signed in.',
  forbidden: 'This is not for your role.',
  purpose_missing: 'State why you are looking first.',
  too_many_requests: 'Too many attempts. Wait a minute.',
  audit_unavailable: 'Viewing is stopped: the audit cannot be written.',
  clip_unavailable: 'The clip cannot be read now: its disk does not answer.',
  gone: 'It is deleted.',
  not_found: 'It does not exist, or no longer.',
  conflict: 'Somebody was before you. Look again.',
  precondition_failed: 'It has changed meanwhile. Look again.',
  invalid: 'One of the fields is not right.',
  too_large: 'It is too large.',
  busy: 'Fortnight is busy. Try again in a moment.',
  storage_failed: 'Fortnight cannot write to its own disk.',
  root_refused: 'The disk of the recordings refuses it.',
  hold_recorded_not_indexed: 'The hold is in force; the index follows.',
  other: (code: string) => `Something went wrong (${code}).`,
};
type Problems = typeof en;

const nl: Problems = {
  unreachable: 'Fortnight antwoordt niet. Het wordt opnieuw geprobeerd.',
  unauthenticated: 'U bent niet ingelogd.',
  forbidden: 'Dit is niet voor uw rol.',
  purpose_missing: 'Zeg eerst waarom u kijkt.',
  too_many_requests: 'Te veel pogingen. Wacht een minuut.',
  audit_unavailable: 'Kijken kan nu niet: het logboek kan niet worden geschreven.',
  clip_unavailable: 'Het fragment kan nu niet worden gelezen: de schijf antwoordt niet.',
  gone: 'Het is gewist.',
  not_found: 'Het bestaat niet, of niet meer.',
  conflict: 'Iemand was u voor. Kijk opnieuw.',
  precondition_failed: 'Het is intussen veranderd. Kijk opnieuw.',
  invalid: 'Een van de velden klopt niet.',
  too_large: 'Het is te groot.',
  busy: 'Fortnight is bezig. Probeer het zo weer.',
  storage_failed: 'Fortnight kan niet op zijn eigen schijf schrijven.',
  root_refused: 'De schijf met opnamen weigert het.',
  hold_recorded_not_indexed: 'Het vasthouden geldt; de index volgt.',
  other: (code) => `Er ging iets mis (${code}).`,
};

const fr: Problems = {
  unreachable: 'Fortnight ne répond pas. Nouvel essai en cours.',
  unauthenticated: 'Vous n’êtes pas connecté.',
  forbidden: 'Ceci n’est pas pour votre rôle.',
  purpose_missing: 'Dites d’abord pourquoi vous consultez.',
  too_many_requests: 'Trop de tentatives. Attendez une minute.',
  audit_unavailable: 'Consultation arrêtée : le journal ne peut être écrit.',
  clip_unavailable: 'La séquence ne peut être lue : son disque ne répond pas.',
  gone: 'C’est effacé.',
  not_found: 'Cela n’existe pas, ou plus.',
  conflict: 'Quelqu’un vous a devancé. Regardez encore.',
  precondition_failed: 'Cela a changé entre-temps. Regardez encore.',
  invalid: 'Un des champs n’est pas correct.',
  too_large: 'C’est trop grand.',
  busy: 'Fortnight est occupé. Réessayez dans un instant.',
  storage_failed: 'Fortnight ne peut écrire sur son propre disque.',
  root_refused: 'Le disque des enregistrements le refuse.',
  hold_recorded_not_indexed: 'La conservation est en vigueur ; l’index suit.',
  other: (code) => `Une erreur est survenue (${code}).`,
};

export const problems: Catalogue<Problems> = { nl, en, fr };
