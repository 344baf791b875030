/** What `layouts try` says about the recorder's zone. */
import type { ZoneFinding } from '../clips/layouts/zone-trial.ts';

const WHY_UNKNOWN = {
  few: 'too few names tell a time: look again when the recorder has written some clips',
  copied:
    'the files were written much closer together than their names say, as copies are: ' +
    'look at the recorder’s own directory, or copy with the times kept (cp -a, rsync -a)',
  regular:
    'the clips begin whole hours apart, and short ones in this zone look like long ones in another: ' +
    'compare a clip with a clock in its picture',
  mixed:
    'the names agree with the times of their files in no zone: compare a clip with a clock in its picture',
} as const;

/** One line, or none where the names agree with their files. `zone` is the one the names were read in. */
export function zoneLine(finding: ZoneFinding, zone: string): string {
  switch (finding.is) {
    case 'fits':
      return '';
    case 'unknown':
      return `note: whether ${zone} is the recorder’s zone cannot be told: ${WHY_UNKNOWN[finding.because]}\n`;
    case 'off': {
      const { hoursBehind, zone: better } = finding;
      const way = hoursBehind > 0 ? 'behind' : 'ahead of';
      const told = `warning: most names, read as ${zone}, are ${String(Math.abs(hoursBehind))} h ${way} their files’ times`;
      return better === null
        ? `${told}, and no time zone explains it: is the recorder’s clock right?\n`
        : `${told}: set \`timeZone: ${better}\`, or another zone of the same hours\n`;
    }
  }
}

/** The zone for the configuration: the one that fits the files where the asked one does not. */
export function proposedZone(finding: ZoneFinding, zone: string): string {
  return finding.is === 'off' ? (finding.zone ?? zone) : zone;
}
