/**
 * Answers of the index that hold until it changes. A player asks for many ranges of one clip, and each is judged anew
 * several times over (I7); what the index says of the clip is the same each time, and asking it takes two system calls.
 *
 * There is one writer (I14), and this is its connection: whatever changes a row counts here, triggers included. Inside a
 * transaction nothing is kept, since what is read there may yet be rolled back.
 */
import type { Db } from './open.ts';

/** Answers kept of each question; beyond it all are forgotten. */
const MAX_KEPT = 64;

/** Makes a question about an id one that is asked once for as long as nothing changes. Answers must not be changed. */
export type UntilChanged = <T>(ask: (id: number) => T) => (id: number) => T;

/** `db` is the connection of the one writer. */
export function createUntilChanged(db: Db): UntilChanged {
  const changes = db.prepare<[], number>('SELECT total_changes()').pluck();
  return <T>(ask: (id: number) => T) => {
    const kept = new Map<number, T>();
    let keptAt: number | undefined;
    return (id) => {
      if (db.inTransaction) return ask(id);

      const now = changes.get();
      if (now !== keptAt || kept.size >= MAX_KEPT) kept.clear();
      keptAt = now;
      const known = kept.get(id);
      if (known !== undefined) return known;
      const answer = ask(id);
      kept.set(id, answer);
      return answer;
    };
  };
}
