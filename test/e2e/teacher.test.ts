import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { keepScoring } from '../support/kept-scorings.ts';
import { putLearner, putStandard } from '../support/local-world.ts';
import { visit } from '../support/practice-browser.ts';
import { lessonPair } from '../support/recordings.ts';
import { seriousFaults } from '../support/serious-faults.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const pair = lessonPair(16);
const teacher = { role: 'teacher' as const, userId: 't1' };
const reviewed = { contentType: 'novel', level: 2, title: 'Reviewed', line: 1 };
const HOSTILE = '<img src=x onerror=hacked=1>';

describe('the teacher’s view', function () {
  this.timeout(180_000);
  let web: WebWorld;
  let browser: Browser;

  before(async () => {
    web = await openWebWorld({ environment: { REVIEW_POLICY: 'lesson:novel/level_2/Reviewed' } });
    for (let index = 0; index < 30; index += 1) {
      await keepScoring(web.world.database, { index, userId: String(21 + (index % 3)) });
    }
    const { id } = await keepScoring(web.world.database, { index: 1, title: HOSTILE });
    await web.world.database.query('update elocute.scoring set user_id = $2 where id = $1', [
      id,
      HOSTILE,
    ]);
    // More lines than one page of them holds, then another title.
    for (let line = 1; line <= 200; line += 1) {
      await putStandard(web.world, { ...reviewed, title: 'Long', line }, new Uint8Array(9), null);
    }
    const last = { contentType: 'phonics', level: 1, title: 'Zebra crossing', line: 1 };
    await putStandard(web.world, last, readFileSync(pair.standard), pair.sentence);
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await web.close();
  });

  const loaded = (page: Page) => page.locator('html[data-list="loaded"]').waitFor();
  const rows = (page: Page) => page.locator('.scorings tbody tr');
  const scores = async (page: Page) =>
    (await page.locator('.scorings td[data-label="Overall"] strong').allTextContents()).map(Number);

  it('filters, sorts, shows more, and keeps the filters in its address', async () => {
    const { page, complaints, hosts, context } = await visit(browser, web, teacher);
    await page.goto(`${web.origin}/teacher`);
    await loaded(page);
    assert.equal(await rows(page).count(), 25);
    await page.getByRole('button', { name: 'Show more' }).click();
    await rows(page).nth(30).waitFor();
    await page.getByRole('button', { name: 'Overall' }).click();
    await page.locator('th[aria-sort="descending"] >> text=Overall').waitFor();
    await loaded(page);
    const highest = await scores(page);
    assert.deepEqual(
      highest,
      highest.toSorted((a, b) => b - a),
    );
    assert.equal(highest.length, 25);
    await page.getByRole('textbox', { name: 'Learner' }).fill('22');
    await page.waitForURL(/user=22/);
    await loaded(page);
    assert.equal(await rows(page).count(), 10);
    assert.deepEqual(
      await page.locator('.scorings td[data-label="Learner"]').allTextContents(),
      Array.from({ length: 10 }, () => '22'),
    );
    await page.reload();
    await loaded(page);
    assert.equal(await page.getByRole('textbox', { name: 'Learner' }).inputValue(), '22');
    assert.equal(await rows(page).count(), 10);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rows(page).nth(24).waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      [...hosts].filter((host) => !host.startsWith('127.0.0.1:')),
      [],
    );
    await context.close();
  });

  it('shows one class of several, a part of a title and a line, sorted by each score', async () => {
    const classes = new Map([
      ['3B', ['21']],
      ['3C', ['22', '23']],
    ]);
    const { page, complaints, context } = await visit(browser, web, { ...teacher, classes });
    await page.goto(`${web.origin}/teacher`);
    await loaded(page);
    await page.getByLabel('Class').selectOption('3B');
    await page.waitForURL(/class=3B/);
    await loaded(page);
    assert.equal(await rows(page).count(), 10);
    const learners = page.locator('.scorings td[data-label="Learner"]');
    assert.deepEqual([...new Set(await learners.allTextContents())], ['21']);
    await page.getByLabel('Title contains').fill('kEp');
    await page.waitForURL(/search=kEp/);
    await loaded(page);
    assert.equal(await rows(page).count(), 10);
    for (const score of ['Accuracy', 'Fluency', 'Prosody']) {
      await page.getByRole('button', { name: score }).click();
      await page.locator('th[aria-sort="descending"]', { hasText: score }).waitFor();
      await loaded(page);
      const cells = page.locator(`.scorings td[data-label="${score}"]`);
      const points = (await cells.allTextContents()).map(Number);
      assert.deepEqual(
        points,
        points.toSorted((a, b) => b - a),
      );
      assert.ok(points.length > 5 && points.every(Number.isFinite), score);
    }
    await page.getByLabel('Line', { exact: true }).fill('4');
    await page.waitForURL(/line=4/);
    await loaded(page);
    assert.equal(await rows(page).count(), 1);
    await page.goto(`${web.origin}/teacher?class=4A`);
    await page.getByText('one of them is not valid').first().waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    // The browser names the answer 400 that was asked for on purpose.
    assert.deepEqual(
      complaints.filter((text) => !text.includes('400')),
      [],
    );
    await context.close();
  });

  it('suggests titles of what is typed, from all lessons', async () => {
    const { page, context } = await visit(browser, web, teacher);
    await page.goto(`${web.origin}/teacher`);
    await loaded(page);
    await page.locator('datalist option[value="Long"]').waitFor({ state: 'attached' });
    await page.getByLabel('Title contains').fill('zEB');
    await page.locator('datalist option[value="Zebra crossing"]').waitFor({ state: 'attached' });
    assert.equal(await page.locator('datalist option').count(), 1);
    await context.close();
  });

  it('leaves Hangul whole that is composed while the list is loaded', async () => {
    const { page, context } = await visit(browser, web, teacher);
    await page.goto(`${web.origin}/teacher?lang=ko`);
    await loaded(page);
    const keyboard = await context.newCDPSession(page);
    const compose = (text: string) =>
      keyboard.send('Input.imeSetComposition', { text, selectionStart: 1, selectionEnd: 1 });
    const field = page.locator('[data-key="filter-search"]');
    await field.focus();
    await compose('ㅎ');
    // The list is asked for, and drawn, between two letters.
    await page.waitForURL(/search=%E3%85%8E$/);
    await loaded(page);
    await compose('하');
    await compose('한');
    await keyboard.send('Input.insertText', { text: '한' });
    await page.waitForURL(/search=%ED%95%9C$/);
    await loaded(page);
    assert.equal(await field.inputValue(), '한');
    await context.close();
  });

  it('says what is wrong: a date that is none, no session, too many requests', async () => {
    const { page, context } = await visit(browser, web, teacher);
    await page.goto(`${web.origin}/teacher?since=foo`);
    await page.getByText('Check the filters').first().waitFor();
    assert.equal(await page.getByText('Loading …').count(), 0);
    for (const [status, text] of [
      [401, 'You are signed out.'],
      [429, 'Too many requests came at once.'],
      [503, 'Check your connection'],
    ] as const) {
      await page.route(/\/api\/v1\/(scorings|insights)\?/, (route) =>
        route.fulfill({ status, json: { code: 'X' } }),
      );
      await page.goto(`${web.origin}/teacher`);
      await page.getByText(text).first().waitFor();
      await page.unrouteAll();
    }
    await context.close();
  });

  it('exports what is filtered', async () => {
    const { page, context } = await visit(browser, web, teacher);
    await page.goto(`${web.origin}/teacher?user=23`);
    await loaded(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export as CSV' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'scorings.csv');
    const text = readFileSync(await download.path(), 'utf8');
    assert.equal(text.trim().split('\r\n').length, 1 + 10);
    await context.close();
  });

  it('shows names and titles as text', async () => {
    const { page, complaints, context } = await visit(browser, web, teacher);
    await page.goto(`${web.origin}/teacher`);
    await loaded(page);
    await page.getByRole('cell', { name: HOSTILE, exact: true }).waitFor();
    assert.equal(await page.evaluate('typeof hacked'), 'undefined');
    assert.equal(await page.locator('#page img').count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('says which filter cannot be right, in the language of the page', async () => {
    const { page, context } = await visit(browser, web, teacher, {
      viewport: { width: 360, height: 740 },
    });
    await page.goto(`${web.origin}/teacher?level=-1`);
    await page.getByText('one of them is not valid').first().waitFor();
    await page.getByRole('button', { name: '한국어' }).click();
    await page.getByText('올바르지 않은 값이 있습니다').first().waitFor();
    await page.getByRole('button', { name: '필터 지우기' }).click();
    await loaded(page);
    await rows(page).first().waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    const wide = await page.evaluate(
      `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth)
        .map((one) => one.tagName + '.' + one.className + ' ' + one.getBoundingClientRect().right)`,
    );
    assert.deepEqual(wide, [], 'nothing is wider than a phone');
    await context.close();
  });

  it('lets a teacher hear a score that waits, and change it', async () => {
    await putStandard(web.world, reviewed, readFileSync(pair.standard), pair.sentence);
    const { scoringId } = await putLearner(web.world, reviewed, readFileSync(pair.learner), '31');
    let waiting = '';
    while (!waiting.includes(scoringId)) {
      waiting = (await web.call('/api/v1/reviews', { as: teacher })).text;
    }
    const { page, complaints, context } = await visit(browser, web, teacher);
    await page.goto(`${web.origin}/teacher`);
    const card = page.getByRole('region', { name: 'Waiting for your review' });
    await card.getByRole('button', { name: 'Listen to the learner' }).click();
    await card.locator('[data-playing]').waitFor();
    await card.getByRole('button', { name: 'Change' }).click();
    await card.getByRole('button', { name: 'Save the new score' }).click();
    await card.getByText('Give a score from 0 to 100 and a reason.').waitFor();
    await card.getByLabel('New overall score').fill('71.5');
    await card.getByLabel('Reason').fill('a cold');
    assert.deepEqual(await seriousFaults(page), []);
    await card.getByRole('button', { name: 'Save the new score' }).click();
    await card.getByText('became 71.5').waitFor();
    let saved: { overall: string }[] = [];
    while (saved.length === 0) {
      saved = await web.world.database.query<{ overall: string }>(
        `select result ->> 'overall' as overall from elocute.scoring where id = $1`,
        [scoringId],
      );
    }
    assert.deepEqual(saved, [{ overall: '71.5' }]);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('is not for learners', async () => {
    const { page, context } = await visit(browser, web, { userId: '21' });
    const answer = await page.goto(`${web.origin}/teacher`);
    assert.equal(answer?.status(), 403);
    await page.getByRole('heading', { name: 'This page is for teachers' }).waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await page.getByRole('link', { name: 'Go to practice' }).click();
    await page.getByRole('heading', { name: 'Choose a sentence' }).waitFor();
    await context.close();
  });
});
