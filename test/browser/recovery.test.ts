/** A disk that knows of lost holds, in a real browser: what the status page says, and who may confirm. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { PASSWORDS } from '../support/http/world.ts';
import { makePeople, startWhole, type Whole } from '../support/whole.ts';
import * as steps from './steps.ts';
import { builtPage, subjectOf, type Role } from './subject.ts';

let browser: Browser;
let w: Whole;

beforeAll(async () => {
  const pageDir = await builtPage();
  [browser, w] = await Promise.all([steps.launch(), startWhole({ pageDir })]);
  const nowMs = w.app.rooms.retention.nowMs();
  const terms = { caseRef: 'Z-1', title: 'A fall', kind: 'legal_claim', ground: 'gdpr_17_3_e' };
  const body = {
    ...terms,
    reason: 'The insurer asks to keep the footage.',
    cameraIds: ['entrance'],
    fromMs: nowMs - 60_000,
    toMs: nowMs,
    reviewMs: nowMs + 86_400_000,
  };
  expect((await (await w.as('facility')).ask('POST', '/api/v1/holds', { body })).status).toBe(201);
  await w.restart({}, () => {
    for (const name of ['index.db', 'index.db-wal', 'index.db-shm', 'holds.journal'])
      rmSync(join(w.dir, 'state', name), { force: true });
    for (const id of ['nvr', 'media']) rmSync(w.path(id, '.fortnight/holds'), { recursive: true });
  });
  await makePeople(w.app);
});
afterAll(async () => {
  await browser.close();
  await w.close();
});

async function statusOf(role: Role): Promise<steps.Visit> {
  const subject = subjectOf(w);
  const visit = await steps.visit(browser, subject);
  await steps.signIn(visit.page, subject, role);
  await visit.page.evaluate(`location.hash = '#/status'`);
  await visit.page.getByText('this disk has seen a later state than there is here').first().waitFor();
  return visit;
}

test('everybody reads that the list of holds waits; only a facility manager gets a button', async () => {
  const { page, close } = await statusOf('privacy');
  expect(await page.getByText('Holds that stand now: 0.').count()).toBe(2);
  expect(await page.locator('.root-confirm').count()).toBe(0);
  await close();
});

test('a facility manager confirms with the password, and the disk is online', async () => {
  const { page, complaints, close } = await statusOf('facility');
  await page.getByRole('button', { name: 'Confirm the list of holds' }).first().click();
  const dialog = page.locator('dialog');
  await dialog.getByText('First look at the list under Holds').waitFor();
  await dialog.locator('input[type=password]').fill(PASSWORDS.facility);
  await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => w.app.rooms.roots.list().map((r) => r.state)).toContain('online');
  expect(complaints).toEqual([]);
  await close();
});
