/** Pictures of the practice page and the teacher's view, from a real run. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/support/chromium.ts';
import { keepScoring } from '../test/support/kept-scorings.ts';
import { putStandard } from '../test/support/local-world.ts';
import { spokenFile, stageIs, visit, type Visitor } from '../test/support/practice-browser.ts';
import { lessonPairs } from '../test/support/recordings.ts';
import { ROOT } from '../test/support/run-command.ts';
import { openWebWorld, type WebWorld } from '../test/support/web-world.ts';

const LOOKS = [
  { name: 'phone-light-ko', width: 360, height: 740, scheme: 'light', language: 'ko' },
  { name: 'phone-dark-en', width: 360, height: 740, scheme: 'dark', language: 'en' },
  { name: 'desktop-light-en', width: 1200, height: 860, scheme: 'light', language: 'en' },
  { name: 'desktop-dark-ko', width: 1200, height: 860, scheme: 'dark', language: 'ko' },
] as const;

/** The label of each button that is clicked, in both languages. */
const WORDS = {
  en: { record: 'Record', stop: 'Stop', send: 'Get my score' },
  ko: { record: '녹음', stop: '멈추기', send: '점수 받기' },
} as const;

const lessonOf = (path: string) => {
  const [, contentType = '', level = '', title = '', file = ''] =
    /\/?(\w+)\/level_(\d+)\/([^/]+)\/(audio_line_\d+)/.exec(path) ?? [];
  const line = Number(/\d+/.exec(file)?.[0]);
  return { contentType, level: Number(level), title, line };
};

export async function takePagePictures(folder = join(ROOT, 'docs', 'pictures')): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const web = await openWebWorld();
  try {
    const pairs = lessonPairs();
    for (const { standardKey, standard, sentence } of pairs) {
      await putStandard(web.world, lessonOf(standardKey), readFileSync(standard), sentence);
    }
    const [pair] = pairs;
    if (pair === undefined) throw new Error('there are no lessons');
    const browser = await launchChromium({ microphone: spokenFile(pair.learner) });
    try {
      for (const look of LOOKS) {
        const visitor = await visit(browser, web, { userId: '7' }, optionsOf(look));
        const shot = (what: string, page: Page) =>
          page.screenshot({ path: join(folder, `practice-${what}-${look.name}.png`) });
        await practise(web, visitor, look.language, pair.sentence, shot);
        await visitor.context.close();
      }
      await fillClass(web);
      for (const look of LOOKS) {
        const teacher = { role: 'teacher' as const, userId: 't-17' };
        const { page, context } = await visit(browser, web, teacher, optionsOf(look));
        await page.goto(`${web.origin}/teacher?lang=${look.language}`);
        await page.locator('html[data-list="loaded"]').waitFor();
        await page.locator('.reviews, .findings, .scorings').first().waitFor();
        const path = join(folder, `teacher-${look.name}.png`);
        await page.screenshot({ path, fullPage: true, clip: clipOf(look) });
        await context.close();
      }
    } finally {
      await browser.close();
    }
  } finally {
    await web.close();
  }
}

type Look = (typeof LOOKS)[number];

function optionsOf({ width, height, scheme }: Look) {
  return { viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: 1.5 };
}

/** From the top, as far as somebody scrolls. */
function clipOf({ width }: Look) {
  return { x: 0, y: 0, width, height: width < 500 ? 2000 : 1500 };
}

/** A class of three over four weeks, and a score that waits. */
async function fillClass(web: WebWorld): Promise<void> {
  for (let index = 0; index < 30; index += 1) {
    const { id } = await keepScoring(web.world.database, {
      index,
      userId: String(21 + (index % 3)),
    });
    await web.world.database.query(
      `update elocute.scoring set created_at = now() - make_interval(days => $2::int) where id = $1`,
      [id, 29 - index],
    );
  }
}

async function practise(
  web: WebWorld,
  { page }: Visitor,
  language: 'en' | 'ko',
  sentence: string,
  shot: (what: string, page: Page) => Promise<unknown>,
): Promise<void> {
  const words = WORDS[language];
  await page.goto(`${web.origin}/practice?lang=${language}`);
  const line = page.getByRole('button', { name: sentence });
  await line.waitFor();
  await shot('choose', page);
  await line.click();
  await stageIs(page, 'ready');
  await page.getByRole('button', { name: words.record, exact: true }).click();
  await stageIs(page, 'countdown');
  await stageIs(page, 'recording');
  await page.getByText(language === 'en' ? '0:02 of' : '중 0:02').waitFor();
  await shot('recording', page);
  await page.getByText(language === 'en' ? '0:04 of' : '중 0:04').waitFor();
  await page.getByRole('button', { name: words.stop }).click();
  await stageIs(page, 'taken');
  await shot('taken', page);
  await page.getByRole('button', { name: words.send }).click();
  await page.locator('.step-done').nth(1).waitFor();
  await shot('steps', page);
  await page.waitForURL(/\/scorings\//, { timeout: 120_000 });
}
