/** Accounts. */
import type { Catalogue } from './language.ts';

const en = {
  title: 'Accounts',
  about: 'One person, one account. New ones are made on the box itself, with its users command.',
  name: 'Name',
  userName: 'User name',
  role: 'Role',
  since: 'Since',
  state: 'State',
  active: 'active',
  disabled: 'disabled',
  disable: 'Disable',
  enable: 'Enable',
  you: 'you',
  changed: (name: string) => `${name} is changed. What they had open has ended.`,
  rolesTitle: 'What each role may do',
  roleMeans: {
    security: 'sees pictures, for a stated reason, and every viewing is recorded',
    facility: 'sets and releases holds; sees times and coverage, never pictures',
    privacy: 'reads the audit and the holds; never pictures',
    admin: 'manages accounts and confirms the clock; never pictures',
  },
};
type Accounts = typeof en;

const nl: Accounts = {
  title: 'Accounts',
  about: 'Eén persoon, één account. Nieuwe worden op de machine zelf gemaakt, met het commando users.',
  name: 'Naam',
  userName: 'Gebruikersnaam',
  role: 'Rol',
  since: 'Sinds',
  state: 'Toestand',
  active: 'actief',
  disabled: 'uitgeschakeld',
  disable: 'Uitschakelen',
  enable: 'Inschakelen',
  you: 'u',
  changed: (name) => `${name} is gewijzigd. Wat openstond is beëindigd.`,
  rolesTitle: 'Wat elke rol mag',
  roleMeans: {
    security: 'ziet beelden, om een genoemde reden, en elke weergave wordt vastgelegd',
    facility: 'houdt vast en geeft vrij; ziet tijden en dekking, nooit beelden',
    privacy: 'leest het logboek en wat is vastgehouden; nooit beelden',
    admin: 'beheert accounts en bevestigt de klok; nooit beelden',
  },
};

const fr: Accounts = {
  title: 'Comptes',
  about: 'Une personne, un compte. Les nouveaux se font sur la machine, par la commande users.',
  name: 'Nom',
  userName: 'Nom d’utilisateur',
  role: 'Rôle',
  since: 'Depuis',
  state: 'État',
  active: 'actif',
  disabled: 'désactivé',
  disable: 'Désactiver',
  enable: 'Activer',
  you: 'vous',
  changed: (name) => `${name} est changé. Ce qui était ouvert a pris fin.`,
  rolesTitle: 'Ce que chaque rôle peut faire',
  roleMeans: {
    security: 'voit les images, pour un motif déclaré, et chaque consultation est enregistrée',
    facility: 'conserve et libère ; voit les heures et la couverture, jamais les images',
    privacy: 'lit le journal et les conservations ; jamais les images',
    admin: 'gère les comptes et confirme l’horloge ; jamais les images',
  },
};

export const accounts: Catalogue<Accounts> = { nl, en, fr };
