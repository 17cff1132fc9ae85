/** One way through the practice page, with a picture of each stage: for its test, and for the docs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { stageIs } from './practice-browser.ts';

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1200, height: 860 };
export const SCALE = 1.5;

/** What the pages are looked at with. */
export const LOOKS = {
  'phone-light-ko': { ...PHONE, scheme: 'light', language: 'ko' },
  'phone-dark-en': { ...PHONE, scheme: 'dark', language: 'en' },
  'desktop-light-en': { ...DESK, scheme: 'light', language: 'en' },
  'desktop-dark-ko': { ...DESK, scheme: 'dark', language: 'ko' },
} as const;

export type Look = keyof typeof LOOKS;

export const STAGES = ['choose', 'recording', 'taken', 'steps'] as const;

export type Stage = (typeof STAGES)[number];

/** What is clicked and read, in both languages. */
const WORDS = {
  en: { record: 'Record', stop: 'Stop', send: 'Get my score', at: (time: string) => `${time} of` },
  ko: { record: '녹음', stop: '멈추기', send: '점수 받기', at: (time: string) => `중 ${time}` },
} as const;

export interface PracticeOptions {
  origin: string;
  look: Look;
  /** Which one is chosen. */
  sentence: string;
  /** Where the pictures are written. */
  folder: string;
  /** Called in each stage, before its picture is taken. */
  at?: (stage: Stage) => Promise<void>;
}

/** Of the browser context: as somebody with this look sees the page. */
export function contextOf(look: Look) {
  const { width, height, scheme } = LOOKS[look];
  return {
    viewport: { width, height },
    colorScheme: scheme,
    deviceScaleFactor: SCALE,
    reducedMotion: 'reduce' as const,
  };
}

/** Chooses, records, sends and follows, until the report is open. */
export async function practiseInPictures(page: Page, options: PracticeOptions): Promise<void> {
  const { origin, look, sentence, folder, at } = options;
  const { language } = LOOKS[look];
  const words = WORDS[language];
  const shoot = async (stage: Stage) => {
    await at?.(stage);
    await page.screenshot({ path: join(folder, pictureOf(stage, look)) });
  };
  await page.goto(`${origin}/practice?lang=${language}`);
  // Several lessons may hold the same sentence.
  const line = page.getByRole('button', { name: sentence }).first();
  await line.waitFor();
  await shoot('choose');
  await line.click();
  await stageIs(page, 'ready');
  await page.getByRole('button', { name: words.record, exact: true }).click();
  await stageIs(page, 'countdown');
  await stageIs(page, 'recording');
  await page.getByText(words.at('0:02')).waitFor();
  await shoot('recording');
  await page.getByText(words.at('0:04')).waitFor();
  await page.getByRole('button', { name: words.stop }).click();
  await stageIs(page, 'taken');
  await shoot('taken');
  await page.getByRole('button', { name: words.send }).click();
  await page.locator('.step-done').nth(2).waitFor();
  await shoot('steps');
  await page.waitForURL(/\/scorings\//, { timeout: 120_000 });
}

export function pictureOf(stage: Stage, look: Look): string {
  return `practice-${stage}-${look}.png`;
}

/** Of the size that the look has, and not of one colour. */
export function assertPictures(folder: string, look: Look): void {
  const { width, height } = LOOKS[look];
  for (const stage of STAGES) {
    const name = pictureOf(stage, look);
    const png = readFileSync(join(folder, name));
    const size = [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.deepEqual(size, [width * SCALE, height * SCALE], name);
    const rows = linesOf(png);
    assert.ok(new Set(rows).size > rows.length / 20, `${name} shows something`);
  }
}

/** The lines of a PNG picture as it stores them: equal ones are drawn alike. */
function linesOf(png: Buffer): string[] {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const pixels = inflateSync(Buffer.concat(parts));
  const stride = pixels.length / png.readUInt32BE(20);
  return Array.from({ length: png.readUInt32BE(20) }, (_, row) =>
    pixels.toString('latin1', row * stride, (row + 1) * stride),
  );
}
