/** What waits for a second person, over the list; each sentence leads to its hold. */
import type { JSX } from 'preact';
import type { Hold, Session } from '../../http/api/index.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import type { Cases } from './cases.ts';
import { awaitsPerson } from './standing.ts';

export function Todo({ cases }: { cases: Cases }): JSX.Element | null {
  const words = useWords();
  const waiting = cases.holds.filter(awaitsPerson);
  if (waiting.length === 0) return null;
  return (
    <div class="hold-todo" role="status">
      <Icon name="people" />
      <b>{words.texts.holds.waiting(waiting.length)}</b>
      <ul>
        {waiting.map((hold) => (
          <li key={hold.id}>
            <a href={`#/holds/${hold.id}`}>{sentenceOf(hold, cases.session, words)}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function sentenceOf(hold: Hold, { userName }: Session, { texts, time }: Words): string {
  const { todo, you } = texts.holds;
  const { caseRef, pending } = hold;
  if (pending === null) {
    const when = time.moment(hold.confirmByMs ?? hold.setMs);
    return hold.unconfirmedOverdue ? todo.late(caseRef, when) : todo.confirm(caseRef, when);
  }
  const who = pending.by === userName ? you : pending.by;
  return pending.what === 'release' ? todo.release(caseRef, who) : todo.narrowing(caseRef, who);
}
