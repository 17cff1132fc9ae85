import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { putStandard } from '../support/local-world.ts';
import { recordFor, spokenFile, visit } from '../support/practice-browser.ts';
import { lessonPair } from '../support/recordings.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const pair = lessonPair(16);
const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 };

describe('the practice page', function () {
  this.timeout(180_000);
  let web: WebWorld;
  let browser: Browser;

  before(async () => {
    web = await openWebWorld();
    await putStandard(web.world, lesson, readFileSync(pair.standard), pair.sentence);
    browser = await launchChromium({ microphone: spokenFile(pair.learner) });
  });
  after(async () => {
    await browser.close();
    await web.close();
  });

  it('records a learner, follows the steps, and opens the report of the row', async () => {
    const { page, complaints, hosts, context } = await visit(browser, web, { userId: '7' });
    await page.goto(`${web.origin}/practice`);
    await page.getByRole('button', { name: pair.sentence }).click();
    await recordFor(page, 4);
    await page.getByRole('button', { name: 'Get my score' }).click();
    await page.getByRole('list', { name: 'Steps' }).waitFor();
    await page.waitForURL(/\/scorings\/[0-9a-f]{64}$/, { timeout: 120_000 });
    const rows = await web.world.database.query(
      `select s.status, s.attempt_kind, (s.result ->> 'overall')::float as overall, a.status as told
         from elocute.scoring s join app_userpronunciation a on a.id::text = s.application_row_id
        where s.user_id = '7'`,
    );
    assert.equal(rows.length, 1);
    const [row] = rows as { status: string; attempt_kind: string; overall: number; told: string }[];
    assert.deepEqual([row?.status, row?.attempt_kind, row?.told], ['completed', 'ok', 'completed']);
    assert.ok((row?.overall ?? 0) > 50, `a learner's own voice scored ${row?.overall}`);
    assert.deepEqual(
      complaints.filter((one) => !one.includes('404')),
      [],
    );
    assert.deepEqual(
      [...hosts].filter((host) => !host.startsWith('127.0.0.1')),
      [],
    );
    await context.close();
  });
});
