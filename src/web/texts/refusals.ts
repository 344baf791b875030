/** Why the system refuses a second name for a held clip, by its errno, and what helps. */
import type { Catalogue } from './language.ts';

const en = {
  EPERM:
    'the files belong to another user: put the service into the recorder’s group and give that group write access, or set an ACL',
  EACCES: 'the service may not enter or write there: give its group access, or set an ACL',
  EMLINK: 'the files have as many names as the file system allows',
  EOPNOTSUPP: 'the file system knows no second names',
  EXDEV: 'the files lie on another file system than their source',
};
type Refusals = typeof en;

const nl: Refusals = {
  EPERM:
    'de bestanden zijn van een andere gebruiker: zet de dienst in de groep van de recorder en laat die groep schrijven, of stel een ACL in',
  EACCES: 'de dienst mag daar niet in of niet schrijven: geef zijn groep toegang, of stel een ACL in',
  EMLINK: 'de bestanden hebben zoveel namen als het bestandssysteem toelaat',
  EOPNOTSUPP: 'het bestandssysteem kent geen tweede namen',
  EXDEV: 'de bestanden staan op een ander bestandssysteem dan hun bron',
};

const fr: Refusals = {
  EPERM:
    'les fichiers sont à un autre utilisateur : mettez le service dans le groupe de l’enregistreur et laissez ce groupe écrire, ou posez une ACL',
  EACCES: 'le service ne peut y entrer ou y écrire : donnez accès à son groupe, ou posez une ACL',
  EMLINK: 'les fichiers ont autant de noms que le système de fichiers en permet',
  EOPNOTSUPP: 'le système de fichiers ne connaît pas de second nom',
  EXDEV: 'les fichiers sont sur un autre système de fichiers que leur source',
};

export const refusals: Catalogue<Refusals> = { nl, en, fr };
