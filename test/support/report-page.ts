/** A report page that is opened from disk in a browser without a network, and what it did there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { temporaryFolder } from './services.ts';

export interface OpenedReport {
  page: Page;
  /** Addresses that were asked for outside the page. */
  requests: string[];
  /** Warnings and errors of the console, and what was thrown. */
  complaints: string[];
  close: () => Promise<void>;
}

export interface OpenOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Of the picture: px for each px of the page. */
  scale?: number;
}

/** `source`: the page's text, or the path of a file that has it. */
export async function openReport(
  browser: Browser,
  source: { text: string } | { file: string },
  { width = 1100, height = 900, dark = false, scale = 1 }: OpenOptions = {},
): Promise<OpenedReport> {
  const file = 'file' in source ? source.file : join(temporaryFolder('report'), 'report.html');
  if ('text' in source) writeFileSync(file, source.text);
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    deviceScaleFactor: scale,
    reducedMotion: 'reduce',
    offline: true,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(recordPlaying);
  await page.goto(pathToFileURL(file).href);
  await page.locator('html[data-ready]').waitFor();
  return { page, requests, complaints, close: () => context.close() };
}

export interface Played {
  event: 'play' | 'pause';
  role: string;
  timeS: number;
}

/** Runs in the page: media events do not bubble, but they are captured on their way down. */
function recordPlaying(): void {
  const world = globalThis as unknown as {
    played: Played[];
    addEventListener(name: string, listen: (event: { target: unknown }) => void, c: true): void;
  };
  world.played = [];
  for (const event of ['play', 'pause'] as const) {
    world.addEventListener(
      event,
      ({ target }) => {
        const audio = target as { dataset: { role?: string }; currentTime: number };
        world.played.push({ event, role: audio.dataset.role ?? '', timeS: audio.currentTime });
      },
      true,
    );
  }
}

/** What was played, once there are so many events. */
export async function playedIn(page: Page, count: number): Promise<Played[]> {
  const handle = await page.waitForFunction(
    (least) => {
      const { played } = globalThis as unknown as { played: Played[] };
      return played.length >= least ? played : null;
    },
    count,
    { polling: 20 },
  );
  return (await handle.jsonValue()) ?? [];
}

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core finds that is serious or critical. */
export async function graveFindings(page: Page): Promise<string[]> {
  // Past the page's policy, which would refuse code that is not its own.
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    );
}
