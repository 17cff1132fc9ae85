import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { openDatabase, type Database } from '../../src/adapters/postgres.ts';
import { launchChromium } from '../support/chromium.ts';
import {
  NOTIFY_SECRET,
  SCORING_URL,
  startSite,
  type RunningSite,
} from '../support/django/running-site.ts';
import { lessonPair, lessonPairs } from '../support/recordings.ts';
import { elocute, runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/services.ts';

const pair = lessonPair(25);
const PASSWORD = 'a password of the tests';

interface Row {
  id: number;
  user: string;
  line: string | null;
  status: string;
  pitch: number | null;
  rhythm: number | null;
  speed: number | null;
  pause: number | null;
  words: string[];
  ratio: number | null;
  feedback: string;
  created: string;
}

/** What the ORM makes of all rows of a learner, oldest first. */
const ROWS = (user: string) => `
import json
from app.models import UserPronunciation
rows = UserPronunciation.objects.filter(user__username='${user}').order_by('id')
print('ROWS', json.dumps([{
  'id': r.pk, 'user': r.user.username, 'line': r.line and str(r.line), 'status': r.status,
  'pitch': r.pitch_similarity, 'rhythm': r.rhythm_similarity, 'speed': r.speed_ratio,
  'pause': r.pause_similarity, 'words': r.mispronounced_words, 'ratio': r.mispronounced_ratio,
  'feedback': r.feedback, 'created': r.created_at.isoformat()} for r in rows]))`;

describe('the Django example', function () {
  this.timeout(240_000);
  const data = temporaryFolder('django');
  let site: RunningSite;
  let database: Database;
  let browser: Browser;
  const stops: (() => Promise<void>)[] = [];

  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    site = await startSite(data);
    stops.push(() => site.stop());
    browser = await launchChromium();
    stops.push(() => browser.close());
    const connectionString = site.environment['DATABASE_URL'] ?? assert.fail('no database');
    database = openDatabase({ connectionString, poolSize: 2 });
    stops.push(() => database.close());
    await managed(['loaddata', 'lessons']);
    await python(`
from django.contrib.auth import get_user_model
User = get_user_model()
User.objects.create_superuser('teacher', password='${PASSWORD}')
for name in ('ada', 'bob', 'carl', 'dora'): User.objects.create_user(name, password='${PASSWORD}')`);
  });
  after(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  async function managed(args: readonly string[], environment?: Record<string, string>) {
    const done = await site.manage(args, environment);
    assert.equal(done.code, 0, done.stderr);
    return done;
  }

  const python = (code: string) => managed(['shell', '--no-imports', '-c', code]);

  async function rowsOf(user: string): Promise<Row[]> {
    const { stdout } = await python(ROWS(user));
    return JSON.parse(/^ROWS (.*)$/m.exec(stdout)?.[1] ?? '[]') as Row[];
  }

  async function userId(name: string): Promise<string> {
    const [row] = await database.query<{ id: string }>(
      'select id::text from public.auth_user where username = $1',
      [name],
    );
    return row?.id ?? assert.fail(name);
  }

  /** A page of the site, logged in. */
  async function pageOf(user: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${site.url}/login/`);
    await page.getByLabel('Username').fill(user);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Lessons' }).waitFor();
    return page;
  }

  it('has migrations that are whole, and makes its tables where Elocute finds them', async () => {
    await managed(['makemigrations', '--check', '--dry-run']);
    const tables = await database.query(
      `select table_schema as schema, table_name as name from information_schema.tables
       where table_name in ('app_userpronunciation', 'auth_user')`,
    );
    assert.deepEqual(
      tables.map(({ schema }) => schema as string),
      ['public', 'public'],
    );
    // The stand-in has no foreign key.
    const keys = await database.query(
      `select condeferred from pg_constraint
       where conrelid = 'app_userpronunciation'::regclass and contype = 'f'`,
    );
    assert.deepEqual(keys, [{ condeferred: true }, { condeferred: true }]);
  });

  it('passes its own tests on this PostgreSQL', async () => {
    const { stderr } = await managed(['test']);
    assert.ok(Number(/^Ran (\d+) tests/m.exec(stderr)?.[1]) >= 31, stderr);
    assert.match(stderr, /^OK$/m);
  });

  it('starts in production only with a secret, and then passes Django’s own check', async () => {
    const production = {
      DJANGO_DEBUG: 'false',
      DJANGO_SECRET_KEY: '',
      DJANGO_ALLOWED_HOSTS: 'app.example.com',
    };
    const check = ['check', '--deploy', '--fail-level', 'WARNING'];
    const refused = await site.manage(check, production);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /Set the environment variable DJANGO_SECRET_KEY/);
    const secret = 'f3a1c95d0b7e4826a1c95d0b7e48263f9d2c7b8e1a04!#xyz-56';
    await managed(check, { ...production, DJANGO_SECRET_KEY: secret });
  });

  it('knows the sentences of the lessons that the local stack has', async () => {
    const lines = await database.query<{ sentence: string }>(
      'select sentence from public.app_lessonline order by sentence collate "C"',
    );
    assert.deepEqual(
      lines.map(({ sentence }) => sentence),
      lessonPairs()
        .map(({ standard }) => readFileSync(standard.replace(/wav$/, 'txt'), 'utf8').trim())
        .sort(),
    );
  });

  it('takes a recording from its page into S3, and shows the score to its learner', async () => {
    const page = await pageOf('ada');
    await page.getByRole('link', { name: pair.sentence }).click();
    await page.getByLabel('Your recording').setInputFiles(pair.learner);
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.waitForURL(/\/recordings\/\d+\/$/);
    await page.getByRole('heading', { name: /: completed$/ }).waitFor({ timeout: 120_000 });
    const [row, ...others] = await rowsOf('ada');
    assert.ok(row);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [row.user, row.line, row.status],
      ['ada', 'A Breath of Life, line 4', 'completed'],
    );
    await page.getByText(row.feedback.split('\n')[0] ?? '').waitFor();
    await page.getByRole('row', { name: `Rhythm ${(row.rhythm ?? 0).toFixed(2)}` }).waitFor();
    const other = await pageOf('bob');
    const answer = await other.goto(page.url());
    assert.equal(answer?.status(), 404);
    await page.context().close();
    await other.context().close();
  });

  it('says what to do to whoever is logged out meanwhile', async () => {
    const page = await pageOf('ada');
    await page.getByRole('link', { name: pair.sentence }).click();
    await page.getByLabel('Your recording').setInputFiles(pair.learner);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByText('You are logged out, or this page is too old.').waitFor();
    await page.getByRole('link', { name: 'Load it again' }).click();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByLabel('Username').fill('ada');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByLabel('Your recording').waitFor();
    await page.context().close();
  });

  it('reads through the ORM what Elocute has computed, in the row that had waited', async () => {
    const [row] = await rowsOf('ada');
    const [ours] = await database.query<{ result: Record<string, unknown>; row: string }>(
      `select result, application_row_id as row from elocute.scoring
       where user_id = $1 and status = 'completed'`,
      [await userId('ada')],
    );
    assert.ok(row && ours);
    assert.equal(ours.row, String(row.id));
    assert.ok(row.feedback.length > 10);
    assert.ok(row.rhythm !== null && row.rhythm > 0 && row.rhythm <= 1);
    assert.deepEqual(
      [row.pitch, row.rhythm, row.speed, row.pause, row.words, row.ratio],
      [
        'pitchSimilarity',
        'rhythmSimilarity',
        'speedRatio',
        'pauseSimilarity',
        'mispronouncedWords',
        'mispronouncedRatio',
      ].map((name) => ours.result[name]),
    );
  });

  it('shows the row in the admin, with a link to the scoring that the webhook told', async () => {
    const [row] = await rowsOf('ada');
    assert.ok(row);
    const eventsOf = () =>
      database.query<{ scoring_id: string; type: string }>(
        'select scoring_id, type from public.app_scoringevent where pronunciation_id = $1',
        [row.id],
      );
    let events = await eventsOf();
    // It is told after the row is saved.
    while (events.length === 0) events = await eventsOf();
    const [event] = events;
    assert.ok(event);
    assert.equal(event.type, 'scoring.completed');
    const page = await pageOf('teacher');
    await page.goto(`${site.url}/admin/app/userpronunciation/`);
    const shown = page.getByRole('row').filter({ hasText: 'ada' });
    await shown.getByText('A Breath of Life, line 4').waitFor();
    await shown.getByText(`rhythm ${(row.rhythm ?? 0).toFixed(2)}`).waitFor();
    const link = await shown
      .getByRole('link', { name: event.scoring_id.slice(0, 8) })
      .getAttribute('href');
    assert.equal(link, SCORING_URL.replace('{scoring_id}', event.scoring_id));
    await page.context().close();
  });

  it('takes a signed event once, and nothing that is not signed', async () => {
    const event = {
      eventId: 'evt_of_this_test',
      type: 'scoring.completed',
      scoringId: 'ab'.repeat(32),
      applicationRowId: String((await rowsOf('ada'))[0]?.id),
      failureCode: null,
    };
    const post = (secret: string) => {
      const body = JSON.stringify(event);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'x-elocute-timestamp': timestamp,
        'x-elocute-signature': `sha256=${digest}`,
      };
      return fetch(`${site.url}/elocute/events`, { method: 'POST', body, headers });
    };
    const kept = async () => {
      const [row] = await database.query<{ count: number }>(
        'select count(*)::int as count from public.app_scoringevent where event_id = $1',
        [event.eventId],
      );
      return row?.count;
    };
    assert.equal((await post('another secret')).status, 401);
    assert.equal(await kept(), 0);
    assert.equal((await post(NOTIFY_SECRET)).status, 201);
    assert.equal((await post(NOTIFY_SECRET)).status, 200);
    assert.equal(await kept(), 1);
  });

  it('signs an address that takes the very upload it was asked for', async () => {
    const { stdout } = await python(`
import json
from django.contrib.auth import get_user_model
from app.models import LessonLine
from app.uploads import create_upload
user = get_user_model().objects.get(username='dora')
row, upload = create_upload(user, LessonLine.objects.first(), 5)
print('UPLOAD', json.dumps(upload))`);
    const { url, headers } = JSON.parse(/^UPLOAD (.*)$/m.exec(stdout)?.[1] ?? '') as {
      url: string;
      headers: Record<string, string>;
    };
    const put = async (body: string, more: Record<string, string> = {}) => {
      const answer = await fetch(url, { method: 'PUT', body, headers: { ...headers, ...more } });
      return answer.status;
    };
    assert.equal(await put('123456'), 403);
    assert.equal(await put('12345', { 'x-amz-meta-user-id': '1' }), 403);
    assert.equal(await put('12345', { 'content-type': 'text/html' }), 403);
    assert.equal(await put('12345'), 200);
  });

  it('finds the line of a recording that came by another way (LESSON_QUERY)', async () => {
    const line = ['--lesson', 'novel/2/A Breath of Life/4', '--data', data];
    const upload = await elocute(['upload', pair.learner, '--user', await userId('bob'), ...line]);
    assert.equal(upload.code, 0, upload.stderr);
    const [row] = await rowsOf('bob');
    assert.deepEqual([row?.line, row?.status], ['A Breath of Life, line 4', 'completed']);
    assert.ok(row && Date.parse(row.created) > 0);
  });

  it('scores a recording for a learner who is gone as a failure that names the key', async () => {
    const gone = await userId('carl');
    await python(`
from django.contrib.auth import get_user_model
get_user_model().objects.get(username='carl').delete()`);
    const line = ['--lesson', 'novel/2/A Breath of Life/4', '--data', data];
    const upload = await elocute(['upload', pair.learner, '--user', gone, ...line, '--json']);
    assert.equal(upload.code, 1, upload.stderr);
    const [ours] = await database.query(
      'select failure_code, failure_message from elocute.scoring where user_id = $1',
      [gone],
    );
    assert.equal(ours?.['failure_code'], 'DATABASE_REJECTED');
    assert.match(
      String(ours['failure_message']),
      /app_userpronunciation refused the row .*app_userpronunciation_user_id_\w+_fk_auth_user_id/,
    );
  });

  it('does as its README says: `manage.py record` ends with the finished row', async () => {
    const before = await rowsOf('bob');
    const args = ['--user', 'bob', '--line', 'novel/2/A Breath of Life/4'];
    const { stdout } = await managed(['record', pair.learner, ...args]);
    assert.match(stdout, /^status +completed$/m);
    assert.match(stdout, /^rhythm_similarity +0\.\d+$/m);
    assert.equal((await rowsOf('bob')).length, before.length + 1);
  });
});
