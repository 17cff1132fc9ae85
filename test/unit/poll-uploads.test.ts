import assert from 'node:assert/strict';
import type { ScorePronunciationInput } from '../../src/contract.ts';
import type { DeadLetterSink } from '../../src/uploads/dead-letters.ts';
import {
  noUploads,
  type EventDependencies,
  type StartOutcome,
} from '../../src/uploads/handle-event.ts';
import { createPoller } from '../../src/uploads/poll-uploads.ts';
import type { UploadMessage, UploadQueue } from '../../src/uploads/upload-queue.ts';
import { bodies } from '../support/store-bodies.ts';

const filter = {
  bucket: 'user-audio-file',
  prefix: 'user-audio-file/',
  suffixes: ['.wav', '.flac'],
  root: 'user-audio-file',
  contentTypes: ['novel'],
};
const GOOD = 'user-audio-file/private-name/novel/level_1/T/audio_line_1.wav';

/** One receive at a time, and nothing that speaks for all starts. */
const CALM = { isOutage: () => false, concurrency: 10, shutdownMs: 1000 };

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

interface Outside {
  start: (input: ScorePronunciationInput) => Promise<StartOutcome>;
  describe?: EventDependencies['describe'];
  deadLettersFail?: boolean;
}

const notAsked = () => Promise.reject(new Error('S3 is not to be asked'));

