import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { variables } from '../../src/config.ts';
import { watchScoring } from '../../src/commands/watch-scoring.ts';
import { UnavailableError } from '../../src/commands/exit-codes.ts';
import { freePort } from '../../src/local/free-port.ts';
import { lockFolder } from '../../src/local/folder-lock.ts';
import { lessonPair } from '../support/recordings.ts';
import { elocute, runCommand } from '../support/run-command.ts';
import {
  databaseUrl,
  freshDatabase,
  freshName,
  temporalClient,
  temporalServer,
  temporaryFolder,
} from '../support/services.ts';

/** Nothing of the configuration, whatever this machine has set. */
const NOTHING = Object.fromEntries(Object.keys(variables).map((name) => [name, undefined]));
const KEYS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_PROFILE: undefined };

describe('a command whose surroundings are missing', function () {
  this.timeout(120_000);
  let nowhere: string;
  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    nowhere = `127.0.0.1:${await freePort()}`;
  });

  const upload = (environment: Record<string, string | undefined>) =>
    elocute(
      [
        'upload',
        lessonPair(25).learner,
        ...['--user', '7', '--lesson', 'novel/2/A Breath of Life/4'],
        ...['--data', temporaryFolder('none')],
      ],
      { environment: { ...NOTHING, ...KEYS, ...environment } },
    );

  it('names the S3 that does not answer, says what to do and exits with 3', async () => {
    const { code, stderr } = await upload({
      DATABASE_URL: `postgresql://x:y@${nowhere}/z`,
      S3_ENDPOINT: `http://${nowhere}`,
    });
    assert.equal(code, 3, stderr);
    assert.match(stderr, new RegExp(`S3 at http://${nowhere} does not answer .*ECONNREFUSED`));
    assert.match(stderr, /elocute up/);
  });

  it('names the database and the Temporal that do not answer, and exits with 3', async () => {
    const environment = {
      ...NOTHING,
      DATABASE_URL: `postgresql://x:y@${nowhere}/z`,
      TEMPORAL_ADDRESS: nowhere,
    };
    const data = ['--data', temporaryFolder('none')];
    const status = await elocute(['status', 'score-x', ...data], { environment });
    assert.equal(status.code, 3, status.stderr);
    assert.match(status.stderr, new RegExp(`${nowhere}/z`));
    const { url } = await freshDatabase();
    const temporal = await elocute(['status', 'score-x', ...data], {
      environment: { ...environment, DATABASE_URL: url },
    });
    assert.equal(temporal.code, 3, temporal.stderr);
    assert.match(temporal.stderr, new RegExp(`Temporal at ${nowhere} does not answer`));
    const migration = await elocute(['migrate'], { environment });
    assert.equal(migration.code, 3, migration.stderr);
  });

  it('exits with 3 where the data folder is taken or no Temporal can be found', async () => {
    const taken = temporaryFolder('taken');
    const lock = lockFolder(taken);
    const up = await elocute(['up', '--data', taken], { environment: NOTHING });
    lock.release();
    assert.equal(up.code, 3, up.stderr);
    assert.match(up.stderr, new RegExp(`in use by process ${process.pid}`));
    const empty = temporaryFolder('empty');
    mkdirSync(join(empty, 'elocute'));
    writeFileSync(join(empty, 'not-temporal'), '');
    const without = await elocute(['up', '--data', temporaryFolder('none')], {
      environment: {
        ...NOTHING,
        PATH: empty,
        XDG_CACHE_HOME: empty,
        TEMPORAL_CLI_PATH: join(empty, 'not-temporal'),
        HTTPS_PROXY: `http://${nowhere}`,
        HTTP_PROXY: `http://${nowhere}`,
      },
    });
    assert.equal(without.code, 3, without.stderr);
    assert.match(without.stderr, /No usable Temporal CLI/);
  });

  it('gives up on a scoring that never starts, with advice', async () => {
    const client = await temporalClient();
    const signal = new AbortController().signal;
    const workflowId = freshName('score-never');
    const watching = watchScoring({
      ...{ client, workflowId, signal, giveUpMs: 500 },
      onProgress: () => undefined,
    });
    await assert.rejects(watching, (error: unknown) => {
      assert.ok(error instanceof UnavailableError);
      assert.match(error.message, /Does the starter run/);
      return true;
    });
  });

  it('says of a scoring that runs where no worker answers about it, in words, and exits with 3', async () => {
    const client = await temporalClient();
    const workflowId = freshName('score-unanswered');
    const taskQueue = freshName('nobody');
    const handle = await client.workflow.start('scorePronunciation', { taskQueue, workflowId });
    const { url } = await freshDatabase();
    const environment = {
      ...NOTHING,
      DATABASE_URL: url,
      TEMPORAL_ADDRESS: (await temporalServer()).address,
    };
    try {
      const data = ['--data', temporaryFolder('none')];
      const { code, stderr } = await elocute(['status', workflowId, ...data], { environment });
      assert.equal(code, 3, stderr);
      assert.match(stderr, /^Scoring score-unanswered\S* does not answer .*Does the worker run\?/);
      assert.doesNotMatch(stderr, /\n +at /);
      const verbose = await elocute(['--verbose', 'status', workflowId, ...data], { environment });
      assert.match(verbose.stderr, /\n +at /);
    } finally {
      await handle.terminate();
    }
  });

  it('colours nothing that goes into a pipe, whatever CI says', async () => {
    const environment = { ...NOTHING, CI: '1', NO_COLOR: undefined, FORCE_COLOR: undefined };
    const { stdout, stderr } = await elocute(['doctor'], { environment });
    assert.match(stdout, /^✓ Node\.js/);
    assert.ok(!`${stdout}${stderr}`.includes('\u001b'));
    const forced = await elocute(['doctor'], { environment: { ...environment, FORCE_COLOR: '1' } });
    assert.ok(forced.stdout.includes('\u001b'));
  });

  it('lets doctor say what is wrong with a configuration, and what it did not look at', async () => {
    const broken = await elocute(['doctor', '--json'], {
      environment: { ...NOTHING, TEMPORAL_ADDRESS: 'nonsense', SPEECH_KIND: 'offline' },
    });
    assert.equal(broken.code, 3, broken.stderr);
    const findings = JSON.parse(broken.stdout) as { name: string; ok: boolean; detail: string }[];
    const [configuration] = findings.filter(({ ok }) => !ok);
    assert.equal(configuration?.name, 'configuration');
    for (const name of ['TEMPORAL_ADDRESS', 'SPEECH_ENDPOINT', 'DATABASE_URL']) {
      assert.ok(configuration.detail.includes(name), configuration.detail);
    }
    const bare = await elocute(['doctor'], { environment: NOTHING });
    assert.equal(bare.code, 0, bare.stdout);
    assert.match(bare.stderr, /Skipped: PostgreSQL, S3, SQS, Temporal/);
  });

  it('migrates a database and says so as JSON', async () => {
    const { url, database } = await freshDatabase();
    await database.query('create database not_migrated');
    const environment = { ...NOTHING, DATABASE_URL: databaseUrl(url, 'not_migrated') };
    const first = await elocute(['migrate', '--json'], { environment });
    assert.equal(first.code, 0, first.stderr);
    assert.ok((JSON.parse(first.stdout) as { applied: string[] }).applied.length > 0);
    const again = await elocute(['migrate', '--json'], { environment });
    assert.deepEqual(JSON.parse(again.stdout), { applied: [] });
  });
});
