/** The sentence of the status page. */
import type { JSX } from 'preact';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import type { StatusData } from './data.ts';

export function Headline({ data }: { data: StatusData }): JSX.Element {
  const words = useWords();
  const deletion = deletionOf(data, words);
  const silent = silentOf(data, words);
  return (
    <h1>
      {deletion.bad ? <em>{deletion.text}</em> : deletion.text} {deletion.more}{' '}
      {silent === undefined ? null : (
        <>
          <em>{silent.text}</em> {silent.more}
        </>
      )}
    </h1>
  );
}

interface Part {
  readonly text: string;
  readonly more: string;
  readonly bad: boolean;
}

function deletionOf({ status }: StatusData, { texts }: Words): Part {
  const t = texts.status;
  if (status.overdueClips > 0 && status.blocked.length === 0) {
    return { text: t.behind(status.overdueClips), more: '', bad: true };
  }
  if (status.blocked.length > 0) {
    const reasons: Readonly<Record<string, string>> = texts.statusDetails.blocked;
    const more = status.blocked
      .map((b) => texts.statusDetails.blockedOn(reasons[b.reason] ?? b.reason, b.rootId))
      .join(', ');
    return { text: t.blocked, more: `${more}.`, bad: true };
  }
  return { text: t.onTime, more: '', bad: false };
}

function silentOf(data: StatusData, { texts, time, language }: Words): Part | undefined {
  const silent = data.cameras.filter((c) => !c.recording && !c.retired);
  const [first] = silent;
  if (first === undefined) return undefined;
  const since = first.lastEndMs === null ? '' : `, ${texts.status.since(time.minute(first.lastEndMs))}`;
  if (silent.length === 1)
    return { text: texts.status.oneSilent, more: `${first.name[language]}${since}.`, bad: true };
  return {
    text: texts.status.someSilent(silent.length),
    more: `${silent.map((c) => c.name[language]).join(', ')}.`,
    bad: true,
  };
}
