import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status as grpc } from '@grpc/grpc-js';
import { createReviewStore } from '../../src/adapters/postgres-reviews.ts';
import type { LessonLine } from '../../src/contract.ts';
import { startMain, type RunningMain } from '../../src/local/main-child.ts';
import { documentedCommands, documentedIds } from '../support/documented-commands.ts';
import { keepScoring, olderBy, originalLine, type KeptScoring } from '../support/kept-scorings.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from '../support/local-world.ts';
import { longLesson } from '../support/long-lesson.ts';
import { lessonPair } from '../support/recordings.ts';
import { elocute, ROOT, runCommand, type Finished } from '../support/run-command.ts';
import { SUMMARY } from '../support/scripted-worker.ts';
import { temporaryFolder } from '../support/services.ts';

const USER = '90210417';
const pair = lessonPair(25);
const learner = readFileSync(pair.learner);
const lineOf = (title: string, line: number): LessonLine => ({
  contentType: 'novel',
  level: 2,
  title,
  line,
});

interface Failed {
  total: number;
  counts: { code: string; count: number; advice: string }[];
  scorings: { id: string; scoringId: string; code: string; replayable: boolean }[];
}

describe('failed scorings', function () {
  this.timeout(240_000);
  let world: LocalWorld;
  const workers: RunningMain[] = [];
  const denied: PutUpload[] = [];
  const kept: KeptScoring[] = [];
  let missing: PutUpload;
  let damaged: PutUpload;
  const data = temporaryFolder('replay');

  async function startWorkerProcess(): Promise<RunningMain> {
    const environment = {
      PATH: process.env['PATH'] ?? '',
      AWS_ACCESS_KEY_ID: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
      ...world.environment,
    };
    const log = join(temporaryFolder('worker'), `worker-${workers.length}.log`);
    const worker = await startMain('worker', environment, log);
    workers.push(worker);
    return worker;
  }

  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    world = await openWorld({ worker: false });
    await startWorkerProcess();
    world.speech.injectFault({ code: grpc.PERMISSION_DENIED, details: 'expired', count: 4 });
    for (let line = 1; line <= 4; line += 1) {
      const lesson = lineOf('A Breath of Life', line);
      await putStandard(world, lesson, readFileSync(pair.standard), pair.sentence);
      const bytes = Buffer.from(learner);
      bytes.writeInt16LE(line, bytes.length - 2);
      const upload = await putLearner(world, lesson, bytes, USER);
      await outcomeOf(world, upload);
      denied.push(upload);
    }
    missing = await putLearner(world, lineOf('A Long Line', 1), longLesson().learner, USER);
    await outcomeOf(world, missing);
    damaged = await putLearner(world, lineOf('A Breath of Life', 1), Buffer.from('no WAV'), '11');
    await outcomeOf(world, damaged);
    // Scored by an older formula, and one that waits for a teacher: for what is no failure.
    for (const index of [0, 1, 2, 3]) {
      const older = index === 0 ? { older: olderBy(-2) } : {};
      kept.push(await keepScoring(world.database, { index, title: 'Kept', ...older }));
    }
    await createReviewStore(world.database).open({
      ...{ scoringId: 'a1b2c3d4'.repeat(8), runId: 'r', workflowId: 'score-a1b2c3d4' },
      ...{ lesson: lineOf('A Breath of Life', 5), because: 'overall<40', confidence: 0.41 },
      before: { ...SUMMARY, overall: 38.2, accuracy: 41, fluency: 36.5, prosody: 40.1 },
      endsAtMs: Date.now() + 90 * 86_400_000,
    });
  });
  after(async () => {
    for (const worker of workers) await worker.stop();
    await world.close();
  });

  const command = (...args: string[]): Promise<Finished> =>
    elocute([...args, '--data', data], { environment: world.environment });

  async function failed(...args: string[]): Promise<Failed> {
    const { code, stdout, stderr } = await command('failed', ...args, '--json');
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Failed;
  }

  const shortId = ({ scoringId }: PutUpload) => scoringId.slice(0, 12);

  it('are listed with what to do, by code, lesson and time, without keys and users', async () => {
    const all = await failed();
    assert.equal(all.total, 6);
    assert.deepEqual(all.counts[0], {
      code: 'SPEECH_DENIED',
      count: 4,
      advice:
        'The speech service refused our credentials. Every scoring is hit: mend the credentials, then replay.',
    });
    const narrowed = await failed(
      '--code',
      'SPEECH_DENIED',
      '--lesson',
      'novel/2/A Breath of Life/3',
    );
    assert.deepEqual(
      narrowed.scorings.map(({ scoringId }) => scoringId),
      [denied[2]?.scoringId],
    );
    assert.equal((await failed('--until', '1d')).total, 0);
    assert.equal((await failed('--since', '1d', '--limit', '2')).scorings.length, 2);
    const text = await command('failed');
    assert.match(
      text.stdout,
      new RegExp(`${shortId(missing)} .*A Long Line · line 1 .*STANDARD_MISSING`),
    );
    assert.match(text.stdout, /^ {2}4 {2}SPEECH_DENIED\n {5}The speech service refused/m);
    for (const { stdout } of [text, await command('failed', '--json')]) {
      assert.ok(!stdout.includes(USER) && !stdout.includes('.wav'), stdout);
    }
  });

  it('and all else are looked at as docs/operate.md shows it, line by line', async function () {
    // A process each, of a good twenty.
    this.timeout(480_000);
    const file = join(data, 'original.jsonl');
    writeFileSync(file, kept.map((one, index) => originalLine(one, index * 0.1)).join('\n'));
    const document = readFileSync(join(ROOT, 'docs', 'operate.md'), 'utf8');
    const shown = documentedCommands(document);
    assert.ok(shown.length >= 16, shown.map(({ line }) => line).join('\n'));
    const ids = documentedIds();
    for (const { line, args, output } of shown) {
      // What replays for real is run below.
      if (args[0] === 'replay' && !args.includes('--dry-run')) continue;
      const mine = args.map((arg) => (arg === 'original.jsonl' ? file : ids.mine(arg)));
      // It reads the environment alone.
      const finished =
        args[0] === 'doctor'
          ? await elocute(mine, { environment: world.environment })
          : await command(...mine);
      assert.equal(finished.code, args[0] === 'status' ? 1 : 0, `${line}: ${finished.stderr}`);
      ids.learn(line, output, `${finished.stderr}${finished.stdout}`);
    }
  });

  it('are not replayed by accident', async () => {
    const refusals: [RegExp, ...string[]][] = [
      [/Say which scorings: ids, or a filter/],
      [/Say which scorings/, '--limit', '5', '--yes'],
      [/look with --dry-run, then give --yes/, '--code', 'SPEECH_DENIED'],
      [/Give ids or a filter, not both/, shortId(missing), '--since', '1d'],
      [/--code QUOTA is none of the failure codes/, '--code', 'QUOTA', '--yes'],
      [/--rate fast is no rate/, '--code', 'SPEECH_DENIED', '--rate', 'fast'],
      [/No scoring that has ended is known as deadbeef/, 'deadbeef'],
      [/--from score is neither failed nor lesson/, shortId(missing), '--from', 'score'],
    ];
    for (const [message, ...args] of refusals) {
      const { code, stderr } = await command('replay', ...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    const helpless = await command('replay', shortId(damaged));
    assert.equal(helpless.code, 1, helpless.stderr);
    assert.match(helpless.stdout, /not replayed: a replay cannot help with AUDIO_/);
    const audit = await world.database.query('select 1 from elocute.replay');
    assert.deepEqual(audit, []);
  });

  it('are planned first: how many, and how each', async () => {
    const { code, stdout, stderr } = await command('replay', '--since', '1d', '--dry-run');
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^To be replayed: 5 of 6, spread over 1 s\n {5}4 {2}reset to transcribeSpeech/,
    );
    assert.match(stdout, /Not replayed:\n {5}1 {2}a replay cannot help with AUDIO_/);
    assert.equal((await failed()).total, 6);
  });

  it('are replayed slowly; Ctrl-C starts no more, and the same command goes on with the rest', async () => {
    const calls = world.speech.calls();
    const args = [
      'replay',
      '--code',
      'SPEECH_DENIED',
      '--yes',
      '--reason',
      'new key',
      '--by',
      'ada',
    ];
    const first = await elocute([...args, '--rate', '1/m', '--data', data], {
      environment: world.environment,
      interruptAt: '1/4 started',
    });
    assert.equal(first.code, 130, first.stderr);
    assert.match(first.stderr, /Interrupted: 1 of 4 were dealt with; what was started goes on\./);
    await outcomeOf(world, denied[0] ?? assert.fail());
    const rest = await command(...args, '--rate', '20/s', '--json');
    assert.equal(rest.code, 0, rest.stderr);
    const lines = rest.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ how, step, ended }) => [how, step, ended]),
      Array(3).fill(['reset', 'transcribeSpeech', { status: 'completed', code: null }]),
    );
    assert.match(rest.stderr, /3\/3 started/);
    assert.equal(world.speech.calls() - calls, 4, 'one call each, and none twice');
    const audit = await world.database.query(
      `select distinct requested_by, reason, how, outcome from elocute.replay`,
    );
    assert.deepEqual(audit, [
      { requested_by: 'ada', reason: 'new key', how: 'reset', outcome: 'started' },
    ]);
    assert.equal((await failed()).total, 2);
  });

  it('end once where the worker is killed while one is replayed', async () => {
    const { standard, sentence } = longLesson();
    await putStandard(world, lineOf('A Long Line', 1), standard, sentence);
    const started = await command('replay', missing.workflowId, '--no-wait');
    assert.equal(started.code, 0, started.stderr);
    assert.match(started.stdout, /reset to resolveLesson: running\n1 replayed, 1 running/);
    for (;;) {
      const claims = await world.database.query(
        `select key from elocute.analysis_claim where key like 'alignment%'`,
      );
      if (claims.length > 0) break;
      const row = await world.database.query(
        'select 1 from elocute.scoring where id = $1 and attempts > 1',
        [missing.scoringId],
      );
      assert.deepEqual(row, [], 'killed too late to mean a thing');
    }
    const worker = workers[0] ?? assert.fail();
    process.kill(worker.pid, 'SIGKILL');
    await assert.rejects(worker.failed, /SIGKILL/);
    const again = await command('replay', shortId(missing));
    assert.equal(again.code, 1);
    assert.match(again.stdout, /not replayed: it runs already/);
    await startWorkerProcess();
    const { ours, application, workflowStatus } = await outcomeOf(world, missing);
    assert.equal(workflowStatus, 'COMPLETED');
    assert.deepEqual(
      ours.map((row) => [row['status'], row['attempts']]),
      [['completed', 2]],
    );
    assert.deepEqual(
      application.map((row) => row['status']),
      ['completed'],
    );
    const done = await command('replay', shortId(missing));
    assert.equal(done.code, 1);
    assert.match(done.stdout, /it is scored already; `elocute rescore --ids`/);
  });
});
