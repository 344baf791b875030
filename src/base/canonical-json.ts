/**
 * One byte sequence per value: keys sorted by code unit, no white space (RFC 8785 for the values we use: strings,
 * booleans, null, finite numbers, arrays and plain objects). What is hashed or signed goes through here.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError('canonical JSON has no NaN or Infinity');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return listJson(value);
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    if (text !== '{') text += ',';
    text += `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`;
  }
  return `${text}}`;
}

function listJson(list: readonly Json[]): string {
  let text = '[';
  for (const value of list) {
    if (text !== '[') text += ',';
    text += canonicalJson(value);
  }
  return `${text}]`;
}

function isArray(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}
