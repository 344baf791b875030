/** What two people do to a hold that is there, on the page: a facility manager and a privacy officer, each in a window. */
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Hold, HoldPlaced } from '../../src/http/api/index.ts';
import type { Client } from '../support/http/client.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';
import * as steps from './steps.ts';
import { builtPage, subjectOf } from './subject.ts';

/** Two windows on a busy machine. */
const WHY = 'The insurer has asked for it in writing.';

let browser: Browser;
let w: Whole;
let client: Client;
let facility: steps.Visit;
let privacy: steps.Visit;
let number = 0;

beforeAll(async () => {
  const pageDir = await builtPage();
  [browser, w] = await Promise.all([steps.launch(), startWhole({ pageDir })]);
  await until(() => w.app.rooms.roots.list().every((r) => r.state === 'online'));
  for (let agoMs = 20 * MINUTE; agoMs > 0; agoMs -= MINUTE) w.record('nvr', now() - agoMs, 10);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  client = await w.as('facility');
  const subject = subjectOf(w);
  [facility, privacy] = await Promise.all([steps.visit(browser, subject), steps.visit(browser, subject)]);
  await steps.signIn(facility.page, subject, 'facility');
  await steps.signIn(privacy.page, subject, 'privacy');
});
afterAll(async () => {
  await browser.close();
  await w.close();
});

let ref: string;
let hold: Hold;
/** Both look at a hold of an hour over one camera, of a case of its own. */
beforeEach(async () => {
  number += 1;
  ref = `Z-2026-${String(number).padStart(3, '0')}`;
  const fromMs = now() - 60 * MINUTE;
  const placed = await client.ask('POST', '/api/v1/holds', {
    body: {
      ...{ cameraIds: ['entrance'], fromMs, toMs: fromMs + 60 * MINUTE, reviewMs: fromMs + 30 * DAY },
      ...{ caseRef: ref, title: 'A fall in the hall', kind: 'legal_claim', ground: 'gdpr_17_3_e' },
      ...{ viewers: ['security'], reason: WHY },
    },
  });
  ({ hold } = placed.json as HoldPlaced);
  await Promise.all([show(facility.page), show(privacy.page)]);
});
afterEach(async () => {
  for (const { page, complaints, footageAsked } of [facility, privacy])
    expect([...complaints, ...(await steps.violations(page)), ...footageAsked]).toEqual([]);
});

/** Times of the page are in minutes. */
function now(): number {
  return Math.floor(Date.now() / MINUTE) * MINUTE;
}
async function show(page: Page): Promise<void> {
  await page.evaluate(`location.hash = '#/holds/${hold.id}'`);
  await page.reload();
  await page.locator('.case h1', { hasText: ref }).waitFor();
}
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const chip = (page: Page, text: string): Promise<void> =>
  page.locator('.case .chip', { hasText: text }).waitFor();
/** As the daemon has it. */
async function kept(): Promise<Hold> {
  return (await client.get(`/api/v1/holds/${hold.id}`)).json['hold'] as Hold;
}
/** Opens widening or narrowing, with the case on its head. */
async function openScope(change: 'Widen' | 'Narrow'): Promise<Page> {
  const { page } = facility;
  await page.getByRole('link', { name: change, exact: true }).click();
  await page.locator('.composer h1', { hasText: `${change} ${ref}` }).waitFor();
  await page.locator('.covers[data-stale=false] .covers-bars').waitFor();
  return page;
}
async function askNarrowing(): Promise<void> {
  const page = await openScope('Narrow');
  await page.locator('.composer .timeline-main').press('Shift+ArrowLeft');
  await page.locator('.case-form textarea').fill(WHY);
  await page.locator('.case-form input[type=password]').fill(PASSWORDS.facility);
  await press(page, 'Ask for the narrowing');
  await chip(page, 'narrowing asked');
}

test('widening takes more, binds at once, and waits for a confirmation again', async () => {
  await press(privacy.page, 'Confirm');
  await steps.act(privacy.page, { go: 'Confirm the hold', password: PASSWORDS.privacy });
  await chip(privacy.page, 'binding');
  await privacy.page.getByText('of the window is there and is held').waitFor();
  await show(facility.page);
  const page = await openScope('Widen');
  expect(await page.getByRole('button', { name: 'Widen, binding at once' }).isDisabled()).toBe(true);
  await page.getByRole('checkbox', { name: 'Hall' }).check();
  await page.locator('.case-form textarea').fill(WHY);
  await press(page, 'Widen, binding at once');
  await page.getByText(`The hold for ${ref} binds.`).waitFor();
  expect(await kept()).toMatchObject({ cameraIds: ['entrance', 'hall'], confirmedBy: null });
});

