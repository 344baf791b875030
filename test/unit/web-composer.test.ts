/** The form of a new hold: each field is judged by itself, and what the preview waits for is named. */
import { describe, expect, test } from 'vitest';
import { emptyForm, missingOf, wrongFields, type HoldForm } from '../../src/web/holds/composer/form.ts';
import { createTimeFormat } from '../../src/web/time/format.ts';
import { createZone, DAY_MS, HOUR_MS } from '../../src/web/time/zone.ts';

const NOW = Date.UTC(2026, 10, 20, 13, 5);
const time = createTimeFormat('en', createZone('Europe/Amsterdam'));
const window = { fromMs: NOW - 2 * HOUR_MS, toMs: NOW - HOUR_MS };
const filled: HoldForm = {
  ...emptyForm(window, NOW, time),
  caseRef: 'Z-2026-034',
  title: 'Bicycle damaged',
  reason: 'Tenant reports damage to a bicycle.',
  cameraIds: ['hall'],
};
const [from, to] = [filled.to, filled.from];

describe('what is wrong with the form of a hold', () => {
  test.each([
    ['nothing', {}, []],
    ['a start that cannot be read', { from: 'soon' }, ['from']],
    ['an end that cannot be read', { to: 'soon' }, ['to']],
    ['neither end can be read', { from: '', to: '' }, ['from', 'to']],
    ['an end before the start', { from, to }, ['order']],
    ['no camera', { cameraIds: [] }, ['cameras']],
    ['no camera and no start', { cameraIds: [], from: '' }, ['cameras', 'from']],
  ] as const)('%s', (_, part, expected) => {
    const form = { ...filled, ...part };
    expect([...wrongFields(form, NOW, time)]).toEqual(expected);
    expect(missingOf(form, time)).toEqual(expected);
  });
  test('an own end is compared with the end of the window also where its start cannot be read', () => {
    const later = { ...filled, from: 'soon', to: time.fullMoment(NOW + 2 * DAY_MS) };
    const wrong = (end: number): string[] => [
      ...wrongFields({ ...later, end: time.fullMoment(end) }, NOW, time),
    ];
    expect(wrong(NOW + 3 * DAY_MS)).toEqual(['from']);
    expect(wrong(NOW + DAY_MS)).toEqual(['from', 'end']);
  });
});
