/** One sentence per alarm; the codes and what to do stand in docs/guide/alarms.md. */
import type { Catalogue } from './language.ts';

const en = {
  root_offline: 'A disk of recordings is not there. Nothing is concluded from it.',
  root_foreign: 'A disk belongs to another installation.',
  root_readonly: 'A disk takes no changes.',
  root_failing: 'Writing to a disk failed. What was under way there has an unknown outcome.',
  adoption_waiting: 'Recordings found at first contact wait to be confirmed.',
  recovery_waiting:
    'A disk has seen a later state than there is here: holds may be lost. The list of holds waits to be confirmed.',
  breaker_tripped: 'Deletion is paused: far more would go than usual.',
  clock_suspect: 'The clock is in doubt. Deletions may wait; nothing goes early.',
  overdue: 'Clips are still there more than five minutes after their time.',
  disk_overdue: 'Footage past its time was found on a disk, and nothing that blocks its deletion.',
  review_overdue: 'The review of a hold is overdue. The hold stays.',
  hold_unconfirmed: 'No second person has confirmed a hold within 72 hours. The hold stays.',
  clips_missing: 'Many clips vanished that Fortnight did not delete.',
  clip_returned: 'A deleted clip came back. It goes at once.',
  clip_overlong: 'A file has grown for more than a day.',
  held_content_changed: 'A file under a hold was changed.',
  held_content_gone: 'A file under a hold is gone, and not by Fortnight.',
  pins_refused: 'Held clips have neither a second name, which the system refuses, nor a copy yet.',
  copies_stopped:
    'Held clips are not copied: the disk has less than two days of room. They are held all the same.',
  vault_offline:
    'The vault is not there. Held clips are copied below their recordings; copies in the vault can be neither played nor deleted.',
  vault_foreign: 'Another disk lies where the vault should be. Nothing is touched there.',
  vault_readonly: 'The vault takes no changes. Held clips are copied below their recordings.',
  vault_failing:
    'Writing to the vault failed. Nothing more is written or deleted there until it is mounted again.',
  vault_full: 'The vault has no room: held clips are copied below their recordings, as far as there is room.',
  held_copy_damaged:
    'A held recording ends too early, or is damaged. Its original may still be found at the recorder.',
  kept_without_clip:
    'Held footage lies on a disk that the index does not know. It is kept, and shown to nobody.',
  audit_unwritable: 'The audit cannot be written. Viewing is stopped.',
  mirror_foreign:
    'A disk carries holds this installation did not write. They bind until somebody has looked.',
  mirror_refused:
    'A disk does not take its copy of a hold, as when it is full. The hold stands; it is tried again.',
  directory_unreadable:
    'Directories cannot be read. What lies in them is neither shown nor deleted, nor taken for gone.',
  snapshots_seen: 'A disk has snapshots. Footage that was deleted stays in them.',
  self_test: 'Something that deletion or holding needs is not permitted on a disk.',
  unowned_files: 'Files belong to no camera. They are shown to nobody, and deleted only by a confirmed rule.',
  drill_failed: 'A planted clip was deleted, and something of it was left.',
  watch_limit: 'New clips are found by listing, within 30 seconds.',
  tool_missing: 'ffmpeg is missing: no stills, unusual clips stay unreadable.',
  certificate_expiring: 'The certificate of this page ends within 30 days.',
};
type Alarms = typeof en;

