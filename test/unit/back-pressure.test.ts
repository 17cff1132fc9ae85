import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { ScorePronunciationInput } from '../../src/contract.ts';
import type { EventDependencies, StartOutcome } from '../../src/uploads/handle-event.ts';
import { createPoller } from '../../src/uploads/poll-uploads.ts';
import { countingQueue, type CountingQueue } from '../support/counting-queue.ts';

const filter = {
  bucket: 'user-audio-file',
  prefix: '',
  suffixes: ['.wav'],
  root: 'user-audio-file',
  contentTypes: ['novel'],
};
const silent = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };
const log = silent as unknown as Parameters<typeof createPoller>[0]['log'];
const REFUSED = new Error('Temporal refuses');
const FAULTY = new Error('this start is wrong');

/** `bare`: which of them bring neither version nor etag, so that S3 is asked. */
function events(count: number, bare: (at: number) => boolean = () => false): string[] {
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      Records: [
        {
          eventVersion: '2.1',
          eventName: 'ObjectCreated:Put',
          s3: {
            bucket: { name: 'user-audio-file' },
            object: {
              key: `user-audio-file/1/novel/level_1/T/audio_line_${at}.wav`,
              ...(bare(at) ? {} : { versionId: `v${at}`, eTag: 'e' }),
              size: 1,
            },
          },
        },
      ],
    }),
  );
}

interface Run {
  describe?: EventDependencies['describe'];
  queue: CountingQueue;
  start: (input: ScorePronunciationInput) => Promise<StartOutcome>;
  concurrency?: number;
  shutdownMs?: number;
  holdMs?: number;
  renewEveryMs?: number;
}

