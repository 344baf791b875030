/** Counts in the English of the command line. */

/** `1 clip`, `2 clips`; `many` where it is not made with an s. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}