const nl: Alarms = {
  root_offline: 'Een schijf met opnamen is er niet. Daaruit wordt niets afgeleid.',
  root_foreign: 'Een schijf hoort bij een andere installatie.',
  root_readonly: 'Een schijf neemt geen wijzigingen aan.',
  root_failing: 'Schrijven op een schijf is mislukt. Wat daar gaande was, heeft een onbekende afloop.',
  adoption_waiting: 'Opnamen van de eerste kennismaking wachten op bevestiging.',
  recovery_waiting:
    'Een schijf kent een latere stand dan hier is: wat is vastgehouden, kan verloren zijn. De lijst daarvan wacht op bevestiging.',
  breaker_tripped: 'Wissen staat stil: er zou veel meer gaan dan gewoonlijk.',
  clock_suspect: 'De klok is in twijfel. Wissen kan wachten; niets gaat te vroeg.',
  overdue: 'Er zijn nog fragmenten, meer dan vijf minuten na hun tijd.',
  disk_overdue:
    'Op een schijf zijn opnamen gevonden waarvan de tijd om is, en niets dat het wissen tegenhoudt.',
  review_overdue: 'De controle van een zaak is te laat. Het blijft vastgehouden.',
  hold_unconfirmed: 'Geen tweede persoon heeft binnen 72 uur bevestigd. Het blijft vastgehouden.',
  clips_missing: 'Veel fragmenten verdwenen die Fortnight niet heeft gewist.',
  clip_returned: 'Een gewist fragment kwam terug. Het gaat meteen.',
  clip_overlong: 'Een bestand groeit al langer dan een dag.',
  held_content_changed: 'Een vastgehouden bestand is veranderd.',
  held_content_gone: 'Een vastgehouden bestand is weg, en niet door Fortnight.',
  pins_refused:
    'Vastgehouden fragmenten hebben geen tweede naam, want het systeem weigert die, en nog geen kopie.',
  copies_stopped:
    'Vastgehouden fragmenten worden niet gekopieerd: de schijf heeft geen twee dagen ruimte. Zij blijven vastgehouden.',
  vault_offline:
    'De kluis is er niet. Wat is vastgehouden wordt naast de opnamen gekopieerd; kopieën in de kluis kunnen worden afgespeeld noch gewist.',
  vault_foreign: 'Op de plaats van de kluis staat een andere schijf. Daar wordt niets aangeraakt.',
  vault_readonly:
    'De kluis neemt geen wijzigingen aan. Wat is vastgehouden wordt naast de opnamen gekopieerd.',
  vault_failing:
    'Schrijven in de kluis is mislukt. Er wordt niets meer geschreven of gewist tot zij opnieuw is aangekoppeld.',
  vault_full:
    'De kluis heeft geen ruimte: wat is vastgehouden wordt naast de opnamen gekopieerd, zover daar ruimte is.',
  held_copy_damaged:
    'Een vastgehouden opname stopt te vroeg of is beschadigd. Het origineel is misschien nog op de recorder.',
  kept_without_clip:
    'Op een schijf liggen vastgehouden beelden die de index niet kent. Zij blijven, en niemand ziet ze.',
  audit_unwritable: 'Het logboek kan niet worden geschreven. Kijken kan nu niet.',
  mirror_foreign:
    'Op een schijf staan zaken die deze installatie niet schreef. Zij gelden tot iemand heeft gekeken.',
  mirror_refused:
    'Een schijf weigert haar kopie van wat is vastgehouden, bijvoorbeeld omdat zij vol is. Het blijft vastgehouden.',
  directory_unreadable:
    'Mappen zijn onleesbaar. Wat erin ligt wordt getoond noch gewist, en geldt niet als weg.',
  snapshots_seen: 'Een schijf heeft momentopnamen. Gewiste beelden blijven daarin staan.',
  self_test: 'Iets wat wissen of vasthouden nodig heeft, mag niet op een schijf.',
  unowned_files: 'Bestanden horen bij geen camera. Niemand ziet ze, en alleen een bevestigde regel wist ze.',
  drill_failed: 'Een proeffragment werd gewist en er bleef iets van over.',
  watch_limit: 'Nieuwe fragmenten worden door doorlopen gevonden, binnen 30 seconden.',
  tool_missing: 'ffmpeg ontbreekt: geen stilstaande beelden, ongewone fragmenten blijven onleesbaar.',
  certificate_expiring: 'Het certificaat van deze pagina eindigt binnen 30 dagen.',
};

