/** Holds as the page tells them: where each stands, who may do what with it, and the whole way before its first step. */
import { describe, expect, test } from 'vitest';
import { MATRIX, may, type Permission, type Role } from '../../src/access/roles.ts';
import type { Hold, HoldCoverage } from '../../src/http/api/index.ts';
import { actsOf, overlapsOf } from '../../src/web/holds/case/acts.ts';
import { partsOf } from '../../src/web/holds/coverages.ts';
import { emptyForm, requestOf, wrongFields } from '../../src/web/holds/composer/form.ts';
import { contains, isChange } from '../../src/web/holds/composer/scope.ts';
import { conditionOf, inOrder, isListed, rightsOf } from '../../src/web/holds/standing.ts';
import { deedOf, requestWay, wayOf, type Way } from '../../src/web/holds/case/way.ts';
import { counting } from '../../src/web/texts/count.ts';
import { textsOf } from '../../src/web/texts/index.ts';
import { createTimeFormat } from '../../src/web/time/format.ts';
import { createZone, DAY_MS, HOUR_MS } from '../../src/web/time/zone.ts';

const NOW = Date.UTC(2026, 10, 20, 13, 5);
const time = createTimeFormat('en', createZone('Europe/Amsterdam'));
const words = {
  language: 'en' as const,
  texts: textsOf('en'),
  time,
  number: String,
  counted: counting('en'),
};

const HOLD: Hold = {
  id: 'h1',
  version: 1,
  act: 'placed',
  caseId: 'c1',
  caseVersion: 1,
  caseRef: 'Z-2026-031',
  title: 'Fall in the hall',
  kind: 'legal_claim',
  ground: 'gdpr_17_3_e',
  viewers: [],
  reason: 'The insurer asks to keep the footage.',
  cameraIds: ['hall', 'entrance'],
  fromMs: NOW - 4 * HOUR_MS,
  toMs: NOW - 2 * HOUR_MS,
  endMs: null,
  reviewMs: NOW + 20 * DAY_MS,
  setBy: 'm.bakker',
  setMs: NOW - HOUR_MS,
  confirmedBy: 'a.jansen',
  confirmedMs: NOW,
  confirmByMs: null,
  unconfirmedOverdue: false,
  state: 'standing',
  reviewOverdue: false,
  pending: null,
  leaving: [],
  releaseAskedBy: null,
  releasedBy: null,
  releasedMs: null,
  releaseReason: null,
  endsMs: null,
};
const FRESH = { ...HOLD, confirmedBy: null, confirmedMs: null, confirmByMs: NOW + 71 * HOUR_MS };
const ASKED: Hold = {
  ...HOLD,
  pending: {
    what: 'release',
    cameraIds: HOLD.cameraIds,
    fromMs: HOLD.fromMs,
    toMs: HOLD.toMs,
    endMs: null,
    reason: 'The claim was settled in writing.',
    by: 'm.bakker',
    atMs: NOW,
    effectiveMs: null,
  },
};
const RELEASED: Hold = {
  ...HOLD,
  state: 'cooling_off',
  releaseAskedBy: 'm.bakker',
  releasedBy: 'a.jansen',
  releasedMs: NOW,
  releaseReason: 'The claim was settled in writing.',
  endsMs: NOW + DAY_MS,
};
const ENDED: Hold = { ...RELEASED, state: 'ended' };

const person = (
  role: Role,
  userName: string = role,
): { role: Role; userName: string; permissions: Permission[] } => {
  const permissions = (Object.keys(MATRIX) as Permission[]).filter((p) => may(role, p));
  return { role, userName, permissions };
};