async function poll(batches: string[][], outside: Outside | Outside['start']) {
  const {
    start,
    describe = notAsked,
    deadLettersFail = false,
  } = typeof outside === 'function' ? { start: outside } : outside;
  const stop = new AbortController();
  const { queue, deleted } = scripted(batches, stop);
  const lines: string[] = [];
  const write = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
  const log = { debug: write, info: write, warn: write, error: write };
  const buried: { body: string; reason: string; id: string }[] = [];
  const deadLetters: DeadLetterSink = {
    send: ({ body, id }, reason) => {
      if (deadLettersFail) return Promise.reject(new Error('no such queue'));
      buried.push({ body, reason, id });
      return Promise.resolve();
    },
    close: () => undefined,
  };
  const poller = createPoller({ queue, filter, start, describe, log, deadLetters, ...CALM });
  await poller.run(stop.signal);
  return { counts: poller.counts, deleted, lines, buried };
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

  for (const bad of [0, 1]) {
    it(`starts the good upload of a message whose ${bad === 0 ? 'first' : 'second'} is refused, and keeps the message`, async () => {
      const started: (string | null)[] = [];
      const { counts, deleted } = await poll(
        [[bodyOf({ key: GOOD, versionId: 'v0' }, { key: GOOD, versionId: 'v1' })]],
        ({ upload }) => {
          if (upload.versionId === `v${bad}`) return Promise.reject(new Error('refused'));
          started.push(upload.versionId);
          return Promise.resolve('started');
        },
      );
      assert.deepEqual(started, [`v${1 - bad}`]);
      assert.deepEqual(deleted, []);
      assert.equal(counts.errors, 1);
    });

    for (const [what, key] of [
      ['has a key that cannot be decoded', '%E0%A4%A'],
      ['has no readable shape', 'k'.repeat(4000)],
    ] as const) {
      it(`starts the good upload of a message whose ${bad === 0 ? 'first' : 'second'} ${what}, then buries it`, async () => {
        const body = bodyOf(...(bad === 0 ? [{ key }, { key: GOOD }] : [{ key: GOOD }, { key }]));
        const { counts, deleted, buried } = await poll([[body]], () => Promise.resolve('started'));
        assert.deepEqual(counts, { ...noUploads(), started: 1, ignored: { POISON: 1 } });
        assert.deepEqual(deleted, ['1.0']);
        assert.deepEqual(
          buried.map((letter) => letter.body),
          [body],
        );
        assert.match(
          buried[0]?.reason ?? '',
          bad === 0 ? /decoded|Records\.0/ : /decoded|Records\.1/,
        );
      });
    }
  }

  it('acknowledges, counts and logs what it does not score, without naming anybody', async () => {
    const { counts, deleted, lines } = await poll(
      [
        [
          bodyOf({ key: 'user-audio-file/private-name/poem/level_1/T/audio_line_1.wav' }),
          bodyOf({ key: 'user-audio-file/private-name/x.txt' }),
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

  it('moves what it cannot understand to the dead letters with the reason, then deletes it', async () => {
    const { counts, deleted, lines, buried } = await poll(
      [['garbage private-name', bodyOf({ key: GOOD }), bodyOf({ key: '%E0%A4%A' })]],
      () => Promise.resolve('started'),
    );
    assert.deepEqual(counts, { ...noUploads(), started: 1, ignored: { POISON: 2 } });
    assert.deepEqual(deleted.toSorted(), ['1.0', '1.1', '1.2']);
    assert.deepEqual(buried, [
      { id: '1.0', body: 'garbage private-name', reason: 'the body is not JSON' },
      { id: '1.2', body: bodyOf({ key: '%E0%A4%A' }), reason: 'the key cannot be decoded' },
    ]);
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /reason.*POISON.*detail/);
    assert.ok(!lines[0]?.includes('private-name'));
  });

  it('keeps poison that cannot be moved, and goes on with the rest at once', async () => {
    const { counts, deleted } = await poll([['garbage', bodyOf({ key: GOOD })]], {
      start: () => Promise.resolve('started'),
      deadLettersFail: true,
    });
    assert.deepEqual(deleted, ['1.1']);
    assert.deepEqual(counts, { ...noUploads(), started: 1, ignored: { POISON: 1 }, errors: 1 });
  });

  it('asks S3 which object it is where an event carries neither version nor etag', async () => {
    const etags = ['first', 'second'];
    const inputs: ScorePronunciationInput[] = [];
    const { counts } = await poll([[bare(GOOD)], [bare(GOOD)]], {
      describe: (object) =>
        Promise.resolve({ object: { ...object, etag: etags[inputs.length] ?? null } }),
      start: (input) => {
        inputs.push(input);
        return Promise.resolve('started');
      },
    });
    assert.equal(counts.started, 2);
    assert.deepEqual(
      inputs.map(({ upload }) => upload.etag),
      etags,
    );
    assert.equal(new Set(inputs.map(({ scoringId }) => scoringId)).size, 2);
  });

  it('asks S3 for the version where a store leaves out version and sequencer', async () => {
    const inputs: ScorePronunciationInput[] = [];
    const named = { ...(JSON.parse(bare(GOOD)) as EventBody) };
    const body = (eTag: string) => {
      for (const record of named.Records) record.s3.object['eTag'] = eTag;
      return JSON.stringify(named);
    };
    await poll([[body('now')], [body('before')]], {
      describe: (object) =>
        Promise.resolve({ object: { ...object, versionId: 'v2', etag: 'now' } }),
      start: (input) => {
        inputs.push(input);
        return Promise.resolve('started');
      },
    });
    // What was replaced since keeps the name that its event gave it.
    assert.deepEqual(
      inputs.map(({ upload }) => [upload.versionId, upload.etag]),
      [
        ['v2', 'now'],
        [null, 'before'],
      ],
    );
  });

  it('does not score an upload that was gone before its event said which one it was', async () => {
    const { counts, deleted, lines } = await poll([[bare(GOOD)]], {
      describe: () => Promise.resolve(null),
      start: () => Promise.reject(new Error('nothing here may start')),
    });
    assert.deepEqual(counts.ignored, { GONE: 1 });
    assert.deepEqual(deleted, ['1.0']);
    assert.ok(lines.length === 1 && !lines[0]?.includes('private-name'));
  });

  it('keeps the message where S3 does not answer which object it is', async () => {
    const { counts, deleted } = await poll([[bare(GOOD)]], {
      describe: () => Promise.reject(new Error('S3 is down')),
      start: () => Promise.reject(new Error('nothing here may start')),
    });
    assert.equal(counts.errors, 1);
    assert.deepEqual(deleted, []);
  });

  it('asks S3 nothing about what is not scored anyway', async () => {
    const { counts } = await poll([[bare('user-audio-file/x.txt')]], () =>
      Promise.reject(new Error('nothing here may start')),
    );
    assert.deepEqual(counts.ignored, { OTHER_SUFFIX: 1 });
  });
});

interface EventBody {
  Records: { s3: { object: Record<string, unknown> } }[];
}

/** A body with neither version nor etag. */
function bare(key: string): string {
  return JSON.stringify(bodies['moto to SQS']?.({ key }));
}
