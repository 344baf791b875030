/** What an alarm counts, behind its sentence: the names of `detail` as docs/guide/alarms.md has them. */
import { counting } from './count.ts';
import type { Catalogue } from './language.ts';

const enCount = counting('en');
const en = {
  clips: (n: number) => enCount(n, '# clip', '# clips'),
  pinned: (n: number) => enCount(n, '# played from its pin', '# played from their pins'),
  copied: (n: number) => enCount(n, '# played from its copy', '# played from their copies'),
  lost: (n: number) => enCount(n, '# is lost', '# are lost'),
  files: (n: number) => enCount(n, '# file', '# files'),
  unindexed: (n: number) => enCount(n, '# of them unknown to the index', '# of them unknown to the index'),
  holds: (n: number) => enCount(n, '# hold', '# holds'),
  failed: (n: number) => enCount(n, '# check failed', '# checks failed'),
  directories: (n: number) => enCount(n, '# directory', '# directories'),
  snapshots: (n: number) => enCount(n, '# snapshot', '# snapshots'),
  minutes: (n: number) => enCount(n, '# minute', '# minutes'),
  days: (n: number) => enCount(n, '# day left', '# days left'),
};
type AlarmDetails = typeof en;

const nlCount = counting('nl');
const nl: AlarmDetails = {
  clips: (n) => nlCount(n, '# fragment', '# fragmenten'),
  pinned: (n) => nlCount(n, '# afgespeeld van de tweede naam', '# afgespeeld van de tweede naam'),
  copied: (n) => nlCount(n, '# afgespeeld van de kopie', '# afgespeeld van de kopie'),
  lost: (n) => nlCount(n, '# is verloren', '# zijn verloren'),
  files: (n) => nlCount(n, '# bestand', '# bestanden'),
  unindexed: (n) => nlCount(n, '# ervan onbekend in de index', '# ervan onbekend in de index'),
  holds: (n) => nlCount(n, '# zaak', '# zaken'),
  failed: (n) => nlCount(n, '# controle mislukt', '# controles mislukt'),
  directories: (n) => nlCount(n, '# map', '# mappen'),
  snapshots: (n) => nlCount(n, '# momentopname', '# momentopnamen'),
  minutes: (n) => nlCount(n, '# minuut', '# minuten'),
  days: (n) => nlCount(n, 'nog # dag', 'nog # dagen'),
};

const frCount = counting('fr');
const fr: AlarmDetails = {
  clips: (n) => frCount(n, '# séquence', '# séquences'),
  pinned: (n) => frCount(n, '# lue depuis son second nom', '# lues depuis leur second nom'),
  copied: (n) => frCount(n, '# lue depuis sa copie', '# lues depuis leur copie'),
  lost: (n) => frCount(n, '# est perdue', '# sont perdues'),
  files: (n) => frCount(n, '# fichier', '# fichiers'),
  unindexed: (n) => frCount(n, 'dont # inconnu de l’index', 'dont # inconnus de l’index'),
  holds: (n) => frCount(n, '# dossier', '# dossiers'),
  failed: (n) => frCount(n, '# contrôle échoué', '# contrôles échoués'),
  directories: (n) => frCount(n, '# répertoire', '# répertoires'),
  snapshots: (n) => frCount(n, '# instantané', '# instantanés'),
  minutes: (n) => frCount(n, '# minute', '# minutes'),
  days: (n) => frCount(n, 'encore # jour', 'encore # jours'),
};

export const alarmDetails: Catalogue<AlarmDetails> = { nl, en, fr };
