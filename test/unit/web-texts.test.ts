/** Every sentence of the page exists in three languages; records of the audit read as sentences. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AuditKind } from '../../src/audit/entry.ts';
import type { AuditEntryView, Coverage } from '../../src/http/api/index.ts';
import { sentenceOf } from '../../src/web/audit/sentence.ts';
import { emptyForm, requestOf, translated, wrongFields } from '../../src/web/holds/composer/form.ts';
import { fateOf, gapSentence } from '../../src/web/review/fate.ts';
import { counting, type Counted } from '../../src/web/texts/count.ts';
import { CATALOGUES, textsOf } from '../../src/web/texts/index.ts';
import { LANGUAGES } from '../../src/web/texts/language.ts';
import { createTimeFormat, formatBytes } from '../../src/web/time/format.ts';
import { createZone, DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/web/time/zone.ts';

const zone = createZone('Europe/Amsterdam');
const wordsIn = (
  language: 'nl' | 'en' | 'fr',
): {
  language: typeof language;
  texts: ReturnType<typeof textsOf>;
  time: ReturnType<typeof createTimeFormat>;
  number: (n: number) => string;
  counted: Counted;
} => ({
  language,
  texts: textsOf(language),
  time: createTimeFormat(language, zone),
  number: String,
  counted: counting(language),
});
const en = wordsIn('en');
const NOW = Date.UTC(2026, 10, 20, 13, 5);

/** Every leaf of a catalogue with its path; functions are called with numbered placeholders. */
function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const args = Array.from({ length: value.length }, (_, i) => 41 + i);
    return leaves((value as (...a: number[]) => unknown)(...args), path);
  }
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('the catalogue', () => {
  for (const [area, catalogue] of Object.entries(CATALOGUES)) {
    test(`${area}: no sentence is empty, and each names the same things in every language`, () => {
      const reference = leaves(catalogue.en, area);
      for (const language of LANGUAGES) {
        const these = leaves(catalogue[language], area);
        expect(these.map(([path]) => path)).toEqual(reference.map(([path]) => path));
        for (const [i, [path, text]] of these.entries()) {
          expect(text.trim(), path).not.toBe('');
          const named = (t: string): string[] => [...t.matchAll(/\{\w+|\b4[1-5]\b/g)].map(([m]) => m).sort();
          expect(named(text), `${language} ${path}`).toEqual(named(reference[i]![1]));
        }
      }
    });
  }
});

/** Every sentence of the page that is a function, called with one number for all its arguments. */
function calledWith(n: number, value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [];
  if (typeof value === 'function') {
    const made = (value as (...a: number[]) => unknown)(...Array.from({ length: value.length }, () => n));
    return leaves(made, path);
  }
  return Object.entries(value as object).flatMap(([key, inner]) => calledWith(n, inner, `${path}.${key}`));
}

describe('counting', () => {
  const PLURALS =
    /\b(clips|files|holds|records|days|hours|directories|characters|checks|minutes|snapshots|fragmenten|bestanden|zaken|regels|dagen|mappen|tekens|controles|momentopnamen|séquences|fichiers|entrées|jours|répertoires|caractères|autres|contrôles|conservations|instantanés)\b/;
  const wrong = (language: 'nl' | 'en' | 'fr', n: number): string[] =>
    Object.entries(CATALOGUES)
      .flatMap(([area, catalogue]) => calledWith(n, catalogue[language], area))
      .filter(
        ([path, text]) =>
          new RegExp(`\\b${String(n)} ${PLURALS.source}`).test(text) && !ALWAYS_MANY.has(path),
      )
      .map(([path, text]) => `${path}: ${text}`);
  /** Never called with fewer than two. */
  const ALWAYS_MANY = new Set(['status.deletedPerHour', 'status.perHourSays', 'status.someSilent']);

  test.each(['nl', 'en', 'fr'] as const)('%s says one of one thing', (language) => {
    expect(wrong(language, 1)).toEqual([]);
    expect(wrong(language, 2).length).toBeGreaterThan(10);
  });
  test('French says one of none as well, Dutch and English say many', () => {
    expect(wrong('fr', 0)).toEqual([]);
    expect(wrong('nl', 0).length).toBeGreaterThan(10);
    expect(wrong('en', 0).length).toBeGreaterThan(10);
  });
});

test('bytes are counted in octets in French', () => {
  expect(formatBytes(1.5e9, 'fr-FR')).toBe('1,5 Go');
  expect(formatBytes(1.5e9, 'nl-NL')).toBe('1,5 GB');
  expect(formatBytes(12, 'fr-FR')).toBe('12 o');
});

/** The type check fails here when a kind of record has no sentence. */
const EVERY_KIND: Readonly<Record<AuditKind, readonly string[]>> = CATALOGUES.audit.en.kinds;

test('every alarm of the guide has a sentence', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/alarms.md'), 'utf8');
  const codes = [...guide.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code = '') => !Object.keys(CATALOGUES.alarms.en).includes(code))).toEqual([]);
});

