/**
 * Inserting many rows by one statement. A row of a table with a dozen indexes costs 10 us this way and 25 us by a
 * statement of its own: opening and closing a cursor for each index is most of it.
 */
import type { Db } from './open.ts';

/** Rows of one statement, the largest first: what is left over goes by smaller ones. */
const AT_ONCE = [50, 10, 1];

/** One row's values, in the order of its columns. */
export type Values = readonly unknown[];

/**
 * Prepares an insertion of rows with `width` values. `sql` gives the statement around `VALUES ...`. What is returned by
 * `RETURNING`, if it says so, is in no promised order.
 */
export function manyRows<R>(
  db: Db,
  width: number,
  sql: (values: string) => string,
): (rows: readonly Values[]) => R[] {
  const row = `(${Array<string>(width).fill('?').join(', ')})`;
  const statements = AT_ONCE.map((size) => {
    const values = `VALUES ${Array<string>(size).fill(row).join(', ')}`;
    return { size, statement: db.prepare<unknown[], R>(sql(values)) };
  });
  return (rows) => {
    const returned: R[] = [];
    let at = 0;
    for (const { size, statement } of statements) {
      for (; at + size <= rows.length; at += size) {
        const values = rows.slice(at, at + size).flat();
        if (statement.reader) returned.push(...statement.all(values));
        else statement.run(values);
      }
    }
    return returned;
  };
}
