/** Pictures of the report of a real scoring: on a desk and on a phone, light and dark, both languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
} from '../test/support/local-world.ts';
import { lessonPair } from '../test/support/recordings.ts';
import { openReport, type OpenOptions } from '../test/support/report-page.ts';
import { elocute, ROOT } from '../test/support/run-command.ts';
import { temporaryFolder } from '../test/support/services.ts';

/** Of the lesson recordings: one with much to practise, and one that pauses where the standard does not. */
const MUCH_TO_PRACTISE = 26;
const PAUSING = 3;

const DESK = { width: 960, scale: 1.5 };
const PHONE = { width: 360, scale: 2 };

interface Picture extends OpenOptions {
  name: string;
  recording: number;
  language: 'en' | 'ko';
  /** From the top of this part of the page. */
  from?: string;
  /** Of the page, px. */
  tall: number;
}

const PICTURES: readonly Picture[] = [
  { name: 'top', language: 'en', recording: MUCH_TO_PRACTISE, ...DESK, tall: 1180 },
  {
    name: 'compare',
    language: 'en',
    ...DESK,
    recording: PAUSING,
    from: '#recordings-title',
    tall: 1080,
  },
  { name: 'dark', language: 'ko', recording: MUCH_TO_PRACTISE, ...DESK, dark: true, tall: 1180 },
  { name: 'phone', language: 'en', recording: MUCH_TO_PRACTISE, ...PHONE, tall: 1000 },
  {
    name: 'phone-dark',
    language: 'ko',
    recording: MUCH_TO_PRACTISE,
    ...PHONE,
    dark: true,
    tall: 1000,
  },
];

/** Needs `npm run build`. */
export async function takeReportPictures(browser: Browser): Promise<void> {
  const world = await openWorld();
  try {
    const folder = temporaryFolder('report-pictures');
    for (const { name, recording, language, from, tall, ...options } of PICTURES) {
      const scoringId = await scored(world, recording);
      const file = join(folder, `${language}.html`);
      const args = ['report', scoringId, '--lang', language, '--out', file];
      const { code, stderr } = await elocute([...args, '--data', folder], {
        environment: world.environment,
      });
      if (code !== 0) throw new Error(`The report was not written:\n${stderr}`);
      const { page, close } = await openReport(browser, { file }, options);
      const box = from === undefined ? null : await page.locator(from).boundingBox();
      await page.screenshot({
        path: join(ROOT, 'docs', 'pictures', `report-${name}.png`),
        fullPage: true,
        clip: { x: 0, y: Math.max(0, (box?.y ?? 0) - 32), width: options.width ?? 0, height: tall },
      });
      await close();
    }
  } finally {
    await world.close();
  }
}

/** Uploads the recording as the application would; the id of its finished scoring. */
async function scored(world: LocalWorld, recording: number): Promise<string> {
  const { sentence, standard, learner } = lessonPair(recording);
  const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: recording };
  await putStandard(world, lesson, readFileSync(standard), sentence);
  const upload = await putLearner(world, lesson, readFileSync(learner));
  await outcomeOf(world, upload);
  return upload.scoringId;
}