describe('the audit in sentences', () => {
  test('every kind has a name and a sentence', () => {
    for (const [kind, [name, sentence]] of Object.entries(EVERY_KIND)) {
      expect(
        [name, sentence].every((t) => (t ?? '').length > 3),
        kind,
      ).toBe(true);
    }
  });
  const reader = {
    texts: en.texts,
    time: en.time,
    counted: en.counted,
    cameraName: (id: string) => (id === 'hall' ? 'Hall' : id),
  };
  const entry = (kind: string, payload: Record<string, unknown> | null): AuditEntryView => ({
    seq: 1,
    wallMs: NOW,
    kind,
    actor: 'm.devries',
    payload,
    hash: '',
  });
  test.each([
    ['login', { userName: 'x', outcome: 'wrong_password' }, 'Signed in: refused, wrong password'],
    [
      'view_start',
      { camera: 'hall', hourMs: NOW - 5 * 60_000 },
      'Began to watch Hall, Fri 20 Nov, 14:00 – 15:00',
    ],
    ['deletion_intent', { clips: [1, 2, 3] }, 'Is about to delete 3 clips'],
    ['deletion_done', { outcomes: { deleted: 17, already_gone: 1 } }, 'Deleted 18 clips'],
    [
      'purpose_stated',
      { purpose: 'case', note: 'as asked', caseRef: 'Z-1' },
      'Stated why: A case that is already open (Z-1), “as asked”',
    ],
    ['session_closed', {}, 'A session ended'],
    ['from_a_newer_version', { a: 1 }, 'from_a_newer_version'],
  ])('%s', (kind, payload, sentence) => {
    expect(sentenceOf(entry(kind, payload), reader)).toBe(sentence);
  });
  test.each([
    ['nl', { deleted: 1 }, 'Wiste 1 fragment'],
    ['nl', { deleted: 0 }, 'Wiste 0 fragmenten'],
    ['nl', { deleted: 1500, already_gone: 1 }, 'Wiste 1.501 fragmenten'],
    ['en', { deleted: 1 }, 'Deleted 1 clip'],
    ['fr', { deleted: 0 }, 'A effacé 0 séquence'],
    ['fr', { deleted: 2 }, 'A effacé 2 séquences'],
  ] as const)('in %s %o is counted as one says it', (language, outcomes, sentence) => {
    const { texts, time, counted } = wordsIn(language);
    expect(sentenceOf(entry('deletion_done', { outcomes }), { ...reader, texts, time, counted })).toBe(
      sentence,
    );
  });
  test('French keeps its space before a colon', () => {
    const { texts, time, counted } = wordsIn('fr');
    expect(sentenceOf(entry('login', { outcome: 'ok' }), { ...reader, texts, time, counted })).toBe(
      'Connexion : acceptée',
    );
  });
  test('what has expired says so', () => {
    expect(sentenceOf(entry('login', null), reader)).toBe(en.texts.audit.expired);
  });
});

