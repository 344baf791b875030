/** The cards of the status page about files nobody owns, the deletion drill and the vault, in a real browser. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Locator } from 'playwright-core';
import { PASSWORDS } from '../support/http/world.ts';
import { DAY, startWhole, until, type Whole } from '../support/whole.ts';
import * as steps from './steps.ts';
import { builtPage, subjectOf, type Role } from './subject.ts';

/** A name that would act on a terminal. */
const NAME = 'ev\u001b[2Jil.txt';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
/** What the test reads of an element of the page. */
interface Drawn {
  readonly textContent: string;
  getBoundingClientRect(): { toJSON(): Box };
}

let browser: Browser;
let w: Whole;

beforeAll(async () => {
  const pageDir = await builtPage();
  [browser, w] = await Promise.all([steps.launch(), startWhole({ pageDir, vault: true })]);
  writeFileSync(w.path('nvr', NAME), 'x');
  await w.restart({
    sources: w.config.sources.map((s) => (s.id === 'nvr' ? { ...s, unownedDeleteAfterMs: 30 * DAY } : s)),
  });
  await until(() => w.app.rooms.roots.list().every((r) => r.state === 'online'));
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
});
afterAll(async () => {
  await browser.close();
  await w.close();
});

async function statusOf(role: Role, language: 'nl' | 'en' | 'fr', width = 1440): Promise<steps.Visit> {
  const subject = subjectOf(w);
  const visit = await steps.visit(browser, subject, { language, width });
  await steps.signIn(visit.page, subject, role);
  await visit.page.evaluate(`location.hash = '#/status'`);
  await visit.page.locator('.status-grid').waitFor();
  return visit;
}

function card(visit: steps.Visit, title: string): Locator {
  return visit.page.locator('.card', { hasText: title });
}

test.each(['nl', 'en', 'fr'] as const)(
  'on a phone no figure of the gauge lies over another: %s',
  async (language) => {
    const visit = await statusOf('privacy', language, 390);
    const boxes = await visit.page
      .locator('.gauge text')
      .evaluateAll((texts: readonly Drawn[]) =>
        texts.map((t) => ({ text: t.textContent, box: t.getBoundingClientRect().toJSON() })),
      );
    const over = boxes.flatMap(({ text, box: a }, i) =>
      boxes
        .slice(0, i)
        .filter(({ box: b }) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        .map((other) => `${text} over ${other.text}`),
    );
    expect(boxes.length).toBeGreaterThan(5);
    expect(over).toEqual([]);
    await visit.close();
  },
);

test('files nobody owns are counted for everybody, and named only to those who may do something', async () => {
  const visit = await statusOf('privacy', 'nl');
  const unowned = card(visit, 'Bestanden van niemand');
  await unowned.getByText('Past bij geen patroon van de indeling').waitFor();
  expect(await unowned.locator('.figure').innerText()).toBe('1 op nvr');
  await unowned.getByText('gewist als ouder dan 30 dagen').waitFor();
  expect(await unowned.getByRole('button').count()).toBe(0);
  await visit.close();
});

test('an administrator reads the names, escaped, and confirms the rule with the password', async () => {
  const visit = await statusOf('admin', 'en');
  const unowned = card(visit, 'Files nobody claims');
  const names = '**/api/v1/unowned*';
  await visit.page.route(names, (route) => route.abort());
  await unowned.getByRole('button', { name: 'Show the names' }).click();
  await unowned.locator('[role=alert]').waitFor();
  await visit.page.unroute(names);
  await unowned.getByRole('button', { name: 'Show the names' }).click();
  await unowned.getByText('ev\\u{1b}[2Jil.txt').waitFor();
  await unowned.getByRole('button', { name: 'Confirm the rule' }).click();
  const dialog = visit.page.locator('dialog');
  await dialog.getByText('no hold is overruled').waitFor();
  await dialog.locator('input[type=password]').fill(PASSWORDS.admin);
  await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await unowned.getByText('By the confirmed rule they go when older than 30 days').waitFor();
  expect(existsSync(w.path('nvr', NAME))).toBe(true);
  expect(visit.complaints).toEqual([]);
  await visit.close();
});

test('the last sweep says what the drill proved', async () => {
  await w.app.rooms.drill.run(() => w.job('sweep'));
  const visit = await statusOf('facility', 'fr');
  const sweep = card(visit, 'Dernier passage');
  await sweep.getByText('rien n’est resté de la séquence d’essai').waitFor();
  await visit.close();
});

test('an admin takes the disk that was put in the place of the vault', async () => {
  renameSync(w.path('vault', ''), join(w.dir, 'broken'));
  mkdirSync(w.path('vault', ''));
  await until(async () => {
    await w.app.rooms.roots.check();
    return w.app.rooms.desk.status().vault?.cause === 'marker_missing';
  });
  const others = await statusOf('facility', 'nl');
  await card(others, 'Kluis').getByText('kan een beheerder de schijf nemen').waitFor();
  expect(await card(others, 'Kluis').getByRole('button').count()).toBe(0);
  await others.close();

  const visit = await statusOf('admin', 'en');
  const vault = card(visit, 'Vault');
  await vault.getByText('Offline: the disk is not there.').waitFor();
  await vault.getByRole('button', { name: 'Take this disk' }).click();
  const dialog = visit.page.locator('dialog');
  await dialog.getByText('Destroy the old disk yourself').waitFor();
  await dialog.locator('input[type=password]').fill(PASSWORDS.admin);
  await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await vault.getByText('Online: held clips are copied here.').waitFor();
  expect(await vault.getByRole('button').count()).toBe(0);
  expect(visit.complaints).toEqual([]);
  await visit.close();
});
