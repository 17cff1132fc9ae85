import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { Browser } from 'playwright-core';
import type { PageData } from '../../src/report/page-data.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { reportWords } from '../../src/report/report-words.ts';
import { launchChromium } from '../support/chromium.ts';
import { openWorld, putStandard, type LocalWorld } from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { failedReport, GOOD, lessonReport, OFF_SCRIPT, POOR } from '../support/report-data.ts';
import { graveFindings, openReport, playedIn } from '../support/report-page.ts';
import { elocute, runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/services.ts';
import { completedScene, failedScene, SCENE } from '../support/web-ui-scenes.ts';

const LANGUAGES = ['en', 'ko'] as const;

describe('the report page in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  const open = (data: ReportData, language: 'en' | 'ko' = 'en', options = {}) =>
    openReport(browser, { text: renderReport(data, language) }, options);

  it('opens from disk without a request, an error or a warning, and draws both waveforms', async () => {
    const { page, requests, complaints, close } = await open(lessonReport(POOR));
    assert.equal(await page.locator('[data-wave] canvas').first().isVisible(), true);
    for (const role of ['learner', 'standard']) {
      await page.locator(`[data-wave="${role}"] canvas`).first().waitFor();
    }
    assert.deepEqual([requests, complaints], [[], []]);
    await close();
  });

  for (const language of LANGUAGES) {
    for (const dark of [false, true]) {
      it(`gives axe-core nothing serious in ${language}, ${dark ? 'dark' : 'light'}`, async () => {
        for (const data of [lessonReport(POOR), lessonReport(OFF_SCRIPT), failedReport()]) {
          const { page, close } = await open(data, language, { dark });
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          for (const summary of await page.locator('summary').all()) await summary.click();
          assert.deepEqual(await graveFindings(page), []);
          await close();
        }
      });
    }
  }

  it('plays a word that is clicked from the learner, then from the standard, and no more of them', async () => {
    const data = lessonReport(POOR);
    const words = reportWords(data);
    const { page, complaints, close } = await open(data);
    await page.locator('.words button').nth(2).click();
    const played = await playedIn(page, 4);
    assert.deepEqual(
      played.map(({ event, role }) => `${event} ${role}`),
      ['play learner', 'pause learner', 'play standard', 'pause standard'],
    );
    const { learner, standard } = words[2] ?? {};
    assert.ok(learner && standard);
    const bounds = [learner.startS, learner.endS, standard.startS, standard.endS];
    for (const [at, { timeS }] of played.entries()) {
      const bound = bounds[at] ?? NaN;
      // A little is heard before and after it; a browser looks some times a second.
      const [least, most] = at % 2 === 0 ? [bound - 0.06, bound + 0.06] : [bound, bound + 0.5];
      assert.ok(timeS >= least && timeS <= most, `${timeS} for ${bound}`);
    }
    assert.deepEqual(complaints, []);
    await close();
  });

  it('shows the sounds of the chosen word, and only of it', async () => {
    const { page, close } = await open(lessonReport(POOR));
    const buttons = page.locator('.words button');
    await buttons.nth(2).click();
    assert.equal(await page.locator('.panel:visible').count(), 1);
    assert.match(await page.locator('.panel:visible').innerText(), /looking[^]*You[^]*Standard/);
    assert.equal(await buttons.nth(2).getAttribute('aria-expanded'), 'true');
    assert.equal(await page.locator('.words [aria-expanded="true"]').count(), 1);
    await close();
  });

  it('is used by keyboard alone: tab to a word, play it, stop it, open how it is computed', async () => {
    const { page, close } = await open(lessonReport(POOR));
    const focused = () =>
      page.evaluate(() => {
        const { activeElement } = (globalThis as unknown as { document: PageDocument }).document;
        return activeElement?.className ?? '';
      });
    while (!(await focused()).startsWith('word ')) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await playedIn(page, 1);
    await page.keyboard.press('Escape');
    const stopped = await playedIn(page, 2);
    assert.deepEqual(
      stopped.map(({ event, role }) => `${event} ${role}`),
      ['play learner', 'pause learner'],
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal((await playedIn(page, 3)).at(2)?.role, 'learner');
    const outline = await page.evaluate(() => {
      const world = globalThis as unknown as {
        document: PageDocument;
        getComputedStyle(element: unknown): { outlineStyle: string };
      };
      return world.getComputedStyle(world.document.activeElement).outlineStyle;
    });
    assert.equal(outline, 'solid');
    const summary = page.locator('.computed summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.computed table').first().isVisible(), true);
    await close();
  });

  it('fits a phone of 360 px without scrolling sideways, in both languages, with a long sentence', async () => {
    const report = lessonReport(POOR);
    const long = {
      ...report,
      scoring: {
        ...report.scoring,
        sentence: 'Pneumonoultramicroscopicsilicovolcanoconiosis'.repeat(3),
      },
    };
    for (const language of LANGUAGES) {
      for (const data of [report, long, failedReport()]) {
        const { page, close } = await open(data, language, { width: 360 });
        for (const summary of await page.locator('summary').all()) await summary.click();
        const width = await page.evaluate(
          () =>
            (globalThis as unknown as { document: PageDocument }).document.documentElement
              .scrollWidth,
        );
        assert.equal(width, 360);
        await close();
      }
    }
  });

  it('shows everything on paper, and no button that plays', async () => {
    const { page, close } = await open(lessonReport(POOR));
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.button:visible').count(), 0);
    const panels = page.locator('.panel');
    assert.equal(await page.locator('.panel:visible').count(), await panels.count());
    const tables = page.locator('.computed table');
    assert.equal(await tables.count(), 4);
    for (const table of await tables.all()) {
      assert.equal(await table.isVisible(), true);
      assert.ok(((await table.boundingBox())?.height ?? 0) > 100);
    }
    await close();
  });

  it('runs nothing that a title or a sentence brings along', async () => {
    const attack = `<img src=x onerror="document.title='owned'"></script><script>document.title='owned'</script>`;
    const report = lessonReport(GOOD);
    const { scoring } = report;
    const hostile = {
      ...report,
      scoring: {
        ...scoring,
        sentence: `${attack} ${scoring.sentence ?? ''}`,
        lesson: { ...scoring.lesson, title: attack, contentType: `"><svg onload=alert(1)>` },
      },
    };
    for (const language of LANGUAGES) {
      const { page, requests, complaints, close } = await open(hostile, language);
      assert.match(await page.title(), /<img src=x/);
      assert.equal(await page.locator('img, svg[onload]').count(), 0);
      assert.equal(await page.locator('h1').innerText(), hostile.scoring.sentence);
      assert.deepEqual([requests, complaints], [[], []]);
      await close();
    }
  });
});