describe('where a hold stands', () => {
  test.each([
    ['standing', HOLD],
    ['to_confirm', FRESH],
    ['unconfirmed', { ...FRESH, unconfirmedOverdue: true }],
    ['release_asked', { ...ASKED, reviewOverdue: true }],
    ['overdue', { ...HOLD, reviewOverdue: true }],
    ['cooling_off', RELEASED],
    ['ended', ENDED],
  ] as const)('%s', (condition, hold) => {
    expect(conditionOf(hold)).toBe(condition);
  });
  test('what has ended comes last, and within the rest the newest first', () => {
    const older = { ...HOLD, setMs: NOW - 9 * DAY_MS };
    expect(inOrder([ENDED, older, HOLD])).toEqual([HOLD, older, ENDED]);
  });
  test('the list is narrowed by state and by what is typed of case, title or camera', () => {
    const under = (hold: Hold, filter: 'waiting' | 'all', typed = ''): boolean =>
      isListed(hold, { filter, typed }, 'Hall, Entrance');
    expect([under(FRESH, 'waiting'), under(ASKED, 'waiting'), under(HOLD, 'waiting')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(under(HOLD, 'all', ' 031 ') && under(HOLD, 'all', 'hall')).toBe(true);
    expect(under(HOLD, 'all', 'car park')).toBe(false);
  });
});

describe('who may do what', () => {
  const rights = (hold: Hold, who: ReturnType<typeof person>): string[] =>
    Object.entries(rightsOf(hold, who)).flatMap(([right, is]) => (is ? [right] : []));

  test.each([
    ['a new hold', FRESH, 'facility', ['review', 'widen', 'narrow', 'release', 'changeCase']],
    ['a new hold', FRESH, 'privacy', ['confirm']],
    ['a new hold', FRESH, 'security', ['confirm']],
    ['a confirmed hold', HOLD, 'privacy', []],
    ['an asked release', ASKED, 'facility', ['withdraw', 'review', 'widen', 'changeCase']],
    ['an asked release', ASKED, 'security', ['approve', 'refuse']],
    ['a cooling release', RELEASED, 'facility', ['withdraw']],
    ['a cooling release', RELEASED, 'privacy', ['withdraw']],
    ['an own end that was reached', { ...RELEASED, releasedBy: 'system' }, 'facility', []],
    ['an ended hold', ENDED, 'facility', []],
  ] as const)('%s: %o by %s', (_, hold, role, expected) => {
    expect(rights(hold, person(role)).sort()).toEqual([...expected].sort());
  });
  test('an administrator does nothing with holds', () => {
    for (const hold of [FRESH, HOLD, ASKED, RELEASED, ENDED])
      expect(rights(hold, person('admin'))).toEqual([]);
  });
  test('nobody is the second person of their own act', () => {
    expect(rights(FRESH, person('privacy', 'm.bakker'))).toEqual([]);
    expect(rights(ASKED, person('security', 'm.bakker'))).toEqual(['withdraw']);
  });
});

const wayFor = (
  hold: Hold,
  role: 'facility' | 'privacy' = 'facility',
  part: Partial<Way['cases']> = {},
): Way => {
  const userName = role === 'facility' ? 'm.bakker' : 'a.jansen';
  const session = { ...person(role, userName), displayName: userName } as Way['cases']['session'];
  const people = [
    { userName: 'a.jansen', displayName: 'A. Jansen', role: 'privacy' as const },
    { userName: 'm.devries', displayName: 'M. de Vries', role: 'security' as const },
  ];
  const rules = { coolingOffMs: DAY_MS, release: 'two_people' as const, days: 14 };
  return { hold, words, cases: { ...rules, people, session, ...part } };
};

describe('the way', () => {
  test('a release is shown whole before it is asked: asking, a second person, cooling-off, destruction', () => {
    const steps = requestWay(wayFor(HOLD), 'release');
    expect(steps.map((s) => [s.state, s.title])).toEqual([
      ['now', 'You ask for the release'],
      ['coming', 'A second person of another role agrees'],
      ['coming', 'Cooling-off, 24 h'],
      ['coming', 'Destroyed, with a receipt'],
    ]);
    expect(steps[1]?.more).toBe('Not you: A. Jansen (Privacy officer) or M. de Vries (Security).');
  });
  test('a small house tells of the 24 hours instead of a second person', () => {
    const steps = requestWay(wayFor(HOLD, 'facility', { release: 'one_person_24h' }), 'release');
    expect(steps[1]?.title).toBe('24 h pass');
    expect(steps[1]?.more).toMatch(/takes effect by itself unless/);
  });
  test('without a cooling-off there is no such step', () => {
    const steps = requestWay(wayFor(HOLD, 'facility', { coolingOffMs: 0 }), 'release');
    expect(steps.map((s) => s.title).join()).not.toMatch(/Cooling/);
  });
  test('the second person reads that it is they who agree, and what was asked', () => {
    const steps = requestWay(wayFor(ASKED, 'privacy'), 'release');
    expect(steps[0]).toMatchObject({ state: 'done', title: 'Asked to release' });
    expect(steps[0]?.more).toMatch(/The claim was settled/);
    expect(steps[1]).toMatchObject({ state: 'now', title: 'You agree, as a second person of another role' });
  });
  test('an unconfirmed hold says until when, and that it binds all the same', () => {
    const confirmation = wayOf(wayFor(FRESH))[1];
    expect(confirmation?.more).toMatch(/Before Mon 23 Nov, 13:05\. .*stays in force/);
  });
  test('a released hold says when it is over, an ended one that it was', () => {
    expect(wayOf(wayFor(RELEASED)).find((s) => s.state === 'now')?.more).toMatch(/Sat 21 Nov, 14:05/);
    expect(wayOf(wayFor(ENDED)).every((s) => s.state === 'done')).toBe(true);
  });
  test.each([
    ['nl', 'vroeg om vrijgave', 'vroeg om minder'],
    ['en', 'asked to release it', 'asked to lessen it'],
    ['fr', 'a demandé la libération', 'a demandé moins'],
  ] as const)(
    'the history tells a release that was asked from a narrowing: %s',
    (language, release, less) => {
      const told = (asked: 'release' | 'narrowing'): string =>
        deedOf({ act: 'asked', asked }, textsOf(language));
      expect([told('release'), told('narrowing')]).toEqual([release, less]);
    },
  );
  test.each([
    ['a new hold', FRESH, ['confirm'], ['confirm']],
    ['an asked release', ASKED, ['approve'], ['approve', 'refuse']],
    [
      'a release that was asked before the hold was confirmed',
      { ...FRESH, pending: ASKED.pending },
      ['approve'],
      ['approve', 'refuse', 'confirm'],
    ],
  ] as const)('one act is owed, what the list names: %s', (_, hold, owed, all) => {
    const acts = actsOf(wayFor(hold, 'privacy'));
    expect(acts.filter((a) => a.owed).map((a) => a.act)).toEqual(owed);
    expect(acts.map((a) => a.act)).toEqual(all);
  });
  test('ending asks for reason and password, keeping does not', () => {
    const asks = (hold: Hold, role: 'facility' | 'privacy'): Record<string, readonly string[]> =>
      Object.fromEntries(actsOf(wayFor(hold, role)).map((a) => [a.act, a.asks]));
    expect(asks(HOLD, 'facility')).toEqual({ review: ['review', 'reason'], release: ['reason', 'password'] });
    expect(asks(ASKED, 'privacy')).toEqual({ approve: ['reason', 'password'], refuse: ['reason'] });
    expect(asks(FRESH, 'privacy')).toEqual({ confirm: ['password'] });
  });
  test('what another standing hold keeps of the window is named', () => {
    const other = { ...HOLD, id: 'h2', caseRef: 'Z-2', fromMs: HOLD.toMs - HOUR_MS, toMs: NOW };
    expect(overlapsOf(HOLD, [HOLD, other, { ...other, id: 'h3', state: 'ended' }])).toEqual([
      { caseRef: 'Z-2', ms: HOUR_MS },
    ]);
  });
});

describe('widening and narrowing', () => {
  const held = { cameraIds: ['hall', 'entrance'], fromMs: 100, toMs: 200, endMs: null };
  test.each([
    ['widen', { ...held, toMs: 300 }, true],
    ['widen', { ...held, cameraIds: ['hall', 'entrance', 'stairs'] }, true],
    ['widen', { ...held, fromMs: 150 }, false],
    ['widen', held, false],
    ['narrow', { ...held, cameraIds: ['hall'] }, true],
    ['narrow', { ...held, endMs: 900 }, true],
    ['narrow', { ...held, fromMs: 150, toMs: 300 }, false],
    ['narrow', held, false],
  ] as const)('%s to %o: %s', (change, wanted, is) => {
    expect(isChange(change, held, wanted)).toBe(is);
  });
  test('an end is less than none', () => {
    expect(contains(held, { ...held, endMs: 900 })).toBe(true);
    expect(contains({ ...held, endMs: 900 }, held)).toBe(false);
  });
});

test('the bar of a list has each part as long as its share of all cameras', () => {
  const span = (fromMs: number, toMs: number): { fromMs: number; toMs: number } => ({ fromMs, toMs });
  const camera = { cameraId: 'hall', percent: 50, deleted: [span(0, 20)], gaps: [span(40, 50)] };
  const coverage = {
    cameras: [{ ...camera, covered: [span(20, 40)], future: [span(50, 100)] }],
  } as unknown as HoldCoverage;
  expect(partsOf(coverage)).toEqual({ deleted: 0.2, covered: 0.2, gaps: 0.1, future: 0.5 });
  expect(partsOf({ ...coverage, cameras: [] })).toEqual({ deleted: 0, covered: 0, gaps: 0, future: 0 });
});

describe('the form', () => {
  const window = { fromMs: NOW - 2 * HOUR_MS, toMs: NOW - HOUR_MS };
  const filled = {
    ...emptyForm(window, NOW, time),
    caseRef: 'Z-2026-034',
    title: 'Bicycle damaged',
    reason: 'Tenant reports damage to a bicycle.',
    cameraIds: ['hall'],
  };
  test('names who needs to know, and an end when one is typed', () => {
    const end = time.fullMoment(NOW + 9 * DAY_MS);
    const request = requestOf({ ...filled, viewers: ['m.devries'], end }, NOW, time);
    expect(request).toMatchObject({ viewers: ['m.devries'], endMs: NOW + 9 * DAY_MS });
    expect(requestOf(filled, NOW, time)).toMatchObject({ viewers: [], endMs: null });
  });
  test.each(['soon', time.fullMoment(window.fromMs), time.fullMoment(NOW - HOUR_MS / 2)])(
    'an end %s is refused',
    (end) => {
      expect([...wrongFields({ ...filled, end }, NOW, time)]).toEqual(['end']);
    },
  );
});
