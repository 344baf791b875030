/** `copy.found`: what is known of a copy's content. Numbers once written are never reused for another meaning. */
export const FOUND = {
  whole: 0,
  ends_early: 1,
  errors: 2,
  unchecked: 3,
  /** No longer what was hashed. */
  altered: 4,
} as const;

export type Found = keyof typeof FOUND;

/** The name of a number of `copy.found`. */
export function foundOf(n: number): Found {
  const name = (Object.keys(FOUND) as Found[]).find((key) => FOUND[key] === n);
  if (name === undefined) throw new Error(`the index holds an unknown finding: ${String(n)}`);
  return name;
}
