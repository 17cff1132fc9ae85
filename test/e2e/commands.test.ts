import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectTemporal, temporalAddressOf } from '../../src/adapters/temporal.ts';
import { watchScoring } from '../../src/commands/watch-scoring.ts';
import { loadConfig } from '../../src/config.ts';
import { workflowIdFor, type ScoringProgress } from '../../src/contract.ts';
import { isRunning } from '../../src/local/process-identity.ts';
import type { RecordedProcess } from '../../src/local/process-record.ts';
import { readStackFile } from '../../src/local/stack-file.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { lessonPair } from '../support/recordings.ts';
import { elocute, ROOT, runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/services.ts';

const pair = lessonPair(16);
const otherPair = lessonPair(25);
/** What a stack starts as processes of their own. */
const SERVERS = ['postgres', 'starter', 'temporal', 'web', 'worker'];

describe('the command elocute', function () {
  this.timeout(180_000);
  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
  });

  it('scores one file against another without any server', async () => {
    const args = [pair.learner, '--standard', pair.standard, '--sentence', pair.sentence];
    const { code, stdout, stderr } = await elocute(['score', ...args, '--json']);
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout) as ScoringResult;
    assert.equal(result.attempt.kind, 'ok');
    assert.ok(result.overall !== null && result.overall > 50 && result.overall <= 100);
    assert.ok(result.words.length >= 10);
  });

  it('gives a recording against itself 1.0 in every similarity', async () => {
    const args = [pair.standard, '--standard', pair.standard, '--sentence', pair.sentence];
    const { stdout } = await elocute(['score', ...args, '--json']);
    const result = JSON.parse(stdout) as ScoringResult;
    assert.deepEqual(
      [result.pitchSimilarity, result.rhythmSimilarity, result.pauseSimilarity, result.speedRatio],
      [1, 1, 1, 1],
    );
  });

  it('gives less to another sentence than to the right one', async () => {
    const score = async (standard: string, sentence: string) => {
      const args = [pair.learner, '--standard', standard, '--sentence', sentence, '--json'];
      return JSON.parse((await elocute(['score', ...args])).stdout) as ScoringResult;
    };
    const right = await score(pair.standard, pair.sentence);
    const wrong = await score(otherPair.standard, otherPair.sentence);
    assert.ok((wrong.overall ?? 0) < (right.overall ?? 0));
    for (const name of ['accuracy', 'fluency', 'prosody', 'completeness'] as const) {
      assert.ok((wrong[name] ?? 0) < (right[name] ?? 0), name);
    }
    assert.ok((wrong.rhythmSimilarity ?? 0) < (right.rhythmSimilarity ?? 0));
  });

  it('says what is wrong with a file or an argument, what to do, and exits with 1 or 2', async () => {
    const noWav = join(temporaryFolder('cli'), 'no.wav');
    writeFileSync(noWav, 'not a recording');
    const bad = await elocute([
      'score',
      noWav,
      '--standard',
      pair.standard,
      '--sentence',
      'Hello.',
    ]);
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /AUDIO_UNSUPPORTED/);
    assert.ok(!/\n\s+at /.test(bad.stderr), 'no stack trace');
    const missing = await elocute(['score', 'nowhere.wav', '--standard', 'x', '--sentence', 'Hi.']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /nowhere\.wav cannot be read/);
    assert.equal((await elocute(['no-such-command'])).code, 2);
    assert.equal((await elocute(['--help'])).code, 0);
    const unconfigured = await elocute(['status', 'score-x', '--data', temporaryFolder('none')], {
      environment: { DATABASE_URL: '', TEMPORAL_ADDRESS: 'nonsense' },
    });
    assert.equal(unconfigured.code, 2);
    assert.match(unconfigured.stderr, /DATABASE_URL/);
    assert.match(unconfigured.stderr, /TEMPORAL_ADDRESS/);
  });

  it('finds this machine in order (doctor)', async () => {
    const { code, stdout } = await elocute(['doctor', '--json']);
    const findings = JSON.parse(stdout) as { name: string; ok: boolean; detail: string }[];
    assert.deepEqual(
      findings.filter(({ ok }) => !ok),
      [],
    );
    assert.ok(findings.length >= 5);
    assert.equal(code, 0);
  });

  describe('up', () => {
    const data = temporaryFolder('up');
    let up: { child: ChildProcess; output: () => string };

    async function start(): Promise<{ child: ChildProcess; output: () => string }> {
      const child = spawn(process.execPath, ['bin/elocute.js', 'up', '--data', data], {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let output = '';
      const ready = new Promise<void>((resolve, reject) => {
        child.stderr.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (output.includes('Stop with Ctrl-C')) resolve();
        });
        child.once('exit', (code) => reject(new Error(`ended with ${code ?? '?'}: ${output}`)));
      });
      await ready;
      return { child, output: () => output };
    }

    const ended = ({ child }: { child: ChildProcess }) =>
      new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    /** Everything that the stack has noted to have started, with what makes each unmistakable. */
    const recorded = () =>
      JSON.parse(readFileSync(join(data, 'processes.json'), 'utf8')) as RecordedProcess[];
    const alive = (processes: RecordedProcess[]) => processes.filter(isRunning);
    let before: RecordedProcess[] = [];

    it('starts everything; upload and status find it by its data folder', async () => {
      up = await start();
      assert.ok(readStackFile(data));
      const args = [
        '--user',
        '482',
        '--lesson',
        'novel/level_2/A Breath of Life/4',
        '--data',
        data,
      ];
      const upload = await elocute(['upload', otherPair.learner, ...args, '--json']);
      assert.equal(upload.code, 0, upload.stderr);
      const scoring = JSON.parse(upload.stdout) as { id: string; workflowId: string };
      assert.equal(scoring.workflowId, workflowIdFor(scoring.id));
      const status = await elocute(['status', scoring.id.slice(0, 12), '--data', data]);
      assert.equal(status.code, 0, status.stderr);
      assert.match(status.stdout, /completed/);
      const asJson = await elocute(['status', scoring.id, '--data', data, '--json']);
      assert.deepEqual(JSON.parse(asJson.stdout), JSON.parse(upload.stdout));
      const unknown = await elocute(['status', 'score-unknown', '--data', data]);
      assert.equal(unknown.code, 2);
    });

    it('refuses a second stack on the same folder and names the first', async () => {
      const second = await elocute(['up', '--data', data]);
      assert.equal(second.code, 3);
      assert.match(second.stderr, new RegExp(`\\b${up.child.pid ?? ''}\\b`));
    });

    it('after SIGKILL starts again on the same data, and no orphan is left', async () => {
      before = recorded();
      assert.deepEqual(before.map(({ name }) => name).sort(), SERVERS);
      assert.deepEqual(alive(before), before);
      const gone = ended(up);
      up.child.kill('SIGKILL');
      await gone;
      up = await start();
      assert.deepEqual(alive(before), []);
      assert.deepEqual(
        recorded()
          .map(({ name }) => name)
          .sort(),
        SERVERS,
      );
    });

    it('has kept the analyses of the standard over the crash', async () => {
      const args = ['--user', '7', '--lesson', 'novel/2/A Breath of Life/4', '--data', data];
      const upload = await elocute(['upload', otherPair.learner, ...args, '--no-wait', '--json']);
      assert.equal(upload.code, 0, upload.stderr);
      const { workflowId } = JSON.parse(upload.stdout) as { workflowId: string };
      const { environment } = readStackFile(data) ?? assert.fail('no stack runs');
      const client = await connectTemporal(temporalAddressOf(loadConfig(environment)));
      try {
        const seen: ScoringProgress[] = [];
        const { signal } = new AbortController();
        const onProgress = (progress: ScoringProgress) => void seen.push(progress);
        await watchScoring({ client, workflowId, signal, onProgress });
        const steps = seen.at(-1)?.steps ?? [];
        const standard = steps.filter(({ name }) => name.endsWith('standard'));
        assert.ok(standard.length >= 2, JSON.stringify(steps));
        assert.deepEqual(
          standard.map(({ state }) => state),
          standard.map(() => 'kept'),
        );
      } finally {
        await client.connection.close();
      }
    });

    it('stops cleanly on Ctrl-C and leaves no process', async () => {
      before = recorded();
      const gone = ended(up);
      up.child.kill('SIGINT');
      assert.equal(await gone, 0, up.output());
      for (const left of ['stack.json', 'processes.json', 'lock.json']) {
        assert.ok(!existsSync(join(data, left)), left);
      }
      assert.deepEqual(alive(before), []);
    });
  });
});