function startPoller({
  queue,
  start,
  describe = () => Promise.reject(new Error('S3 is not to be asked')),
  concurrency = 50,
  shutdownMs = 1000,
  holdMs = 60_000,
  renewEveryMs = 20_000,
}: Run) {
  const stop = new AbortController();
  const poller = createPoller({
    queue,
    filter,
    start,
    isOutage: (error) => error === REFUSED,
    describe,
    deadLetters: { send: () => Promise.resolve(), close: () => undefined },
    log,
    concurrency,
    shutdownMs,
    renewEveryMs,
    backOff: { leastMs: 2, mostMs: 8, holdMs },
  });
  const done = poller.run(stop.signal);
  return {
    counts: poller.counts,
    async stop() {
      stop.abort();
      await done;
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

describe('the starter under pressure', () => {
  it('has several receives in flight, and never more messages in hand than it may', async () => {
    const queue = countingQueue(events(300));
    const release: (() => void)[] = [];
    const poller = startPoller({
      queue,
      concurrency: 50,
      start: () =>
        new Promise((resolve) => {
          release.push(() => resolve('started'));
        }),
    });
    await until(() => release.length === 50);
    for (let turns = 0; turns < 100; turns++) await turn();
    assert.equal(queue.inHand.size, 50);
    while (queue.deleted.length < 300) {
      for (const one of release.splice(0)) one();
      await turn();
    }
    await poller.stop();
    assert.equal(queue.mostInHand, 50);
    assert.ok(queue.mostReceivesInFlight > 1);
    assert.equal(poller.counts.started, 300);
  });

  it('is not held up by one start that hangs or fails: the rest of the batch is started and deleted', async () => {
    const queue = countingQueue(events(10));
    const poller = startPoller({
      queue,
      shutdownMs: 50,
      start: ({ upload }) => {
        if (upload.versionId === 'v0') return new Promise(() => undefined);
        return upload.versionId === 'v1' ? Promise.reject(FAULTY) : Promise.resolve('started');
      },
    });
    await until(() => queue.deleted.length === 8 && poller.counts.errors === 1);
    await poller.stop();
    assert.equal(poller.counts.started, 8);
    assert.deepEqual(queue.returned, ['m0'], 'the hanging one; the failed one has its timeout');
  });

  it('receives nothing while Temporal refuses, tries with one message, and resumes with all by itself', async () => {
    const queue = countingQueue(events(200));
    let refusals = 0;
    let trying = 0;
    let mostTrying = 0;
    const poller = startPoller({
      queue,
      start: async () => {
        trying += 1;
        if (refusals >= 50) mostTrying = Math.max(mostTrying, trying);
        await turn();
        trying -= 1;
        if (refusals === 60) return 'started';
        refusals += 1;
        throw REFUSED;
      },
    });
    await until(() => refusals >= 55);
    const received = queue.receives.size;
    assert.ok(received <= 50, 'what was in hand when Temporal went down, and no more');
    assert.equal(queue.receivesInFlight, 0);
    await until(() => refusals === 60);
    assert.equal(queue.receives.size, received);
    assert.equal(mostTrying, 1);
    await until(() => queue.deleted.length === 200);
    await poller.stop();
    assert.equal(poller.counts.refused, 60);
    assert.deepEqual(queue.returned, []);
    assert.deepEqual([...new Set(queue.receives.values())], [1], 'no message was received twice');
  });

  it('gives back all but those it tries with where Temporal refuses for long, so that another starter may try', async () => {
    const queue = countingQueue(events(20));
    let open = false;
    const poller = startPoller({
      queue,
      holdMs: 20,
      start: () => (open ? Promise.resolve('started') : Promise.reject(REFUSED)),
    });
    await until(() => queue.returned.length === 19);
    const tries = poller.counts.refused;
    await until(() => poller.counts.refused > tries + 5);
    // The one that stayed, and a fresh one each time that the outage has lasted twice as long.
    assert.ok(queue.inHand.size <= 5, `${queue.inHand.size} in hand`);
    open = true;
    await until(() => queue.deleted.length === 20);
    await poller.stop();
    assert.ok(Math.max(...queue.receives.values()) <= 2);
    assert.equal(poller.counts.errors, 0);
  });

  for (const refusing of ['start', 'look into S3'] as const) {
    it(`starts all others where the ${refusing} of one is always refused, which then comes again by itself`, async () => {
      const bad = 150;
      const bare = (at: number) => refusing === 'look into S3' && (at === bad || at % 10 === 0);
      const queue = countingQueue(events(300, bare), { visibleAfterMs: 200 });
      const isBad = ({ key }: { key: string }) => key.endsWith(`_${bad}.wav`);
      const poller = startPoller({
        queue,
        holdMs: 20,
        start: ({ upload }) =>
          refusing === 'start' && isBad(upload)
            ? Promise.reject(REFUSED)
            : Promise.resolve('started'),
        describe: (object) =>
          isBad(object)
            ? Promise.reject(REFUSED)
            : Promise.resolve({ object: { ...object, etag: 'e' } }),
      });
      await until(() => queue.deleted.length === 299);
      const receives = () => queue.receives.get(`m${bad}`) ?? 0;
      // Nothing else passes any more: what comes in later is the evidence.
      for (let more = 0; receives() < 5; more++) {
        queue.add(events(1, bare)[0] ?? '');
        await until(() => queue.deleted.length === 300 + more);
      }
      await poller.stop();
      assert.ok(!queue.deleted.includes(`m${bad}`));
      assert.ok(poller.counts.errors >= 3, 'and it is told of');
    });
  }

  it('tries those in hand in turn: one that is refused holds up none of them until it is held too long', async () => {
    // Nothing fresh is received, and nothing left to its timeout, within a minute.
    for (const bad of ['v0', 'v4', 'v9']) {
      const queue = countingQueue(events(10));
      let tries = 0;
      const poller = startPoller({
        queue,
        // An outage at first, then one shard of Temporal that stays without an owner.
        start: ({ upload }) =>
          ++tries <= 10 || upload.versionId === bad
            ? Promise.reject(REFUSED)
            : Promise.resolve('started'),
        holdMs: 60_000,
        concurrency: 10,
      });
      await until(() => queue.deleted.length === 9);
      await poller.stop();
    }
  });

  it('finds that an upload can be started though all in hand cannot, whatever their number', async () => {
    const queue = countingQueue(events(30));
    const poller = startPoller({
      queue,
      concurrency: 10,
      holdMs: 20,
      start: ({ upload }) =>
        Number(upload.versionId?.slice(1)) < 10
          ? Promise.reject(REFUSED)
          : Promise.resolve('started'),
    });
    await until(() => queue.deleted.length === 20);
    await poller.stop();
  });

  it('gives back within its time what it cannot finish when it is told to stop', async () => {
    const queue = countingQueue(events(30));
    const poller = startPoller({
      queue,
      shutdownMs: 200,
      start: ({ upload }) =>
        upload.versionId === 'v3' ? Promise.resolve('started') : new Promise(() => undefined),
    });
    await until(() => queue.receives.size === 30 && queue.deleted.length === 1);
    const toldAt = performance.now();
    await poller.stop();
    assert.ok(performance.now() - toldAt < 200 + 100);
    assert.equal(queue.returned.length, 29);
    assert.equal(queue.inHand.size, 0);
    assert.equal(poller.counts.returned, 29);
  });

  it('lets no renewal land after a message was given back', async () => {
    const queue = countingQueue(events(3));
    const hold = queue.hold.bind(queue);
    const landed: number[] = [];
    const renewals: (() => void)[] = [];
    queue.hold = async (messages, seconds) => {
      if (seconds > 0) await new Promise<void>((land) => renewals.push(land));
      landed.push(seconds);
      await hold(messages, seconds);
    };
    const poller = startPoller({
      queue,
      shutdownMs: 2000,
      renewEveryMs: 5,
      start: () => Promise.reject(REFUSED),
    });
    await until(() => renewals.length > 1 && poller.counts.refused > 0);
    const stopped = poller.stop();
    for (let turns = 0; turns < 100; turns++) await turn();
    const asked = renewals.length;
    assert.deepEqual(landed, []);
    for (const land of renewals) land();
    await stopped;
    assert.ok(landed.slice(0, asked).every((seconds) => seconds > 0));
    assert.deepEqual([...new Set(landed.slice(asked))], [0], 'and none was sent after the stop');
    assert.equal(queue.returned.length, 3);
  });

  it('stops in time also where the queue does not take messages back', async () => {
    const queue = countingQueue(events(3));
    queue.hold = () => new Promise(() => undefined);
    const poller = startPoller({
      queue,
      shutdownMs: 100,
      start: () => new Promise(() => undefined),
    });
    await until(() => queue.receives.size === 3);
    await poller.stop();
  });

  it('loses nothing and deletes nothing unstarted, whatever starts do', async () => {
    const fates = fc.array(fc.constantFrom('start', 'refuse', 'fail', 'duplicate'), {
      minLength: 1,
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fates, async (messages, script) => {
        const queue = countingQueue(events(messages));
        const started = new Set<string>();
        let failed = 0;
        const poller = startPoller({
          queue,
          concurrency: 20,
          start: async ({ upload }) => {
            const fate = script.shift() ?? 'start';
            await turn();
            if (fate === 'refuse') throw REFUSED;
            if (fate === 'fail') {
              failed += 1;
              throw FAULTY;
            }
            started.add(`m${upload.versionId?.slice(1) ?? ''}`);
            return fate === 'start' ? 'started' : 'duplicate';
          },
        });
        await until(() => queue.deleted.length + failed === messages);
        await poller.stop();
        assert.deepEqual(new Set(queue.deleted), started);
        assert.equal(queue.deleted.length, started.size);
        assert.equal(queue.inHand.size, failed, 'the failed ones wait for their timeout');
        assert.ok([...queue.receives.values()].every((count) => count === 1));
      }),
      { numRuns: 40 },
    );
  });
});
