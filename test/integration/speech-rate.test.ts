import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { SpeechRecogniser } from '../../src/activities/ports.ts';
import { rateLimitsOf } from '../../src/adapters/adaptive-rate.ts';
import { createSharedRate } from '../../src/adapters/postgres-speech-rate.ts';
import { createSpeechThrottle } from '../../src/adapters/speech-throttle.ts';
import { limitActivityRate, startScoring } from '../../src/adapters/temporal.ts';
import { taskQueuesOf, workflowIdFor } from '../../src/contract.ts';
import { ElocuteError, toApplicationFailure } from '../../src/failures.ts';
import { nativeConnection, scriptedActivities, scriptedInput } from '../support/scripted-worker.ts';
import {
  bundle,
  freshDatabase,
  freshName,
  temporalClient,
  temporalServer,
} from '../support/services.ts';

const WINDOW_MS = 500;
const unexpected = (error: unknown) => assert.fail(String(error));

/** A service with a quota of so many calls in any second; says when it took and when it refused. */
function serviceWithQuota() {
  const service = {
    quota: Infinity,
    /** `performance.now()` of each call that it took. */
    taken: [] as number[],
    refused: [] as number[],
    recogniser: {
      version: 'scripted',
      usesSentence: false,
      recognise() {
        const now = performance.now();
        const recent = service.taken.filter((at) => at > now - 1000).length;
        if (recent >= service.quota) {
          service.refused.push(now);
          throw new ElocuteError('SPEECH_QUOTA', 'scripted quota', { nextRetryDelayMs: 300 });
        }
        service.taken.push(now);
        return Promise.resolve({ text: 'it was good', words: [] });
      },
    } satisfies SpeechRecogniser,
  };
  return service;
}

describe('the rate of speech calls of all workers', function () {
  this.timeout(240_000);

  it('is held back by the server, falls where the service refuses, and comes back to what is configured', async () => {
    const { database } = await freshDatabase();
    const workflowBundle = await bundle();
    const client = await temporalClient();
    const connection = await nativeConnection();
    // One connection takes one worker a queue.
    const second = await NativeConnection.connect({ address: (await temporalServer()).address });
    const taskQueue = freshName('speech-rate');
    const queues = taskQueuesOf(taskQueue);
    const limits = rateLimitsOf(16, WINDOW_MS);
    const service = serviceWithQuota();
    const applied: number[] = [];
    const throttles = [1, 2].map(() => {
      const rate = createSharedRate(database, queues.speech, limits);
      return createSpeechThrottle(service.recogniser, rate, {
        windowMs: WINDOW_MS,
        onTrouble: unexpected,
      });
    });
    let tracked = 0;
    const base = scriptedActivities();
    const scripted = scriptedActivities({
      trackPitch: (input) => {
        tracked += 1;
        return base.trackPitch(input);
      },
    });
    const workers = await Promise.all([
      Worker.create({
        connection,
        taskQueue: queues.scoring,
        workflowBundle,
        activities: scripted,
      }),
      Worker.create({ connection, taskQueue: queues.audio, activities: scripted }),
      ...throttles.map(({ recogniser }, at) =>
        Worker.create({
          connection: at === 0 ? connection : second,
          taskQueue: queues.speech,
          maxTaskQueueActivitiesPerSecond: limits.most,
          activities: {
            async transcribeSpeech() {
              await recogniser
                .recognise({ wav: new Uint8Array(), sentence: null })
                .catch((error: unknown) => {
                  throw toApplicationFailure(error, 1);
                });
              return scripted.transcribeSpeech({} as never);
            },
          },
        }),
      ),
    ]);
    const [scoring, audio, ...speech] = workers;
    const runs = [scoring.run(), audio.run()];
    for (const throttle of throttles) {
      await throttle.start(async (perSecond) => {
        applied.push(perSecond);
        return limitActivityRate(connection, {
          namespace: 'default',
          taskQueue: queues.speech,
          perSecond,
        });
      });
    }
    const ids: string[] = [];
    const start = async (count: number) => {
      for (let at = 0; at < count; at++) {
        const input = scriptedInput(randomBytes(32).toString('hex'));
        await startScoring(client, taskQueue, input);
        ids.push(workflowIdFor(input.scoringId));
      }
    };
    try {
      service.quota = 4;
      await start(60);
      // Both pitches of each: its speech task is in the queue, too.
      await until(() => tracked === 120, 'all calls wait in the queue');
      runs.push(...speech.map((worker) => worker.run()));
      await until(() => Math.min(...applied) <= 4, 'the rate falls to a quarter');
      await until(() => service.taken.length >= 20, 'a third of the calls pass');
      // Once it has found the neighbourhood of the quota, it stays there, well below what it may.
      const from = performance.now();
      await until(() => service.taken.length >= 50, 'most of the calls pass');
      const seconds = (performance.now() - from) / 1000;
      const wasted = service.refused.filter((at) => at > from).length;
      assert.ok(wasted < 30, `${wasted} refusals for 30 calls`);
      const perSecond = (30 + wasted) / seconds;
      assert.ok(perSecond < 8, `${perSecond.toFixed(1)} calls a second, refused ones included`);
      service.quota = Infinity;
      await Promise.all(ids.map((id) => client.workflow.getHandle(id).result()));
      await until(() => applied.at(-1) === limits.most, 'the rate comes back');
    } finally {
      for (const throttle of throttles) throttle.close();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
      await second.close();
    }
  });

  async function until(holds: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!holds()) {
      assert.ok(performance.now() < deadline, `in a minute: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('goes down once where fifty workers are refused at the same moment', async () => {
    const { database } = await freshDatabase();
    const rates = Array.from({ length: 50 }, () =>
      createSharedRate(database, 'one-queue', rateLimitsOf(16, 60_000)),
    );
    const heard = await Promise.all(rates.map((rate) => rate.tell('refused')));
    assert.deepEqual(new Set(heard), new Set([8]));
    assert.equal(await rates[0]?.tell('calm'), 8, 'not within the window');
  });

  it('is kept by turns where the server cannot be told', async () => {
    const { database } = await freshDatabase();
    const service = serviceWithQuota();
    const throttles = [1, 2].map(() =>
      createSpeechThrottle(
        service.recogniser,
        createSharedRate(database, 'turns', rateLimitsOf(20, 60_000)),
        { windowMs: 60_000, onTrouble: unexpected },
      ),
    );
    for (const throttle of throttles) await throttle.start(() => Promise.resolve(false));
    const began = performance.now();
    await Promise.all(
      throttles.flatMap(({ recogniser }) =>
        Array.from({ length: 10 }, () =>
          recogniser.recognise({ wav: new Uint8Array(), sentence: null }),
        ),
      ),
    );
    for (const throttle of throttles) throttle.close();
    const tookMs = performance.now() - began;
    assert.ok(tookMs >= 900, `twenty calls at 20 a second took ${Math.round(tookMs)} ms`);
  });

  it('stops waiting for a turn when the activity is cancelled', async () => {
    const { database } = await freshDatabase();
    const rate = createSharedRate(database, 'cancelled', rateLimitsOf(0.1, 60_000));
    await rate.turn();
    const stop = new AbortController();
    const waiting = rate.turn(stop.signal);
    stop.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
  });
});
