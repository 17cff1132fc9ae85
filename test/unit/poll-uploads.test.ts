import assert from 'node:assert/strict';
import type { ScorePronunciationInput } from '../../src/contract.ts';
import { createPoller, type StartOutcome } from '../../src/uploads/poll-uploads.ts';
import type { UploadMessage, UploadQueue } from '../../src/uploads/upload-queue.ts';

const filter = {
  bucket: 'user-audio-file',
  prefix: 'user-audio-file/',
  suffix: '.wav',
  root: 'user-audio-file',
  contentTypes: ['novel'],
};
const GOOD = 'user-audio-file/private-name/novel/level_1/T/audio_line_1.wav';

/** One receive at a time, and nothing that speaks for all starts. */
const CALM = { refusesEveryStart: () => false, concurrency: 10, shutdownMs: 1000 };

function bodyOf(...objects: { key: string; bucket?: string; versionId?: string }[]): string {
  return JSON.stringify({
    Records: objects.map(({ key, bucket = 'user-audio-file', versionId = 'v' }) => ({
      eventVersion: '2.1',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: bucket }, object: { key, versionId, eTag: 'e', size: 1 } },
    })),
  });
}

/** A queue that gives its batches one after another, then ends the loop. */
function scripted(batches: string[][], stop: AbortController) {
  const deleted: string[] = [];
  let next = 0;
  const queue: UploadQueue = {
    receive: () => {
      const bodies = batches[next];
      next += 1;
      if (bodies === undefined) stop.abort();
      return Promise.resolve(
        (bodies ?? []).map((body, index): UploadMessage => {
          const id = `${next}.${index}`;
          return { id, body, receipt: id };
        }),
      );
    },
    delete: (message) => {
      deleted.push(message.id);
      return Promise.resolve();
    },
    hold: () => Promise.resolve(),
    close: () => undefined,
  };
  return { queue, deleted };
}

async function poll(
  batches: string[][],
  start: (input: ScorePronunciationInput) => Promise<StartOutcome>,
) {
  const stop = new AbortController();
  const { queue, deleted } = scripted(batches, stop);
  const lines: string[] = [];
  const write = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
  const log = { debug: write, info: write, warn: write, error: write };
  const poller = createPoller({ queue, filter, start, log, ...CALM });
  await poller.run(stop.signal);
  return { counts: poller.counts, deleted, lines };
}

describe('the starter', () => {
  it('starts one workflow per upload, then deletes the message', async () => {
    const started: string[] = [];
    const { counts, deleted } = await poll(
      [[bodyOf({ key: GOOD }, { key: GOOD, versionId: 'v2' })]],
      (input) => {
        started.push(input.scoringId);
        return Promise.resolve('started');
      },
    );
    assert.equal(new Set(started).size, 2);
    assert.equal(counts.started, 2);
    assert.deepEqual(deleted, ['1.0']);
  });

  it('gives the same upload the same id, so that a duplicate event is a duplicate start', async () => {
    const ids: string[] = [];
    await poll([[bodyOf({ key: GOOD })], [bodyOf({ key: GOOD })]], (input) => {
      ids.push(input.scoringId);
      return Promise.resolve(ids.length === 1 ? 'started' : 'duplicate');
    });
    assert.equal(ids[0], ids[1]);
    assert.match(ids[0] ?? '', /^[0-9a-f]{64}$/);
  });

  it('keeps the message where one start of it failed', async () => {
    let calls = 0;
    const { counts, deleted } = await poll(
      [[bodyOf({ key: GOOD }, { key: GOOD, versionId: 'v2' })]],
      () => {
        calls += 1;
        return calls === 2
          ? Promise.reject(new Error('Temporal is down'))
          : Promise.resolve('started');
      },
    );
    assert.deepEqual(deleted, []);
    assert.equal(counts.errors, 1);
  });

  it('acknowledges, counts and logs what it does not score, without naming anybody', async () => {
    const { counts, deleted, lines } = await poll(
      [
        [
          bodyOf({ key: 'user-audio-file/private-name/poem/level_1/T/audio_line_1.wav' }),
          bodyOf({ key: 'user-audio-file/private-name/x.mp3' }),
          bodyOf({ key: 'user-audio-file/private-name/' }),
          bodyOf({ key: 'other/private-name/x.wav' }),
          bodyOf({ key: GOOD, bucket: 'another-bucket' }),
          JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent' }),
        ],
      ],
      () => Promise.reject(new Error('nothing here may start')),
    );
    assert.deepEqual(counts.ignored, {
      KEY_MALFORMED: 1,
      OTHER_SUFFIX: 1,
      FOLDER: 1,
      OTHER_PREFIX: 1,
      OTHER_BUCKET: 1,
      NOTHING_TO_SCORE: 1,
    });
    assert.equal(deleted.length, 6);
    assert.equal(lines.length, 6);
    assert.ok(lines.every((line) => line.includes('reason') && !line.includes('private-name')));
  });

  it('counts and logs what it cannot understand, and leaves it to the dead-letter queue', async () => {
    const { counts, deleted, lines } = await poll(
      [['garbage private-name', bodyOf({ key: GOOD })]],
      () => Promise.resolve('started'),
    );
    assert.equal(counts.started, 1);
    assert.deepEqual(counts.ignored, { POISON: 1 });
    assert.deepEqual(deleted, ['1.1']);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /reason.*POISON.*detail/);
    assert.ok(!lines[0]?.includes('private-name'));
  });
});
