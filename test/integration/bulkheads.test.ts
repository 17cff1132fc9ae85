import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LessonLine } from '../../src/contract.ts';
import type { LoopDelay } from '../../src/observe/loop-delay.ts';
import { buildWav } from '../support/build-wav.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from '../support/local-world.ts';
import { hostile } from '../support/mortal-analysis.ts';
import { lessonPairs } from '../support/recordings.ts';
import { LONG_BLOCK_MS, type Blocks } from '../support/measure-blocks.ts';
import { temporaryFolder } from '../support/services.ts';

/** A hanging analysis is ended after this; it is tried three times. */
const LONGEST_ANALYSIS_MS = 15_000;
const GOOD = 20;
/**
 * On a busy machine the scheduler and the garbage collector alone made blocks of 261 ms; a second is
 * somebody's code, and a tenth of the time in which a heartbeat is due.
 */
const LONGEST_BLOCK_MS = 1000;

describe('a worker with hostile recordings among good ones', function () {
  this.timeout(400_000);
  let world: LocalWorld;
  let worker: ChildProcess;

  before(async () => {
    world = await openWorld({ worker: false, environment: { ANALYSIS_THREADS: '2' } });
    const main = fileURLToPath(new URL('../support/hostile-worker.ts', import.meta.url));
    const log = openSync(join(temporaryFolder('bulkheads'), 'worker.log'), 'a');
    worker = fork(main, [String(LONGEST_ANALYSIS_MS)], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--import', 'tsx'],
      env: {
        ...world.environment,
        PATH: process.env['PATH'] ?? '',
        AWS_ACCESS_KEY_ID: process.env['AWS_ACCESS_KEY_ID'] ?? '',
        AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
      },
    });
    closeSync(log);
    assert.deepEqual((await once(worker, 'message'))[0], 'ready');
  });
  after(async () => {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    await world.close();
  });

  async function loopDelay(): Promise<LoopDelay & Blocks> {
    worker.send('how long?');
    const [delay] = (await once(worker, 'message')) as [LoopDelay & Blocks];
    return delay;
  }

  it('scores every good one, fails each hostile one alone and by its code, and keeps its event loop free', async () => {
    const pairs = lessonPairs().slice(0, GOOD);
    const lineOf = (line: number): LessonLine => {
      return { contentType: 'novel', level: 2, title: 'Bulkheads', line: line + 1 };
    };
    for (const [line, pair] of pairs.entries()) {
      await putStandard(world, lineOf(line), readFileSync(pair.standard), pair.sentence);
    }
    const recording = readFileSync(pairs[0]?.learner ?? '');
    await loopDelay();

    const noise = new Uint8Array(60 * 96_000).map((_, at) => (at * 2_654_435_761) >>> 24);
    const [loops, bomb, table, channels, giant, long] = await Promise.all([
      putLearner(world, lineOf(0), hostile('loops', recording), '101'),
      putLearner(world, lineOf(1), hostile('fillsBuffers', recording), '102'),
      putLearner(world, lineOf(2), hostile('growsTable', recording), '103'),
      // Real bytes: what a header can claim, and the heaviest minute that is accepted.
      putLearner(
        world,
        lineOf(3),
        buildWav({ data: noise, channels: 8, sampleRateHz: 192_000 }),
        '104',
      ),
      putLearner(
        world,
        lineOf(4),
        buildWav({ data: recording.subarray(44, 80), declaredBytes: 0xffff_fff0 }),
        '105',
      ),
      putLearner(world, lineOf(5), buildWav({ data: noise, bits: 8, sampleRateHz: 96_000 }), '106'),
    ]);
    const good: PutUpload[] = [];
    for (const [line, pair] of pairs.entries()) {
      good.push(await putLearner(world, lineOf(line), readFileSync(pair.learner), `${line}`));
    }
    const outcomes = await Promise.all(good.map((upload) => outcomeOf(world, upload)));
    assert.deepEqual(
      outcomes.map(({ workflowStatus }) => workflowStatus),
      good.map(() => 'COMPLETED'),
    );
    const codeOf = async (upload: PutUpload) => (await outcomeOf(world, upload)).ours[0];
    for (const crashed of [loops, bomb, table]) {
      assert.equal((await codeOf(crashed))?.['failure_code'], 'ANALYSIS_CRASHED');
    }
    assert.equal((await codeOf(channels))?.['failure_code'], 'AUDIO_UNSUPPORTED');
    // A handful of samples, and a minute of noise: recordings like others, only poor ones.
    assert.equal((await codeOf(giant))?.['status'], 'completed');
    assert.equal((await codeOf(long))?.['status'], 'completed');

    const { p99Ms, p999Ms, maxMs, blockedMs, elapsedMs } = await loopDelay();
    const share = blockedMs / elapsedMs;
    const measured =
      `p99 ${p99Ms.toFixed(0)} ms, p99.9 ${p999Ms.toFixed(0)} ms, longest ${maxMs.toFixed(0)} ms, ` +
      `${(share * 100).toFixed(2)} % of ${(elapsedMs / 1000).toFixed(0)} s in blocks above ${LONG_BLOCK_MS} ms`;
    assert.ok(p999Ms < 200, `the event loop was blocked: ${measured}`);
    // Percentiles count turns: a block of seconds is one turn among thousands.
    assert.ok(share < 0.01, `the event loop was blocked for long: ${measured}`);
    assert.ok(maxMs < LONGEST_BLOCK_MS, `the event loop was blocked at once: ${measured}`);
    assert.equal(worker.exitCode, null, 'the same process all the time');
  });
});
