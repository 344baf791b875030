/** What is wrong now, one line each. */
import type { JSX } from 'preact';
import type { Status } from '../../http/api/index.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../state/language.ts';
import type { Texts } from '../texts/index.ts';

export function Alarms({ status }: { status: Status }): JSX.Element | null {
  const { texts, time } = useWords();
  const sentences: Readonly<Record<string, string>> = texts.alarms;
  if (status.alarms.length === 0) return null;
  return (
    <section class="alarms" aria-label={texts.status.alarms}>
      {status.alarms.map((alarm) => (
        <p key={`${alarm.code} ${alarm.subject}`} class="notice bad" role="alert">
          <Icon name="warn" />
          <span>
            <b>{sentences[alarm.code] ?? alarm.code}</b> {alarm.subject} ·{' '}
            {texts.statusDetails.alarmSince(time.moment(alarm.sinceMs))}
            {detailsOf(alarm, texts).map((detail) => ` · ${detail}`)}
          </span>
        </p>
      ))}
    </section>
  );
}

/** Counts and refusals in words; what is neither (a command, what was left) as it is, and nothing of what is empty. */
function detailsOf({ detail }: Status['alarms'][number], { alarmDetails, refusals }: Texts): string[] {
  const words: Readonly<Record<string, string>> = refusals;
  const counts: Readonly<Record<string, (n: number) => string>> = alarmDetails;
  return Object.entries(detail)
    .filter(([, value]) => value !== '')
    .map(([name, value]) =>
      typeof value === 'number'
        ? (counts[name]?.(value) ?? `${name} ${String(value)}`)
        : (words[value] ?? value),
    );
}
