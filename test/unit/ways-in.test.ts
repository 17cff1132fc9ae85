import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseMessage } from '../../src/uploads/s3-event.ts';
import { bodies, BUCKET, recordedRequests } from '../support/store-bodies.ts';

const RECORDED_KEYS = [
  'user-audio-file/6/phonics/level_1/Short_Vowels/audio_line_1.wav',
  'user-audio-file/6/novel/level_2/Ben & Co + 50%/audio_line_2.wav',
  'user-audio-file/7/conversation/level_1/장난감_가게에서/audio_line_3.wav',
  'user-audio-file/6/phonics/level_1/Short_Vowels/audio_line_9.wav',
  'user-audio-file/6/phonics/level_1/Short_Vowels/audio_line_8.wav',
];

const parsed = (body: object) => parseMessage(JSON.stringify(body));

/** Any text that a store takes for a key, rich in what encoders treat differently. */
const keys = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', '+', '%', '%20', '%2B', '%2F', '"', "'", '&', '/', '\\', '한국어', '🎤'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .filter((key) => key !== '' && new TextEncoder().encode(key).length <= 1024);

describe('every way in', () => {
  for (const [way, bodyOf] of Object.entries(bodies)) {
    it(`keeps any key as it is: ${way}`, () => {
      fc.assert(
        fc.property(keys, (key) => {
          const result = parsed(
            bodyOf({ key, versionId: 'v', etag: 'e', sequencer: '0055AED6DCD90281E5' }),
          );
          assert.ok(result.kind === 'uploads', JSON.stringify(result));
          assert.deepEqual(
            result.uploads.map((upload) => [upload.bucket, upload.key, upload.etag]),
            [[BUCKET, key, 'e']],
          );
        }),
        { numRuns: 500 },
      );
    });
  }

  it('reads the bodies that MinIO sent: keys form-encoded, one object each', () => {
    const uploads = recordedRequests('minio').map(({ body }) => {
      const result = parsed(body);
      assert.ok(result.kind === 'uploads');
      return result.uploads[0];
    });
    assert.deepEqual(
      uploads.map((upload) => upload?.key),
      RECORDED_KEYS,
    );
    assert.equal(uploads[1]?.etag, '202125ffec234c941c5e136c76367b95');
    assert.equal(uploads[1].versionId, 'f63c3130-7032-49a2-a5e3-9ed7bce2938d');
    assert.equal(uploads[1].sequencer, '18EAC18CB13487F6');
  });

  it('reads the bodies that versitygw sent: keys raw, etags in quotes, versions null', () => {
    const [first, ...rest] = recordedRequests('versitygw').map(({ body }) => parsed(body));
    assert.deepEqual(first, { kind: 'ignored', reason: 'test event' });
    const uploads = rest.flatMap((result) => (result.kind === 'uploads' ? result.uploads : []));
    assert.deepEqual(
      uploads.map(({ key }) => key),
      RECORDED_KEYS,
    );
    const [put, , , multipart, copy] = uploads.map(({ versionId }) => versionId);
    assert.deepEqual(
      [put, multipart, copy],
      [null, '01M84W9HYSCVENMM81TV7EW066', '01M84W9HZ6394PST3F0RQQMS5V'],
    );
    assert.ok(uploads.every(({ etag }) => /^[0-9a-f]{32}(-\d+)?$/.test(etag ?? '')));
    // It counts from 1 each time it starts: nothing that versions could be ordered by.
    assert.ok(uploads.every(({ sequencer }) => sequencer === null));
  });

  it('takes a raw key for what it is, and a form-encoded one for another, by the ARN alone', () => {
    const key = 'a/1+1=2 %2B.wav';
    const raw = bodies['versitygw by HTTP']?.({ key, etag: 'e' });
    assert.ok(raw);
    const result = parsed(raw);
    assert.equal(result.kind === 'uploads' && result.uploads[0]?.key, key);
    const plain = JSON.stringify(raw).replace(/arn:aws:s3:::\/[^"]*/, `arn:aws:s3:::${BUCKET}`);
    const decoded = parseMessage(plain);
    assert.equal(decoded.kind === 'uploads' && decoded.uploads[0]?.key, 'a/1 1=2 +.wav');
  });

  it('says so where an event carries neither version nor etag', () => {
    for (const way of ['S3 to SQS', 'moto to SQS', 'versitygw by HTTP', 'S3 through EventBridge']) {
      const result = parsed(bodies[way]?.({ key: 'k.wav' }) ?? {});
      assert.ok(result.kind === 'uploads', way);
      const [upload] = result.uploads;
      assert.deepEqual([upload?.versionId, upload?.etag], [null, null], way);
    }
  });

  it('calls a key poison that no store can hold, or that would not end', () => {
    for (const way of ['S3 through EventBridge', 'versitygw by HTTP']) {
      assert.equal(parsed(bodies[way]?.({ key: 'a\ud800b' }) ?? {}).kind, 'poison', way);
    }
    const long = bodies['S3 through EventBridge']?.({ key: 'k'.repeat(4000) });
    assert.equal(parsed(long ?? {}).kind, 'poison');
    const version = bodies['S3 to SQS']?.({ key: 'k', versionId: 'v'.repeat(2000) });
    assert.equal(parsed(version ?? {}).kind, 'poison');
  });

  it('never quotes a value in the reason of poison', () => {
    const secret = 'somebody@example.com';
    const bad = [
      { Records: [{ eventVersion: secret, eventName: secret, s3: secret }] },
      {
        Records: [{ eventVersion: '2.1', eventName: 'x', s3: { bucket: { name: 7 }, object: 1 } }],
      },
      { source: secret, 'detail-type': secret, detail: { bucket: secret } },
      { Records: secret },
    ];
    for (const body of bad) {
      const result = parsed(body);
      assert.ok(result.kind === 'poison');
      assert.ok(!result.reason.includes(secret), result.reason);
    }
  });

  it('survives arbitrary JSON, and arbitrary JSON where its own shapes are', () => {
    const shapes = fc.oneof(
      fc.jsonValue(),
      fc.record({ Records: fc.jsonValue() }),
      fc.record({
        Records: fc.array(
          fc.record({
            eventVersion: fc.constant('2.1'),
            eventName: fc.string(),
            s3: fc.jsonValue(),
          }),
        ),
      }),
      fc.record({
        source: fc.constant('aws.s3'),
        'detail-type': fc.string(),
        detail: fc.jsonValue(),
      }),
      fc.record({ Type: fc.string(), TopicArn: fc.string(), Message: fc.json() }),
    );
    fc.assert(
      fc.property(shapes, (value) => {
        assert.match(parsed(value as object).kind, /^(uploads|ignored|poison)$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives deep nesting and huge bodies', () => {
    const deep = (open: string, close: string, times: number) =>
      open.repeat(times) + close.repeat(times);
    const hostile = [
      deep('[', ']', 400_000),
      `{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}`,
      `{"Records":${deep('[', ']', 400_000)}}`,
      `{"detail":${'{"object":'.repeat(60_000)}1${'}'.repeat(60_000)}}`,
      `{"Records":[${'{},'.repeat(200_000)}{}]}`,
      JSON.stringify({ Type: 'Notification', TopicArn: 'a', Message: deep('[', ']', 200_000) }),
      `"${'\\u0000'.repeat(170_000)}"`,
      'x'.repeat(64 * 1024 * 1024),
      JSON.stringify(bodies['S3 to SQS']?.({ key: '%'.repeat(3000) })),
    ];
    for (const body of hostile) assert.equal(parseMessage(body).kind, 'poison', body.slice(0, 40));
  });
});
