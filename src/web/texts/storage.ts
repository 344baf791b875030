/** What happens to deleted footage on each disk, and what exactly is the matter with a disk. */
import type { Catalogue } from './language.ts';

const en = {
  causes: {
    not_looked: 'It has not been looked at since the start.',
    missing: 'There is no such directory.',
    marker_missing: 'The directory is there, but not the disk: is it mounted?',
    not_a_directory: 'A link or a file stands in its place.',
    no_permission: 'Fortnight may not enter it.',
    stale: 'It is mounted, but what it leads to does not answer.',
    look_failed: 'Nothing could be found out about it; the log has more.',
    marker_damaged: 'Its marker cannot be read.',
    other_install: 'Its marker is of another installation.',
    other_root: 'Its marker is of another disk.',
    other_source: 'Its marker is of another source of this installation.',
    locked: 'Another Fortnight acts on it.',
    mounted_read_only: 'It is mounted read-only; after an error a system does that by itself.',
    write_refused: 'Fortnight may not write to its own directory there.',
    not_durable: 'The disk did not confirm a write.',
    hangs: 'A call to the disk did not return.',
  },
  scanDiscarded: 'The disk changed during the last look. Nothing was concluded from it.',
  scanRefused: 'The last look could not begin: the disk was not there, or not the right one.',
  unreadable: (n: string) =>
    `Directories that cannot be read: ${n}. Nothing is known of what lies in them; it is neither shown nor deleted, nor taken for gone.`,
  erasure: 'Deleted footage',
  classes: {
    memory: 'Lies in memory and is gone at once.',
    freed: 'Its space is free; until something else is written there, it can be restored with tools.',
    shared: 'Goes when no snapshot and no copy shares its content; until then it stays whole in those.',
    layered: 'Its name goes. What came with a lower layer stays in that layer.',
    network: 'Goes from the share. What the other machine keeps (snapshots, recycle bin) is up to it.',
    unknown: 'Its name goes. What this file system keeps is not known.',
  },
  snapshots: (n: string) => `Snapshots seen: ${n}. Footage that was deleted stays in them.`,
  encrypted: 'The disk is encrypted: what remains cannot be read without its key.',
  plain: 'The disk is not encrypted.',
};
interface Storage extends Omit<typeof en, 'causes' | 'classes'> {
  readonly causes: Readonly<Record<keyof (typeof en)['causes'], string>>;
  readonly classes: Readonly<Record<keyof (typeof en)['classes'], string>>;
}

const nl: Storage = {
  causes: {
    not_looked: 'Er is sinds de start nog niet gekeken.',
    missing: 'Deze map bestaat niet.',
    marker_missing: 'De map is er, maar de schijf niet: is zij aangekoppeld?',
    not_a_directory: 'Op haar plaats staat een koppeling of een bestand.',
    no_permission: 'Fortnight mag er niet in.',
    stale: 'Zij is aangekoppeld, maar wat erachter ligt antwoordt niet.',
    look_failed: 'Er kon niets over worden vastgesteld; het log zegt meer.',
    marker_damaged: 'Haar merkteken is onleesbaar.',
    other_install: 'Haar merkteken is van een andere installatie.',
    other_root: 'Haar merkteken is van een andere schijf.',
    other_source: 'Haar merkteken is van een andere bron van deze installatie.',
    locked: 'Een andere Fortnight werkt erop.',
    mounted_read_only: 'Zij is alleen-lezen aangekoppeld; na een fout doet een systeem dat vanzelf.',
    write_refused: 'Fortnight mag er niet in zijn eigen map schrijven.',
    not_durable: 'De schijf bevestigde een schrijfactie niet.',
    hangs: 'Een aanroep van de schijf kwam niet terug.',
  },
  scanDiscarded: 'De schijf veranderde tijdens het laatste doorlopen. Daaruit is niets afgeleid.',
  scanRefused: 'Het laatste doorlopen kon niet beginnen: de schijf was er niet, of niet de juiste.',
  unreadable: (n) =>
    `Onleesbare mappen: ${n}. Over wat erin ligt is niets bekend; het wordt getoond noch gewist, en geldt niet als weg.`,
  erasure: 'Gewiste beelden',
  classes: {
    memory: 'Liggen in het geheugen en zijn meteen weg.',
    freed: 'Hun plaats is vrij; tot er iets anders wordt geschreven, zijn zij met gereedschap te herstellen.',
    shared:
      'Gaan als geen momentopname en geen kopie hun inhoud deelt; tot dan blijven zij daarin geheel staan.',
    layered: 'De naam gaat. Wat met een onderliggende laag kwam, blijft in die laag staan.',
    network: 'Gaan van de share. Wat de andere machine bewaart (momentopnamen, prullenbak) bepaalt zij zelf.',
    unknown: 'De naam gaat. Wat dit bestandssysteem bewaart is niet bekend.',
  },
  snapshots: (n) => `Momentopnamen gezien: ${n}. Gewiste beelden blijven daarin staan.`,
  encrypted: 'De schijf is versleuteld: wat overblijft is zonder de sleutel niet te lezen.',
  plain: 'De schijf is niet versleuteld.',
};

