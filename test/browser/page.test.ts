/** The page in a real browser: sign-in, purpose, pictures that move, a hold, a refused role, the policy kept. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startSubject, type Subject } from './subject.ts';
import * as steps from './steps.ts';

let browser: Browser;
let subject: Subject;
let visit: steps.Visit | undefined;

async function open(window?: steps.Window): Promise<steps.Visit> {
  visit = await steps.visit(browser, subject, window);
  return visit;
}

beforeAll(async () => {
  [browser, subject] = await Promise.all([steps.launch(), startSubject()]);
});

afterAll(async () => {
  await browser.close();
  await subject.close();
});

/** Whatever a test did: no error, and not one violation of the content security policy. */
afterEach(async () => {
  const { page, complaints, close } = visit!;
  const violations = await steps.violations(page);
  await close();
  expect([...complaints, ...violations]).toEqual([]);
});

describe('signing in', () => {
  test('a wrong password is refused in words, and nothing about cameras is told', async () => {
    const { page } = await open();
    await steps.typeLogin(page, subject.accounts.security.userName, 'not the password');
    await expect
      .poll(() => page.locator('.wrong').allTextContents())
      .toContain('That name and password do not belong together.');
    expect(await page.locator('body').innerText()).not.toMatch(/camera|recording/i);
  });

  test('the page speaks Dutch, English and French', async () => {
    const { page } = await open({ language: 'nl' });
    await page.locator('.login-box h2', { hasText: 'Inloggen' }).waitFor();
    await page.locator('select.language').selectOption('fr');
    await page.locator('.login-box h2', { hasText: 'Se connecter' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('fr');
  });
});

describe('security', () => {
  test('no byte of footage is asked for before a purpose is stated', async () => {
    const { page, footageAsked } = await open();
    await steps.signIn(page, subject, 'security');
    await page.locator('dialog.why').waitFor();
    await page.locator('.timeline-main').waitFor();
    expect(footageAsked).toEqual([]);
    await steps.statePurpose(page, 'round of the building');
    await steps.lookAt(page, '-5m');
    await steps.waitForPicture(page);
    expect(footageAsked.length).toBeGreaterThan(0);
  });

  test('playback advances, decodes pictures, and runs on into the next clip', async () => {
    const { page } = await open();
    await steps.signIn(page, subject, 'security');
    await steps.statePurpose(page, 'incident in the hall');
    await steps.lookAt(page, '-5m');
    await steps.waitForPicture(page);
    const before = await steps.progress(page);
    expect(before.widthPx).toBeGreaterThan(0);
    await page.keyboard.press('Space');
    await expect.poll(steps.motionOf(page)).toBe(true);
    await expect.poll(async () => (await steps.progress(page)).clockS).toBeGreaterThan(before.clockS + 1);
    await page.keyboard.press('l');
    await expect.poll(async () => (await steps.progress(page)).clip).not.toBe(before.clip);
    await expect.poll(steps.motionOf(page)).toBe(true);
    await page.keyboard.press('k');
    await page.locator('.play[aria-label=Play]').waitFor();
  });

  test('the moment under the needle says when its pictures go', async () => {
    const { page } = await open();
    await steps.signIn(page, subject, 'security');
    await steps.statePurpose(page, 'round of the building');
    await steps.lookAt(page, '-5m');
    await expect.poll(() => page.locator('.clock p span').innerText()).toMatch(/deleted on|Kept for/);
    expect(await page.locator('.timeline-main').getAttribute('aria-valuetext')).toMatch(
      /deleted on|Kept for/,
    );
  });

  test('a page of another role is refused in words', async () => {
    const { page } = await open();
    await steps.signIn(page, subject, 'security');
    await steps.statePurpose(page, 'round of the building');
    await page.evaluate(`location.hash = '#/audit'`);
    await page.getByText('This page is not for your role.').waitFor();
    const status = await page.evaluate<number>(`fetch('/api/v1/audit').then((r) => r.status)`);
    expect(status).toBe(403);
  });
});

describe('facility', () => {
  test('a hold binds, says what it found, and stands in the list; no picture is ever asked for', async () => {
    const { page, footageAsked } = await open();
    await steps.signIn(page, subject, 'facility');
    await page.locator('.composer .timeline-main').waitFor();
    await page.locator('.covers-bars').waitFor();
    await steps.moveWindow(page);
    await page.getByRole('button', { name: 'Set hold' }).click();
    await page.getByText('Write the reference of the case.').waitFor();
    await steps.fillHold(page, {
      caseRef: 'Z-2026-034',
      title: 'Bicycle damaged at the entrance',
      reason: 'Tenant reports damage to a bicycle; the insurer asks to keep the footage.',
    });
    await page.getByRole('button', { name: 'Set hold' }).click();
    await page.getByText('The hold for Z-2026-034 binds.').waitFor();
    await page.locator('.hold-entry', { hasText: 'Z-2026-034' }).waitFor();
    expect(footageAsked).toEqual([]);
    expect(await page.locator('video, img').count()).toBe(0);
    expect(await page.evaluate<number>(`fetch('/api/v1/clips/1/media').then((r) => r.status)`)).toBe(403);
  });

  test('a second person confirms; a release shows its whole way, is asked for, and granted by that second person', async () => {
    const { page } = await open();
    const asking = page;
    await steps.signIn(asking, subject, 'facility');
    await asking.locator('.hold-entry', { hasText: 'to confirm' }).first().click();
    await asking.getByText('Not you:').waitFor();
    expect(await asking.getByRole('button', { name: 'Confirm' }).count()).toBe(0);
    const second = await steps.visit(browser, subject);
    const granting = second.page;
    await steps.signIn(granting, subject, 'privacy');
    await granting.goto(asking.url());
    await granting.getByRole('button', { name: 'Confirm', exact: true }).click();
    await steps.act(granting, { go: 'Confirm the hold', password: subject.accounts.privacy.password });
    await granting.locator('.case .chip', { hasText: 'binding' }).waitFor();

    await asking.reload();
    await asking.getByRole('button', { name: 'Release', exact: true }).click();
    const dialog = asking.locator('dialog');
    await dialog.getByText('A second person of another role agrees').waitFor();
    await dialog.getByText('Destroyed, with a receipt').waitFor();
    expect(await dialog.getByRole('button', { name: 'Ask for the release' }).isDisabled()).toBe(true);
    await steps.act(asking, {
      go: 'Ask for the release',
      reason: 'The claim was settled, the insurer confirmed it in writing.',
      password: subject.accounts.facility.password,
    });
    await asking.locator('.case .chip', { hasText: 'release asked' }).waitFor();

    await granting.reload();
    await granting.getByRole('button', { name: 'Agree to the release' }).click();
    await steps.act(granting, {
      go: 'Agree to the release',
      reason: 'I have read the letter of the insurer.',
      password: subject.accounts.privacy.password,
    });
    await granting.locator('.case .chip', { hasText: 'cooling off' }).waitFor();
    await granting.locator('.case-history li').nth(3).waitFor();
    expect([...second.complaints, ...(await steps.violations(granting))]).toEqual([]);
    await second.close();
  });
});

describe('privacy and administration', () => {
  test('the audit reads as sentences, newest first', async () => {
    const { page } = await open();
    await steps.signIn(page, subject, 'privacy');
    await page.locator('.records tbody tr').first().waitFor();
    const numbers = (await page.locator('.records td:last-child').allInnerTexts()).map(Number);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    await page.locator('.record-open', { hasText: 'Signed in: accepted' }).first().waitFor();
  });

  test('an administrator manages accounts and sees no footage', async () => {
    const { page, footageAsked } = await open();
    await steps.signIn(page, subject, 'admin');
    await page.getByText(subject.accounts.security.userName, { exact: true }).waitFor();
    expect(await page.locator('header.top nav a').allInnerTexts()).toEqual(['Accounts', 'Status']);
    expect(footageAsked).toEqual([]);
  });

  test('status answers in one sentence, on a phone too', async () => {
    const { page } = await open({ width: 390, height: 844 });
    await steps.signIn(page, subject, 'privacy');
    await page.evaluate(`location.hash = '#/status'`);
    await page.locator('.status h1', { hasText: 'Deletion' }).waitFor();
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
