/** How commands lay out what they print. */
import { printable } from '../base/printable.ts';

/** Columns padded to their widest cell, two spaces apart, cells made printable. Empty for no rows. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = cells.reduce<number[]>((w, row) => {
    row.forEach((cell, i) => (w[i] = Math.max(w[i] ?? 0, cell.length)));
    return w;
  }, []);
  const line = (row: string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return cells.map((row) => `${line(row)}\n`).join('');
}
