/**
 * Inserting many rows by one statement. A row of a table with a dozen indexes costs 10 us this way and 25 us by a
 * statement of its own: opening and closing a cursor for each index is most of it.
 */
import type { Db } from './open.ts';

/** Rows of one statement, the largest first: what is left over goes by smaller ones. */
const AT_ONCE = [50, 10, 1];

/** One row's values, in the order of its columns. */
export type Values = readonly unknown[];

/** What became of the rows `[from, to)` of an insertion, which one statement took. */
export interface Inserted {
  readonly from: number;
  readonly to: number;
  /** Fewer than `to - from` when the statement passes over conflicts. */
  readonly changes: number;
  readonly lastId: number;
}

/** Prepares an insertion of rows with `width` values. `sql` gives the statement around `VALUES ...`. */
export function manyRows(
  db: Db,
  width: number,
  sql: (values: string) => string,
): (rows: readonly Values[]) => Inserted[] {
  const row = `(${Array<string>(width).fill('?').join(', ')})`;
  const statements = AT_ONCE.map((size) => {
    const values = `VALUES ${Array<string>(size).fill(row).join(', ')}`;
    return { size, statement: db.prepare(sql(values)) };
  });
  return (rows) => {
    const inserted: Inserted[] = [];
    let from = 0;
    for (const { size, statement } of statements) {
      for (; from + size <= rows.length; from += size) {
        const { changes, lastInsertRowid } = statement.run(rows.slice(from, from + size).flat());
        inserted.push({ from, to: from + size, changes, lastId: Number(lastInsertRowid) });
      }
    }
    return inserted;
  };
}