const fr: Alarms = {
  root_offline: 'Un disque d’enregistrements n’est pas là. Rien n’en est conclu.',
  root_foreign: 'Un disque appartient à une autre installation.',
  root_readonly: 'Un disque n’accepte pas de changement.',
  root_failing: 'L’écriture sur un disque a échoué. Ce qui y était en cours a une issue inconnue.',
  adoption_waiting: 'Des enregistrements du premier contact attendent d’être confirmés.',
  recovery_waiting:
    'Un disque a connu un état plus récent que celui d’ici : des conservations peuvent être perdues. Leur liste attend d’être confirmée.',
  breaker_tripped: 'L’effacement est suspendu : il partirait bien plus que d’habitude.',
  clock_suspect: 'L’horloge est en doute. L’effacement peut attendre ; rien ne part trop tôt.',
  overdue: 'Des séquences sont encore là plus de cinq minutes après leur temps.',
  disk_overdue:
    'Des images qui ont passé leur temps se trouvent sur un disque, et rien ne bloque leur effacement.',
  review_overdue: 'La révision d’un dossier est en retard. La conservation reste.',
  hold_unconfirmed: 'Personne d’autre n’a confirmé sous 72 heures. La conservation reste.',
  clips_missing: 'Beaucoup de séquences ont disparu que Fortnight n’a pas effacées.',
  clip_returned: 'Une séquence effacée est revenue. Elle part aussitôt.',
  clip_overlong: 'Un fichier grandit depuis plus d’un jour.',
  held_content_changed: 'Un fichier conservé a été changé.',
  held_content_gone: 'Un fichier conservé a disparu, et pas par Fortnight.',
  pins_refused: 'Des séquences conservées n’ont ni second nom, que le système refuse, ni encore de copie.',
  copies_stopped:
    'Les séquences conservées ne sont pas copiées : le disque n’a pas deux jours de place. Elles restent conservées.',
  vault_offline:
    'Le coffre n’est pas là. Ce qui est conservé est copié près des enregistrements ; les copies du coffre ne peuvent être ni lues ni effacées.',
  vault_foreign: 'Un autre disque se trouve à la place du coffre. Rien n’y est touché.',
  vault_readonly:
    'Le coffre n’accepte pas de changement. Ce qui est conservé est copié près des enregistrements.',
  vault_failing:
    'L’écriture dans le coffre a échoué. Rien n’y est plus écrit ni effacé avant le prochain montage.',
  vault_full:
    'Le coffre n’a pas de place : ce qui est conservé est copié près des enregistrements, tant qu’il y a place.',
  held_copy_damaged:
    'Un enregistrement conservé finit trop tôt ou est endommagé. L’original est peut-être encore sur l’enregistreur.',
  kept_without_clip:
    'Un disque porte des images conservées que l’index ne connaît pas. Elles restent, et personne ne les voit.',
  audit_unwritable: 'Le journal ne peut être écrit. La consultation est arrêtée.',
  mirror_foreign:
    'Un disque porte des conservations que cette installation n’a pas écrites. Elles valent jusqu’à examen.',
  mirror_refused:
    'Un disque refuse sa copie d’une conservation, comme lorsqu’il est plein. La conservation reste.',
  directory_unreadable: 'Des répertoires sont illisibles. Rien n’en est montré, effacé ni tenu pour disparu.',
  snapshots_seen: 'Un disque a des instantanés. Les images effacées y restent.',
  self_test: 'Quelque chose dont l’effacement a besoin n’est pas permis sur un disque.',
  unowned_files:
    'Des fichiers n’appartiennent à aucune caméra. Personne ne les voit ; seule une règle confirmée les efface.',
  drill_failed: 'Une séquence d’essai a été effacée et quelque chose en est resté.',
  watch_limit: 'Les nouvelles séquences sont trouvées par parcours, dans les 30 secondes.',
  tool_missing: 'ffmpeg manque : pas d’images fixes, les séquences inhabituelles restent illisibles.',
  certificate_expiring: 'Le certificat de cette page finit dans les 30 jours.',
};

export const alarms: Catalogue<Alarms> = { nl, en, fr };
