/**
 * A camera's name in a path is bytes; in the configuration it is text. UTF-8 is decoded; a name that is not UTF-8
 * keeps each high byte as a lone surrogate (U+DC80 to U+DCFF), which no configuration file can contain: it maps to no
 * camera by mistake and still turns back into its bytes.
 */
const HIGH = /[\x80-\xff]/;
const ESCAPED = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

/** The text of a byte string; the inverse of `bytesOfName`. */
export function nameOfBytes(bytes: string): string {
  if (!HIGH.test(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  if (Buffer.from(text, 'utf8').toString('latin1') === bytes) return text;
  return bytes.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

/** The byte string of a name as text. */
export function bytesOfName(name: string): string {
  if (!ESCAPED.test(name)) return Buffer.from(name, 'utf8').toString('latin1');
  return name.replace(/[\udc80-\udcff]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) - 0xdc00));
}
