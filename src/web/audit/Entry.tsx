/** One record: a sentence, and on demand what was written, byte for byte. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AuditEntryView, Camera } from '../../http/api/index.ts';
import { useWords } from '../state/language.ts';
import { kindName, sentenceOf } from './sentence.ts';

export function Entry({
  entry,
  cameras,
}: {
  entry: AuditEntryView;
  cameras: readonly Camera[];
}): JSX.Element {
  const { texts, time, language, counted } = useWords();
  const [open, setOpen] = useState(false);
  const cameraName = (id: string): string => cameras.find((c) => c.id === id)?.name[language] ?? id;
  return (
    <>
      <tr data-open={open}>
        <td class="when">
          {time.day(entry.wallMs)} {time.second(entry.wallMs)}
        </td>
        <td>{whoOf(entry.actor, texts.audit)}</td>
        <td>{kindName(entry.kind, texts)}</td>
        <td>
          <button
            class="record-open"
            aria-expanded={open}
            onClick={() => {
              setOpen(!open);
            }}
          >
            {sentenceOf(entry, { texts, time, counted, cameraName })}
          </button>
        </td>
        <td class="right muted">{entry.seq}</td>
      </tr>
      {open ? (
        <tr class="record-raw">
          <td colSpan={5}>
            <h3>{texts.audit.raw}</h3>
            <pre>{JSON.stringify(entry.payload, null, 2)}</pre>
            <p class="muted">
              {texts.audit.hash} {entry.hash}
            </p>
          </td>
        </tr>
      ) : null}
    </>
  );
}

function whoOf(
  actor: string | null,
  { system, console: terminal }: { system: string; console: string },
): string {
  if (actor === null) return '–';
  if (actor === 'system') return system;
  return actor === 'console' ? terminal : actor;
}
