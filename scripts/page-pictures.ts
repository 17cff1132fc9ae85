/** Pictures of the practice page and the teacher's view, from a real run. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../test/support/chromium.ts';
import { keepScoring } from '../test/support/kept-scorings.ts';
import { putStandard } from '../test/support/local-world.ts';
import { spokenFile, visit } from '../test/support/practice-browser.ts';
import {
  contextOf,
  LOOKS,
  practiseInPictures,
  type Look,
} from '../test/support/practice-pictures.ts';
import { lessonPairs } from '../test/support/recordings.ts';
import { ROOT } from '../test/support/run-command.ts';
import { openWebWorld, type WebWorld } from '../test/support/web-world.ts';

const looks = Object.keys(LOOKS) as Look[];

const lessonOf = (path: string) => {
  const [, contentType = '', level = '', title = '', file = ''] =
    /\/?(\w+)\/level_(\d+)\/([^/]+)\/(audio_line_\d+)/.exec(path) ?? [];
  const line = Number(/\d+/.exec(file)?.[0]);
  return { contentType, level: Number(level), title, line };
};

/** Needs `npm run build`. */
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
    const { origin } = web;
    const { sentence } = pair;
    const browser = await launchChromium({ microphone: spokenFile(pair.learner) });
    try {
      for (const look of looks) {
        const { page, context } = await visit(browser, web, { userId: '7' }, contextOf(look));
        await practiseInPictures(page, { origin, look, sentence, folder });
        await context.close();
      }
      await fillClass(web);
      for (const look of looks) {
        const teacher = { role: 'teacher' as const, userId: 't-17' };
        const { page, context } = await visit(browser, web, teacher, contextOf(look));
        await page.goto(`${origin}/teacher?lang=${LOOKS[look].language}`);
        await page.locator('html[data-list="loaded"]').waitFor();
        await page.locator('.reviews, .findings, .scorings').first().waitFor();
        const path = join(folder, `teacher-${look}.png`);
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

/** From the top, as far as somebody scrolls. */
function clipOf(look: Look) {
  const { width } = LOOKS[look];
  return { x: 0, y: 0, width, height: width < 500 ? 2000 : 1500 };
}

/** A class of three over four weeks. */
async function fillClass(web: WebWorld): Promise<void> {
  for (let index = 0; index < 30; index += 1) {
    const { id } = await keepScoring(web.world.database, {
      index,
      userId: String(21 + (index % 3)),
      title: 'A Breath of Life',
    });
    await web.world.database.query(
      `update elocute.scoring set created_at = now() - make_interval(days => $2::int) where id = $1`,
      [id, 29 - index],
    );
  }
}
