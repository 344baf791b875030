/** Codes of the audit's records read as words: what was refused, and why a session ended. */
import { expect, test } from 'vitest';
import { MATRIX, type Permission } from '../../src/access/roles.ts';
import type { SessionEnd } from '../../src/access/session.ts';
import { sentenceOf } from '../../src/web/audit/sentence.ts';
import { counting } from '../../src/web/texts/count.ts';
import { CATALOGUES, textsOf } from '../../src/web/texts/index.ts';
import { LANGUAGES, type Language } from '../../src/web/texts/language.ts';
import { createTimeFormat } from '../../src/web/time/format.ts';
import { createZone } from '../../src/web/time/zone.ts';

const zone = createZone('Europe/Amsterdam');

function sentence(language: Language, kind: string, payload: Record<string, unknown>): string {
  const reader = {
    texts: textsOf(language),
    time: createTimeFormat(language, zone),
    counted: counting(language),
    cameraName: (id: string) => id,
  };
  return sentenceOf({ seq: 1, wallMs: 0, kind, actor: 'm.bakker', payload, hash: '' }, reader);
}

/** The type check fails here when something that can be refused, or a way a session ends, has no words. */
const DENIED: Readonly<Record<Permission | 'csrf' | 'password_again', string>> =
  CATALOGUES.auditCodes.en.denied;
const ENDS: Readonly<Record<SessionEnd, string>> = CATALOGUES.auditCodes.en.sessionEnds;

test.each([
  ['nl', 'Werd geweigerd: verkeerd wachtwoord toen het opnieuw werd gevraagd'],
  ['en', 'Was refused: wrong password when it was asked again'],
  ['fr', 'S’est vu refuser : mauvais mot de passe quand il a été redemandé'],
] as const)('a wrong password before an act: %s', (language, expected) => {
  expect(sentence(language, 'access_denied', { what: 'password_again' })).toBe(expected);
});

test.each(LANGUAGES)('no code is left in a sentence: %s', (language) => {
  for (const what of [...Object.keys(MATRIX), ...Object.keys(DENIED)])
    expect(sentence(language, 'access_denied', { what })).not.toContain(what);
  for (const why of Object.keys(ENDS))
    expect(sentence(language, 'session_closed', { why })).not.toMatch(/idle|absolute|_/);
});

test('a code of a newer version is shown as it is', () => {
  expect(sentence('en', 'access_denied', { what: 'roots.paint' })).toBe('Was refused: roots.paint');
});
