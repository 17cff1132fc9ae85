import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openAnalysisThreads, type AnalysisThreads } from '../../src/adapters/analysis-threads.ts';
import { threadModule } from '../../src/adapters/thread-module.ts';
import { lessonPair } from '../support/recordings.ts';
import { GLUTTON, POISON } from '../support/mortal-thread.ts';

describe('an analysis thread', function () {
  this.timeout(120_000);
  const recording = readFileSync(lessonPair(25).learner);
  const never = new AbortController().signal;
  let threads: AnalysisThreads;
  before(async () => {
    const beside = new URL('../support/x.ts', import.meta.url).href;
    threads = await openAnalysisThreads({
      threads: 1,
      maxSeconds: 12,
      thread: threadModule('mortal-thread', beside),
    });
  });
  after(() => threads.close());

  for (const [what, sign] of [
    ['ends', POISON],
    ['runs out of memory', GLUTTON],
  ] as const) {
    it(`ANALYSIS_CRASHED: that ${what} fails its recording alone; the next one is analysed`, async () => {
      const fatal = Uint8Array.of(sign);
      const [fate, next] = await Promise.allSettled([
        threads.trackPitch(fatal, never),
        threads.trackPitch(recording, never),
      ]);
      assert.equal(fate.status, 'rejected');
      assert.equal((fate.reason as { code?: string }).code, 'ANALYSIS_CRASHED');
      assert.equal(next.status, 'fulfilled', 'what was queued behind it is not lost');
      assert.ok((await threads.trackPitch(recording, never)).durationS > 0);
    });
  }
});

describe('the analysis threads of a worker', function () {
  this.timeout(120_000);

  it('track pitch with the engine that is configured, and name it in the version', async () => {
    const recording = readFileSync(lessonPair(25).learner);
    const never = new AbortController().signal;
    const tracks = [];
    for (const pitchEngine of ['fft', 'essentia'] as const) {
      const threads = await openAnalysisThreads({ threads: 1, maxSeconds: 12, pitchEngine });
      try {
        assert.match(threads.pitchVersion, new RegExp(`^${pitchEngine}`));
        tracks.push(await threads.trackPitch(recording, never));
      } finally {
        await threads.close();
      }
    }
    const [own, reference] = tracks;
    assert.equal(own?.contour.hz.length, reference?.contour.hz.length);
    for (const [at, hz] of (own?.contour.hz ?? []).entries()) {
      assert.ok(Math.abs(hz - (reference?.contour.hz[at] ?? NaN)) < 0.02, `frame ${at}`);
    }
  });
});