/** Of the browser, as far as these tests look; the tests themselves are typed for Node. */
interface PageDocument {
  activeElement: { className: string } | null;
  documentElement: { scrollWidth: number };
}

/** As the page holds them. */
function recordingsIn(file: string): PageData['recordings'] {
  const [, json = ''] = /id="report-data"[^>]*>([^<]*)</.exec(readFileSync(file, 'utf8')) ?? [];
  return (JSON.parse(json) as PageData).recordings;
}

describe('the command elocute report', function () {
  this.timeout(240_000);
  let world: LocalWorld;
  let browser: Browser;
  let environment: Record<string, string>;
  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    [world, browser] = await Promise.all([openWorld(), launchChromium()]);
    ({ environment } = world);
  });
  after(async () => {
    await browser.close();
    await world.close();
  });

  const folder = temporaryFolder('report-command');
  const write = async (id: string, ...options: string[]) => {
    const file = join(folder, `${id}.html`);
    const answer = await elocute(['report', id, '--out', file, '--data', folder, ...options], {
      environment,
    });
    assert.equal(answer.code, 0, answer.stderr);
    assert.equal(answer.stdout, `${file}\n`);
    return file;
  };

  it('writes a finished scoring with both recordings, its melody and its own scores', async () => {
    const { scoringId, workflowId } = await completedScene(world);
    const [row] = await world.database.query<{ result: { overall: number } }>(
      'select result from elocute.scoring where id = $1',
      [scoringId],
    );
    const file = await write(scoringId.slice(0, 12));
    const { page, requests, complaints, close } = await openReport(browser, { file });
    await page.getByText(String(row?.result.overall), { exact: true }).first().waitFor();
    assert.equal(await page.locator('svg.melody path.line-standard').count(), 1);
    assert.equal(await page.locator('audio').count(), 2);
    assert.deepEqual([requests, complaints], [[], []]);
    await close();
    const korean = readFileSync(await write(workflowId, '--lang', 'ko'), 'utf8');
    assert.match(korean, /<html lang="ko">/);
  });

  it('keeps to the standard that was compared with, also where another lies there now', async () => {
    const { scoringId } = await completedScene(world);
    const before = recordingsIn(await write(scoringId));
    const { standard, sentence } = lessonPair(23);
    await putStandard(world, SCENE, readFileSync(lessonPair(3).standard), sentence);
    const after = recordingsIn(await write(scoringId));
    await putStandard(world, SCENE, readFileSync(standard), sentence);
    assert.deepEqual(Buffer.from(before.standard ?? '', 'base64'), readFileSync(standard));
    assert.equal(after.standard, before.standard);
  });

  it('says that the recording is gone where it was deleted, and shows the figures all the same', async () => {
    const { scoringId, key, versionId } = await completedScene(world);
    await world.s3.send(
      new DeleteObjectCommand({
        Bucket: world.config.USER_BUCKET,
        Key: key,
        ...(versionId === null ? {} : { VersionId: versionId }),
      }),
    );
    const { page, close } = await openReport(browser, { file: await write(scoringId) });
    await page.getByText('Your recording is not kept any more.').waitFor();
    await page.getByText('Your scores', { exact: true }).waitFor();
    assert.equal(await page.locator('audio').count(), 1);
    await close();
  });

  it('writes a page for a scoring that failed', async () => {
    const { scoringId } = await failedScene(world);
    const { page, close } = await openReport(browser, { file: await write(scoringId) });
    await page.getByRole('heading', { name: 'There is no score yet' }).waitFor();
    await page.getByText('STANDARD_MISSING').waitFor();
    await close();
  });

  it('says what to do about an id that nobody has, and exits with 2', async () => {
    const { code, stderr } = await elocute(['report', 'ffffffffffff', '--data', folder], {
      environment,
    });
    assert.equal(code, 2);
    assert.match(stderr, /No finished scoring has the id ffffffffffff\. `elocute status/);
  });
});
