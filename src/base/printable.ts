/**
 * Text for a terminal or a log line. Names come from recorders, configuration files and people: none may move the
 * cursor, hide itself or pretend to be another line.
 */

/** What acts on a terminal or hides: controls, direction marks, unassigned, separators of lines, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` on one line, every character that is not for reading shown as its code. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

/** As `printable`, but the text's own line ends stay: for texts whose quoted parts have been made printable before. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A quoted foreign text, at most 80 characters of it. */
export function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return `"${printable(shown)}"`;
}
