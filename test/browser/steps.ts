/** What a person does on the page, and what can be seen of it. Nothing here knows which server answers. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Role, Subject } from './subject.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A browser window of its own, with everything that went wrong in it. */
export interface Visit {
  readonly page: Page;
  /** Errors of the page and violations of its content security policy. */
  readonly complaints: string[];
  /** Addresses under /clips/ that were asked for. */
  readonly footageAsked: string[];
  readonly close: () => Promise<void>;
}

export interface Window {
  readonly width?: number;
  readonly height?: number;
  readonly language?: 'nl' | 'en' | 'fr';
}

/** Opens the page. The browser sits in another zone than the site, as it may. */
export async function visit(browser: Browser, subject: Subject, window: Window = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: window.width ?? 1440, height: window.height ?? 900 },
    timezoneId: 'America/New_York',
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  const seen = { complaints: [] as string[], footageAsked: [] as string[] };
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) seen.complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (/\/api\/v1\/clips\/\d+\//.test(request.url())) seen.footageAsked.push(request.url());
  });
  await rememberViolations(context);
  await speak(context, window.language ?? 'en');
  await page.goto(subject.baseUrl);
  return { page, ...seen, close: () => context.close() };
}

async function rememberViolations(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    `window.violations = []; addEventListener('securitypolicyviolation', (e) => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));`,
  );
}

async function speak(context: BrowserContext, language: string): Promise<void> {
  await context.addInitScript(
    `localStorage.getItem('fortnight.language') ?? localStorage.setItem('fortnight.language', '${language}');`,
  );
}

/** Violations of the content security policy as the browser reported them. */
export function violations(page: Page): Promise<string[]> {
  return page.evaluate<string[]>('window.violations');
}

export async function signIn(page: Page, subject: Subject, role: Role): Promise<void> {
  const { userName, password } = subject.accounts[role];
  await typeLogin(page, userName, password);
  await page.locator('header.top').waitFor();
}

export async function typeLogin(page: Page, userName: string, password: string): Promise<void> {
  await page.locator('input[autocomplete=username]').fill(userName);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('.login-box button.go').click();
}

export async function statePurpose(page: Page, note: string): Promise<void> {
  const dialog = page.locator('dialog.why');
  await dialog.locator('textarea').fill(note);
  await dialog.locator('button.go').click();
  await dialog.waitFor({ state: 'detached' });
}

/** One camera on the stage, at a time as typed (`13:05`, `-5m`). */
export async function lookAt(page: Page, time: string): Promise<void> {
  await page.keyboard.press('t');
  await page.locator('.clock-jump').fill(time);
  await page.keyboard.press('Enter');
}

/** Waits until the active picture shows a decoded frame. */
export async function waitForPicture(page: Page): Promise<void> {
  await page.locator('.tile[data-active=true][data-picture=showing]').waitFor();
}

export interface Progress {
  /** The desk's clock, seconds of the day. */
  readonly clockS: number;
  readonly videoS: number;
  readonly frames: number;
  readonly clip: string;
  readonly widthPx: number;
  /** False while the browser itself plays; pictures that are only sought one by one do not count as playback. */
  readonly paused: boolean;
}

/** How far the active picture has come. */
export function progress(page: Page): Promise<Progress> {
  return page.evaluate<Progress>(`(() => {
    const video = document.querySelector('.tile[data-active=true] video[data-front]');
    const [h, m, s] = document.querySelector('.clock-digits').textContent.split(':').map(Number);
    return {
      clockS: h * 3600 + m * 60 + s,
      videoS: video.currentTime,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
      clip: video.src,
      widthPx: video.videoWidth,
      paused: video.paused,
    };
  })()`);
}

/**
 * Whether the active picture moved since the last call: the browser plays, and within one clip its time went on and
 * more pictures were decoded. (The counts begin anew with each clip.)
 */
export function motionOf(page: Page): () => Promise<boolean> {
  let before: Progress | undefined;
  return async () => {
    const now = await progress(page);
    const last = before;
    before = now;
    if (last?.clip !== now.clip || now.paused) return false;
    return now.videoS > last.videoS && now.frames > last.frames;
  };
}

export async function fillHold(
  page: Page,
  hold: { caseRef: string; title: string; reason: string },
): Promise<void> {
  await page.getByLabel('Case reference').fill(hold.caseRef);
  await page.getByLabel('Title').fill(hold.title);
  await page.locator('.case-form textarea').fill(hold.reason);
}

/** Moves the window of the composer by key, and waits until the slider says another time and the coverage is of it. */
export async function moveWindow(page: Page): Promise<void> {
  const slider = page.locator('.composer .timeline-main');
  const before = (await slider.getAttribute('aria-valuetext')) ?? '';
  await slider.press('ArrowLeft');
  await page.locator(`.composer .timeline-main:not([aria-valuetext="${before}"])`).waitFor();
  await page.locator('.covers[data-stale=false] .covers-bars').waitFor();
}

/** Does what the open dialog offers, with what it asks for. */
export async function act(
  page: Page,
  given: { readonly go: string; readonly reason?: string; readonly password?: string },
): Promise<void> {
  const dialog = page.locator('dialog');
  if (given.reason !== undefined) await dialog.locator('textarea').fill(given.reason);
  if (given.password !== undefined) await dialog.locator('input[type=password]').fill(given.password);
  await dialog.getByRole('button', { name: given.go }).click();
  await dialog.waitFor({ state: 'detached' });
}
