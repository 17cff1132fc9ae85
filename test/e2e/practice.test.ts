import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser, Route } from 'playwright-core';
import { freePort } from '../../src/local/free-port.ts';
import { createLog } from '../../src/log.ts';
import { startWeb } from '../../src/web.ts';
import { launchChromium } from '../support/chromium.ts';
import { putStandard } from '../support/local-world.ts';
import { recordFor, silentFile, spokenFile, stageIs, visit } from '../support/practice-browser.ts';
import {
  assertPictures,
  contextOf,
  practiseInPictures,
  type Stage,
} from '../support/practice-pictures.ts';
import { lessonPair } from '../support/recordings.ts';
import { seriousFaults } from '../support/serious-faults.ts';
import { temporaryFolder } from '../support/services.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const pair = lessonPair(16);
const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 };
const broken = { ...lesson, line: 9 };
const reviewed = { ...lesson, title: 'Reviewed' };
const hostile = { ...lesson, title: '<img src=x onerror=hacked=1>', line: 1 };
const HOSTILE = '</script><script>hacked=1</script><b>bold</b>';

const address = (line: typeof lesson) =>
  `/practice?${new URLSearchParams({ ...line, level: String(line.level), line: String(line.line) }).toString()}`;

describe('the practice page', function () {
  this.timeout(180_000);
  let web: WebWorld;
  let browser: Browser;

  before(async () => {
    web = await openWebWorld({ environment: { REVIEW_POLICY: 'lesson:novel/level_2/Reviewed' } });
    await putStandard(web.world, lesson, readFileSync(pair.standard), pair.sentence);
    await putStandard(
      web.world,
      broken,
      new TextEncoder().encode('no sound'),
      'This one is broken.',
    );
    await putStandard(web.world, hostile, readFileSync(pair.standard), HOSTILE);
    await putStandard(web.world, reviewed, readFileSync(pair.standard), pair.sentence);
    browser = await launchChromium({ microphone: spokenFile(pair.learner) });
  });
  after(async () => {
    await browser.close();
    await web.close();
  });

  const isUpload = (url: URL) => url.pathname.startsWith('/user-audio-file/');

  it('records a learner, follows the steps, opens the report of the row, and leaves the pictures of the docs', async () => {
    const look = 'desktop-light-en';
    const visitor = await visit(browser, web, { userId: '7' }, contextOf(look));
    const { page, complaints, hosts, context } = visitor;
    // PICTURES=FOLDER keeps them, for whoever wants to look.
    const folder = process.env['PICTURES'] ?? temporaryFolder('pictures');
    const at = async (stage: Stage) => {
      if (stage !== 'taken') return;
      await page.getByRole('heading', { name: pair.sentence }).waitFor();
      assert.equal(new URL(page.url()).search, new URL(address(lesson), web.origin).search);
      assert.deepEqual(await seriousFaults(page), []);
    };
    const { sentence } = pair;
    await practiseInPictures(page, { origin: web.origin, look, sentence, folder, at });
    assertPictures(folder, look);
    assert.match(page.url(), /\/scorings\/[0-9a-f]{64}\?language=en$/);
    await page.getByRole('heading', { name: 'Your scores' }).waitFor();
    const rows = await web.world.database.query(
      `select s.status, s.attempt_kind, (s.result ->> 'overall')::float as overall, a.status as told
         from elocute.scoring s join app_userpronunciation a on a.id::text = s.application_row_id
        where s.user_id = '7'`,
    );
    assert.equal(rows.length, 1);
    const [row] = rows as { status: string; attempt_kind: string; overall: number; told: string }[];
    assert.deepEqual([row?.status, row?.attempt_kind, row?.told], ['completed', 'ok', 'completed']);
    assert.ok((row?.overall ?? 0) > 50, `a learner's own voice scored ${row?.overall}`);
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      [...hosts].filter((host) => !host.startsWith('127.0.0.1:')),
      [],
    );
    await context.close();
  });

  it('keeps the take while the network is gone, and goes on when it is back', async () => {
    const { page, context } = await visit(browser, web, { userId: '8' });
    await page.goto(web.origin + address(lesson));
    await recordFor(page, 4);
    let cut = 0;
    await page.route(isUpload, async (route) => {
      if (route.request().method() !== 'PUT' || cut > 0) return route.continue();
      cut += 1;
      await context.setOffline(true);
      return route.abort('internetdisconnected');
    });
    await page.getByRole('button', { name: 'Get my score' }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    await stageIs(page, 'sending');
    await context.setOffline(false);
    await page.waitForURL(/\/scorings\//, { timeout: 120_000 });
    assert.equal(cut, 1);
    const [row] = await web.world.database.query<{ count: string }>(
      `select count(*)::text as count from elocute.scoring where user_id = '8'`,
    );
    assert.equal(row?.count, '1', 'it was sent once');
    await context.close();
  });

  it('opens a lost stream of events again, and goes on to the report', async () => {
    const { page, context } = await visit(browser, web, { userId: '15' });
    await page.goto(web.origin + address(lesson));
    await recordFor(page, 4);
    let opened = 0;
    await page.route(/\/events$/, (route) => {
      opened += 1;
      return opened === 1 ? route.abort('connectionreset') : route.continue();
    });
    await page.getByRole('button', { name: 'Get my score' }).click();
    await page.waitForURL(/\/scorings\//, { timeout: 120_000 });
    assert.ok(opened >= 2, `opened ${opened} times`);
    await context.close();
  });

  it('says that a teacher listens first, on this page and at the report’s address', async () => {
    const { page, context, complaints } = await visit(browser, web, { userId: '16' });
    await page.goto(web.origin + address(reviewed));
    await recordFor(page, 4);
    const [events] = await Promise.all([
      page.waitForRequest(/\/events$/, { timeout: 60_000 }),
      page.getByRole('button', { name: 'Get my score' }).click(),
    ]);
    await stageIs(page, 'reviewing');
    await page.getByRole('heading', { name: 'Your teacher listens first' }).waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await page.goto(events.url().replace('/api/v1', '').replace('/events', ''));
    await page.getByRole('heading', { name: 'Your teacher listens first' }).waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('ends where a scoring ended without a row, and asks no more', async () => {
    const { page, context } = await visit(browser, web, { userId: '17' });
    const { scorings } = web.web.deps;
    const find = scorings.find.bind(scorings);
    scorings.find = () => Promise.resolve(null);
    try {
      let asked = 0;
      page.on('request', (request) => {
        if (request.url().includes('/api/v1/')) asked += 1;
      });
      await page.goto(web.origin + address(lesson));
      await recordFor(page, 4);
      await page.getByRole('button', { name: 'Get my score' }).click();
      await page
        .getByRole('heading', { name: 'There is no score this time' })
        .waitFor({ timeout: 60_000 });
      await page.getByText('Code for support: INTERNAL').waitFor();
      assert.ok(asked < 40, `asked ${asked} times`);
    } finally {
      scorings.find = find;
      await context.close();
    }
  });

  it('is in Korean and dark where the browser is, and as easy to use', async () => {
    const options = { locale: 'ko-KR', colorScheme: 'dark' as const };
    const { page, context } = await visit(browser, web, { userId: '18' }, options);
    await page.goto(`${web.origin}/practice`);
    await page.getByRole('button', { name: pair.sentence }).first().waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
    assert.deepEqual(await seriousFaults(page), []);
    await page.goto(web.origin + address(lesson));
    await page.getByRole('button', { name: '녹음', exact: true }).waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    // What is chosen here, the pages that the server writes speak too.
    await page.getByRole('button', { name: 'English' }).click();
    await page.goto(`${web.origin}/`);
    await page.getByText('Signed in as 18 (learner).').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.deepEqual(await seriousFaults(page), []);
    await context.close();
  });

  it('sends a take once where only the answer was lost', async () => {
    const { page, context } = await visit(browser, web, { userId: '14' });
    await page.goto(web.origin + address(lesson));
    await recordFor(page, 4);
    let sent = 0;
    await page.route(isUpload, async (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      sent += 1;
      const answer = await route.fetch();
      assert.equal(answer.status(), 200);
      return route.abort('connectionreset');
    });
    await page.getByRole('button', { name: 'Get my score' }).click();
    await page.waitForURL(/\/scorings\//, { timeout: 120_000 });
    assert.equal(sent, 1);
    await context.close();
  });

  it('asks for another address where one is refused, and keeps the take where all are', async () => {
    const { page, context } = await visit(browser, web, { userId: '9' });
    await page.goto(web.origin + address(lesson));
    await recordFor(page, 4);
    let sent = 0;
    // Signed for another time, so that the object store itself refuses it.
    const late = (route: Route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      sent += 1;
      const url = new URL(route.request().url());
      url.searchParams.set('X-Amz-Date', '20200101T000000Z');
      return route.continue({ url: url.href });
    };
    await page.route(isUpload, late);
    await page.getByRole('button', { name: 'Get my score' }).click();
    // The store closes the line while the take is still sent: the browser may miss its answer.
    const heading = page.getByRole('heading', {
      name: /Sending took too long|could not be sent/,
    });
    await heading.waitFor();
    assert.equal(sent, 3);
    assert.deepEqual(await seriousFaults(page), []);
    await page.unroute(isUpload, late);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForURL(/\/scorings\//, { timeout: 120_000 });
    await context.close();
  });

  it('says why a scoring failed, in the language of the page', async () => {
    const { page, context } = await visit(browser, web, { userId: '10' });
    await page.goto(web.origin + address(broken));
    await recordFor(page, 4);
    await page.getByRole('button', { name: 'Get my score' }).click();
    await page
      .getByRole('heading', { name: 'There is no score this time' })
      .waitFor({ timeout: 60_000 });
    await page.getByText('This lesson line has a problem on our side').waitFor();
    await page.getByRole('button', { name: '한국어' }).click();
    await page.getByRole('heading', { name: '이번에는 점수가 없습니다' }).waitFor();
    assert.equal(await page.getByText('This lesson line has a problem').count(), 0);
    assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
    await page.getByRole('button', { name: '다시 녹음' }).click();
    await stageIs(page, 'countdown');
    await page.getByRole('button', { name: '취소' }).click();
    await stageIs(page, 'ready');
    await context.close();
  });

  it('stops a take that is too long, says so, and records again', async () => {
    const stop = new AbortController();
    const config = { ...web.config, AUDIO_MAX_SECONDS: 2, WEB_PORT: await freePort() };
    const short = await startWeb(config, createLog('web', 'silent'), stop.signal);
    try {
      const { page, context } = await visit(browser, { ...web, origin: short.origin }, {});
      await page.goto(short.origin + address(lesson));
      await page.getByRole('button', { name: 'Record', exact: true }).click();
      await page.getByRole('heading', { name: 'That was too long' }).waitFor();
      await page.getByText('Recording stopped after 2 seconds.').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Get my score' }).count(), 0);
      assert.deepEqual(await seriousFaults(page), []);
      await page.getByRole('button', { name: 'Record again' }).click();
      await stageIs(page, 'recording');
      await context.close();
    } finally {
      stop.abort();
      await short.done;
    }
  });

  it('says what to do where the microphone is blocked', async () => {
    const blocked = await launchChromium({ microphone: spokenFile(pair.learner), allow: false });
    try {
      const { page } = await visit(blocked, web, {});
      await page.goto(web.origin + address(lesson));
      await page.getByRole('button', { name: 'Record', exact: true }).click();
      await page.getByRole('heading', { name: 'The microphone is blocked' }).waitFor();
      await page.getByText('Open the site settings beside the address').waitFor();
      assert.deepEqual(await seriousFaults(page), []);
    } finally {
      await blocked.close();
    }
  });

  it('says what to do where there is no microphone', async () => {
    const mute = await launchChromium();
    try {
      const { page } = await visit(mute, web, {}, { permissions: ['microphone'] });
      await page.goto(web.origin + address(lesson));
      await page.getByRole('button', { name: 'Record', exact: true }).click();
      await page.getByRole('heading', { name: 'No microphone was found' }).waitFor();
    } finally {
      await mute.close();
    }
  });

  it('sends nothing of a silent take', async () => {
    const silent = await launchChromium({ microphone: silentFile(3) });
    try {
      const { page } = await visit(silent, web, { userId: '11' });
      let sent = 0;
      page.on('request', (request) => {
        if (request.method() !== 'GET') sent += 1;
      });
      await page.goto(web.origin + address(lesson));
      await recordFor(page, 2);
      await page.getByRole('heading', { name: 'We did not hear you' }).waitFor();
      await page.getByText('Check that the right microphone is chosen').waitFor();
      assert.equal(sent, 0);
    } finally {
      await silent.close();
    }
  });

  it('shows titles and sentences as text', async () => {
    const { page, context, complaints } = await visit(browser, web, { userId: '12' });
    await page.goto(`${web.origin}/practice`);
    await page.getByRole('button', { name: HOSTILE }).waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await page.getByRole('heading', { name: hostile.title }).waitFor();
    await page.getByRole('button', { name: HOSTILE }).click();
    await page.getByRole('heading', { name: HOSTILE }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: HOSTILE }).waitFor();
    assert.equal(await page.evaluate('typeof hacked'), 'undefined');
    assert.equal(await page.locator('#page img, #page b, #page script').count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('finds sentences by title, type and level, by keyboard alone', async () => {
    const { page, context } = await visit(browser, web, { userId: '13' });
    await page.goto(`${web.origin}/practice`);
    await page.getByText('4 sentences').waitFor();
    await page.getByLabel('Search titles').fill('breath');
    await page.getByText('2 sentences').waitFor();
    await page.getByLabel('Type').selectOption('phonics');
    await page.getByText('No sentence matches.').waitFor();
    await page.getByLabel('Type').selectOption('novel');
    const line = page.getByRole('button', { name: pair.sentence });
    await line.waitFor();
    await line.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: pair.sentence }).waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent');
    assert.equal(await focused(), pair.sentence, 'the focus goes on to the sentence');
    while ((await focused()) !== 'Record') await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await stageIs(page, 'recording');
    assert.equal(await focused(), 'Stop');
    await context.close();
  });

  it('asks who is not signed in to do so, and lets teachers listen only', async () => {
    const { page, context } = await visit(browser, web, null);
    const answer = await page.goto(`${web.origin}/practice`);
    assert.equal(answer?.status(), 401);
    await page.getByRole('heading', { name: 'Please sign in' }).waitFor();
    await context.close();
    const teacher = await visit(browser, web, { role: 'teacher', userId: 't1' });
    await teacher.page.goto(web.origin + address(lesson));
    await teacher.page.getByText('Teachers can listen here.').waitFor();
    await teacher.page.getByRole('button', { name: 'Listen' }).click();
    await teacher.page.locator('[data-playing="standard"]').waitFor();
    assert.deepEqual(teacher.complaints, []);
    await teacher.context.close();
  });
});
