/** What is wrong now, one line each. */
import type { JSX } from 'preact';
import type { Status } from '../../http/api/index.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../state/language.ts';

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
            {Object.entries(alarm.detail).map(([name, value]) => ` · ${name} ${String(value)}`)}
          </span>
        </p>
      ))}
    </section>
  );
}