describe('the sentence beside the clock', () => {
  const there = { kind: 'there' as const, holds: [] };
  test('says when the pictures are deleted', () => {
    const fate = fateOf({ moment: there, dueMs: NOW + 11 * DAY_MS + HOUR_MS, nowMs: NOW }, en);
    expect(fate).toEqual({ text: 'These pictures are deleted on Tue 1 Dec, 15:05 · in 11 d', tone: 'plain' });
  });
  test('turns amber on the last day', () => {
    expect(fateOf({ moment: there, dueMs: NOW + 23 * HOUR_MS, nowMs: NOW }, wordsIn('nl'), true)).toEqual({
      text: 'Wordt gewist op za 21 nov, 13:05',
      tone: 'due',
    });
  });
  test('names the case that keeps them', () => {
    const band: Coverage['cameras'][number]['holds'][number] = {
      fromMs: 0,
      toMs: 1,
      holdId: 'a',
      caseRef: 'Z-2026-031',
      state: 'standing',
    };
    expect(fateOf({ moment: { kind: 'there', holds: [band] }, dueMs: NOW, nowMs: NOW }, en)).toEqual({
      text: 'Kept for Z-2026-031',
      tone: 'hold',
    });
  });
});

describe('the sentence of a gap', () => {
  const AT = Date.UTC(2026, 10, 20, 22, 5, 50);
  const MIDNIGHT = Date.UTC(2026, 10, 20, 23);
  test.each([
    ['within a minute', AT - 20_000, 14_000, '23:05:30 – 23:05:44 · 14 s'],
    ['over the turn of a minute', AT, 20_000, '23:05:50 – 23:06:10 · 20 s'],
    ['over midnight', MIDNIGHT - 5000, 9000, 'Fri 20 Nov, 23:59:55 – Sat 21 Nov, 00:00:04 · 9 s'],
    ['of a minute', AT, MINUTE_MS, '23:05 – 23:06 · 1 min'],
    ['of an hour', AT, HOUR_MS, 'Fri 20 Nov, 23:05 – Sat 21 Nov, 00:05 · 1 h'],
  ])('%s', (_, fromMs, lengthMs, sentence) => {
    expect(gapSentence({ fromMs, toMs: fromMs + lengthMs }, en)).toBe(sentence);
  });
});

describe('the form of a hold', () => {
  const window = { fromMs: NOW - 2 * HOUR_MS, toMs: NOW - HOUR_MS };
  const filled = {
    ...emptyForm(window, NOW, en.time),
    caseRef: ' Z-2026-034 ',
    title: 'Bicycle damaged',
    reason: 'Tenant reports damage to a bicycle.',
    cameraIds: ['hall'],
  };
  test('makes the request of what was typed', () => {
    expect(requestOf(filled, NOW, en.time)).toMatchObject({
      ...window,
      caseRef: 'Z-2026-034',
      cameraIds: ['hall'],
      ground: 'gdpr_17_3_e',
    });
  });
  test('an empty one names every field that is owed, and makes no request', () => {
    const empty = emptyForm(window, NOW, en.time);
    expect([...wrongFields(empty, NOW, en.time)].sort()).toEqual(['cameras', 'caseRef', 'reason', 'title']);
    expect(requestOf(empty, NOW, en.time)).toBeUndefined();
  });
  test.each([
    ['order', { to: filled.from }],
    ['from', { from: 'soon' }],
    ['reason', { reason: 'nineteen characters' }],
    ['review', { review: en.time.fullDay(NOW) }],
    ['review', { review: en.time.fullDay(NOW + 92 * DAY_MS) }],
  ])('%s is refused when it cannot stand', (field, part) => {
    expect([...wrongFields({ ...filled, ...part }, NOW, en.time)]).toContain(field);
  });
  test('a change of language keeps the window', () => {
    const fr = wordsIn('fr').time;
    const french = translated(filled, en.time, fr);
    expect(french.from).not.toBe(filled.from);
    expect(requestOf(french, NOW, fr)).toEqual(requestOf(filled, NOW, en.time));
  });
});
