/** A browser in front of the pages, with somebody signed in and a microphone that plays a recording. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, Response } from 'playwright-core';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { encodeWav } from '../../src/audio/encode-wav.ts';
import type { Principal } from '../../src/web/principal.ts';
import { cookieName } from '../../src/web/session-cookie.ts';
import { assertDescribed } from './described-answer.ts';
import { temporaryFolder } from './services.ts';
import type { WebWorld } from './web-world.ts';

const RATE_HZ = 16_000;
/** The microphone is open while the page counts down from 3. */
const COUNTDOWN_S = 3.6;
const AFTERWARDS_S = 1;

/** A file for the fake microphone: what is said comes once recording has begun. */
export function spokenFile(wav: string, times = 1): string {
  const samples = decodeSpeech(readFileSync(wav), { maxSeconds: 60 });
  const speech = Array.from({ length: times }, () => [...samples]).flat();
  return microphoneFile(Float32Array.from(speech));
}

export function silentFile(seconds: number): string {
  return microphoneFile(new Float32Array(seconds * RATE_HZ));
}

function microphoneFile(samples: Float32Array): string {
  const before = COUNTDOWN_S * RATE_HZ;
  const all = new Float32Array(before + samples.length + AFTERWARDS_S * RATE_HZ);
  all.set(samples, before);
  const file = join(temporaryFolder('microphone'), 'spoken.wav');
  writeFileSync(file, encodeWav(all, RATE_HZ));
  return file;
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** What the browser complained of: errors of scripts and of the policy. */
  complaints: string[];
  /** Hosts that were asked for anything. */
  hosts: Set<string>;
}

export async function visit(
  browser: Browser,
  web: WebWorld,
  as: Partial<Principal> | null,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Visitor> {
  const context = await browser.newContext(options);
  if (as !== null) {
    const value = await web.tokenFor(as);
    await context.addCookies([{ name: cookieName(web.origin), value, url: web.origin }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('response', (response) => void heldAgainstDocument(response, complaints));
  page.on('request', (request) => {
    if (/^https?:/.test(request.url())) hosts.add(new URL(request.url()).host);
  });
  return { context, page, complaints, hosts };
}

/** Whatever the pages are answered by the API must be described. */
async function heldAgainstDocument(response: Response, complaints: string[]): Promise<void> {
  const { pathname } = new URL(response.url());
  if (!pathname.startsWith('/api/')) return;
  const contentType = response.headers()['content-type'] ?? null;
  const isJson = contentType?.includes('json') === true;
  // A page that has been left keeps no bodies.
  const body: unknown = isJson ? await response.json().catch(() => undefined) : null;
  if (isJson && body === undefined) return;
  const method = response.request().method();
  try {
    assertDescribed({ method, path: pathname, status: response.status(), contentType, body });
  } catch (error) {
    complaints.push(String(error));
  }
}

/** Until the page has come to a stage. */
export async function stageIs(page: Page, stage: string): Promise<void> {
  await page.locator(`html[data-stage="${stage}"]`).waitFor({ timeout: 60_000 });
}

/** One take of so many seconds, from the click to the stop. */
export async function recordFor(page: Page, seconds: number): Promise<void> {
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await stageIs(page, 'countdown');
  await stageIs(page, 'recording');
  await page.getByText(`0:${String(seconds).padStart(2, '0')} of`).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
}