test('narrowing shows what would remain; refused, the hold stands as it was', async () => {
  await askNarrowing();
  const { page } = privacy;
  await show(page);
  await page.getByText('Would remain:').first().waitFor();
  await press(page, 'Refuse');
  await steps.act(page, { go: 'Refuse the request', reason: WHY });
  await page.getByText('Would remain:').first().waitFor({ state: 'detached' });
  expect(await kept()).toMatchObject({ act: 'refused', pending: null, toMs: hold.toMs });
});

test('what was asked is taken back; asked again and granted, it holds less', async () => {
  await askNarrowing();
  await press(facility.page, 'Take request back');
  await steps.act(facility.page, { go: 'Take request back', reason: WHY });
  await chip(facility.page, 'to confirm');
  expect((await kept()).toMs).toBe(hold.toMs);
  await askNarrowing();
  await show(privacy.page);
  await press(privacy.page, 'Agree to the narrowing');
  await steps.act(privacy.page, { go: 'Agree to the narrowing', reason: WHY, password: PASSWORDS.privacy });
  await privacy.page.locator('.case-history', { hasText: 'narrow' }).waitFor();
  expect((await kept()).toMs).toBeLessThan(hold.toMs);
});

test('a release is granted by the second person, and taken back while it cools off', async () => {
  await press(facility.page, 'Release');
  await steps.act(facility.page, { go: 'Ask for the release', reason: WHY, password: PASSWORDS.facility });
  await chip(facility.page, 'release asked');
  await show(privacy.page);
  await privacy.page.locator('.case-history', { hasText: 'asked to release it' }).waitFor();
  const filled = privacy.page.locator('.act-bar .go');
  expect(await filled.allInnerTexts()).toEqual(['Agree to the release']);
  await press(privacy.page, 'Agree to the release');
  await steps.act(privacy.page, { go: 'Agree to the release', reason: WHY, password: PASSWORDS.privacy });
  await chip(privacy.page, 'cooling off');
  await show(facility.page);
  await press(facility.page, 'Take release back');
  await steps.act(facility.page, { go: 'Take release back', reason: WHY });
  expect(await kept()).toMatchObject({ state: 'standing', releasedBy: null });
});

test('a case gets another title and other people, with the password again', async () => {
  const { page } = facility;
  await press(page, 'Change case');
  const dialog = page.locator('dialog');
  await dialog.getByLabel('Title').fill('A fall on the stairs');
  await dialog.locator('.viewers button').first().click();
  await dialog.locator('textarea').fill(WHY);
  await dialog.locator('input[type=password]').fill('not the password');
  await dialog.getByRole('button', { name: 'Save the case' }).click();
  await dialog.locator('.wrong[role=alert]').waitFor();
  await steps.act(page, { go: 'Save the case', password: PASSWORDS.facility });
  await page.getByText('A fall on the stairs').first().waitFor();
  expect(await kept()).toMatchObject({ title: 'A fall on the stairs', viewers: [] });
});

test('more is held for a case in its own words', async () => {
  const { page } = facility;
  await page.getByRole('link', { name: 'Hold more for this case' }).click();
  await page.locator('.case-under', { hasText: ref }).waitFor();
  await page.locator('.covers[data-stale=false] .covers-bars').waitFor();
  expect(await page.getByLabel('Case reference').count()).toBe(0);
  await page.locator('.case-form textarea').fill(WHY);
  await page.getByText('of the window is there and will be held').waitFor();
  await press(page, 'Set hold');
  await page.getByText(`The hold for ${ref} binds.`).waitFor();
  await page.getByText('of the window is there and is held').waitFor();
  const { holds } = (await client.get('/api/v1/holds')).json as { holds: Hold[] };
  expect(holds.filter((h) => h.caseId === hold.caseId)).toHaveLength(2);
});

test('at 1280 nothing that is chosen or named is cut, in any language', async () => {
  const { page } = facility;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(`location.hash = '#/holds/new'`);
  for (const language of ['nl', 'fr', 'en']) {
    await page.locator('select.language').selectOption(language);
    await page.locator('.composer .covers-bars').waitFor();
    expect(await page.evaluate<string[]>(CUT), language).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

/** Options wider than their list, and buttons wider than they are shown. */
const CUT = `(() => {
  const pen = document.createElement('canvas').getContext('2d');
  const wide = (select) => [...select.options].map((o) => o.text).filter((text) => {
    const style = getComputedStyle(select);
    pen.font = style.font;
    return pen.measureText(text).width > select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  });
  const cut = [...document.querySelectorAll('button, a.button')].filter((e) => e.scrollWidth > e.clientWidth + 1);
  return [...[...document.querySelectorAll('.case-form select.input')].flatMap(wide), ...cut.map((e) => e.textContent)];
})()`;