const fr: Storage = {
  causes: {
    not_looked: 'Rien n’a été regardé depuis le démarrage.',
    missing: 'Ce répertoire n’existe pas.',
    marker_missing: 'Le répertoire est là, mais pas le disque : est-il monté ?',
    not_a_directory: 'Un lien ou un fichier se trouve à sa place.',
    no_permission: 'Fortnight n’a pas le droit d’y entrer.',
    stale: 'Il est monté, mais ce à quoi il mène ne répond pas.',
    look_failed: 'Rien n’a pu être établi ; le journal du service en dit plus.',
    marker_damaged: 'Sa marque est illisible.',
    other_install: 'Sa marque est d’une autre installation.',
    other_root: 'Sa marque est d’un autre disque.',
    other_source: 'Sa marque est d’une autre source de cette installation.',
    locked: 'Un autre Fortnight y travaille.',
    mounted_read_only: 'Il est monté en lecture seule ; après une erreur, un système le fait de lui-même.',
    write_refused: 'Fortnight ne peut écrire dans son propre répertoire.',
    not_durable: 'Le disque n’a pas confirmé une écriture.',
    hangs: 'Un appel au disque n’est pas revenu.',
  },
  scanDiscarded: 'Le disque a changé pendant le dernier examen. Rien n’en a été conclu.',
  scanRefused: 'Le dernier examen n’a pu commencer : le disque n’était pas là, ou pas le bon.',
  unreadable: (n) =>
    `Répertoires illisibles : ${n}. On ignore ce qui s’y trouve ; rien n’en est montré, effacé ni tenu pour disparu.`,
  erasure: 'Images effacées',
  classes: {
    memory: 'Elles sont en mémoire et disparaissent aussitôt.',
    freed: 'Leur place est libre ; jusqu’à ce qu’on y écrive, des outils peuvent les restaurer.',
    shared:
      'Elles partent quand nul instantané ni copie ne partage leur contenu ; d’ici là, elles y restent entières.',
    layered: 'Le nom part. Ce qui vint d’une couche inférieure reste dans cette couche.',
    network: 'Elles partent du partage. Ce que garde l’autre machine (instantanés, corbeille) dépend d’elle.',
    unknown: 'Le nom part. On ignore ce que garde ce système de fichiers.',
  },
  snapshots: (n) => `Instantanés vus : ${n}. Les images effacées y restent.`,
  encrypted: 'Le disque est chiffré : ce qui reste est illisible sans sa clé.',
  plain: 'Le disque n’est pas chiffré.',
};

export const storage: Catalogue<Storage> = { nl, en, fr };
