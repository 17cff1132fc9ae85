import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openAnalysisEngines, type AnalysisEngines } from '../../src/adapters/analysis-engines.ts';
import { analysisTimeMs, TIME_LIMITS } from '../../src/adapters/analysis-time.ts';
import { threadModule } from '../../src/adapters/thread-module.ts';
import { hostile, type Hostility } from '../support/mortal-analysis.ts';
import { runningProcesses } from '../support/processes.ts';
import { lessonPair } from '../support/recordings.ts';

const never = new AbortController().signal;
const beside = new URL('../support/x.ts', import.meta.url).href;

describe('an analysis', function () {
  this.timeout(240_000);
  const recording = readFileSync(lessonPair(25).learner);
  let engines: AnalysisEngines;
  before(async () => {
    engines = await openAnalysisEngines({
      threads: 2,
      maxSeconds: 12,
      memoryMb: 400,
      timeLimits: { ...TIME_LIMITS, mostMs: 10_000 },
      module: threadModule('mortal-analysis', beside),
    });
  });
  after(() => engines.close());

  const hostilities: [what: string, how: Hostility, because: RegExp][] = [
    ['ends its process', 'exits', /exit code 1/],
    ['fills its heap bit by bit', 'fillsHeap', /memory/],
    ['fills its heap with one table', 'growsTable', /memory/],
    ['fills array buffers', 'fillsBuffers', /more than 400 MB of memory/],
    ['fills the memory of WebAssembly', 'fillsWasm', /more than 400 MB of memory/],
    ['traps in WebAssembly', 'abortsWasm', /unreachable/],
  ];
  for (const [what, how, because] of hostilities) {
    it(`ANALYSIS_CRASHED: that ${what} fails its recording alone; others, beside it and behind it, are analysed`, async () => {
      const [fate, ...others] = await Promise.allSettled([
        // A real recording behind the sign, so that its time is that of a recording.
        engines.trackPitch(hostile(how, recording), never),
        engines.trackPitch(recording, never),
        engines.trackPitch(recording, never),
        engines.trackPitch(recording, never),
      ]);
      assert.equal(fate.status, 'rejected');
      assert.equal((fate.reason as { code?: string }).code, 'ANALYSIS_CRASHED');
      assert.match((fate.reason as Error).message, because);
      assert.deepEqual(
        others.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'fulfilled'],
      );
    });
  }

  it('ANALYSIS_CRASHED: that hangs is ended; what waited behind it is not blamed for that time', async () => {
    const [loops, waits, behind] = await Promise.allSettled([
      engines.trackPitch(hostile('loops', recording), never),
      engines.trackPitch(hostile('waits', recording), never),
      engines.trackPitch(recording, never),
    ]);
    for (const fate of [loops, waits]) {
      assert.equal(fate.status, 'rejected');
      assert.equal((fate.reason as { code?: string }).code, 'ANALYSIS_CRASHED');
      assert.match((fate.reason as Error).message, /it took more than 10 s/);
    }
    assert.equal(behind.status, 'fulfilled');
  });

  it('ends at once when it is cancelled, whether it waits or works, and leaves nothing', async () => {
    const stop = new AbortController();
    const cancelled = [1, 2, 3, 4].map(() =>
      engines.trackPitch(hostile('loops', recording), stop.signal),
    );
    const behind = engines.trackPitch(recording, never);
    // Two of the four are at work once a fifth would have to wait.
    setImmediate(() => stop.abort(new Error('no longer needed')));
    for (const fate of await Promise.allSettled(cancelled)) {
      assert.equal(fate.status, 'rejected');
      assert.equal((fate.reason as Error).message, 'no longer needed');
    }
    assert.ok((await behind).durationS > 0);
  });
});

describe('the time an analysis may take', () => {
  it('grows with the bytes of the recording, up to the longest accepted, below the activity’s two minutes', () => {
    const seconds = (count: number) => analysisTimeMs(8000 * count, 60);
    assert.equal(seconds(0), TIME_LIMITS.baseMs);
    assert.equal(seconds(10) - seconds(0), 10 * TIME_LIMITS.perSecondMs);
    assert.equal(analysisTimeMs(100_000_000, 60), seconds(60));
    assert.ok(analysisTimeMs(Number.MAX_SAFE_INTEGER, 1e9) <= TIME_LIMITS.mostMs);
    assert.ok(TIME_LIMITS.mostMs < 120_000);
  });
});

function isRunning(pid: number): boolean {
  return runningProcesses().some((process) => process.pid === pid);
}

describe('the analysis engines of a worker', function () {
  this.timeout(120_000);
  const recording = readFileSync(lessonPair(25).learner);

  it('track pitch with the engine that is configured, and name it in the version', async () => {
    const tracks = [];
    for (const pitchEngine of ['fft', 'essentia'] as const) {
      const engines = await openAnalysisEngines({ threads: 1, maxSeconds: 12, pitchEngine });
      try {
        assert.match(engines.pitchVersion, new RegExp(`^${pitchEngine}`));
        tracks.push(await engines.trackPitch(recording, never));
      } finally {
        await engines.close();
      }
    }
    const [own, reference] = tracks;
    assert.equal(own?.contour.hz.length, reference?.contour.hz.length);
    for (const [at, hz] of (own?.contour.hz ?? []).entries()) {
      assert.ok(Math.abs(hz - (reference?.contour.hz[at] ?? NaN)) < 0.02, `frame ${at}`);
    }
  });

  it('end with a worker that is killed, also where they hang', async () => {
    const script = fileURLToPath(new URL('../support/hanging-analysis-owner.ts', import.meta.url));
    const owner = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const [pid, ...more] = JSON.parse(line.toString()) as number[];
    assert.ok(pid !== undefined && more.length === 0);
    assert.ok(isRunning(pid));
    owner.kill('SIGKILL');
    // The test's own time limit ends this where the process stays.
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('say why they cannot be opened, and leave no process', async () => {
    await assert.rejects(
      openAnalysisEngines({
        threads: 2,
        maxSeconds: 12,
        module: { filename: '/nowhere/elocute-no-such-analysis.ts' },
      }),
      /no-such-analysis/,
    );
    const left = runningProcesses().filter(({ command }) => command.includes('no-such-analysis'));
    assert.deepEqual(left, []);
  });
});
