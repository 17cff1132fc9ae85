import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseMessage } from '../../src/uploads/s3-event.ts';

const KEYS = [
  'user-audio-file/7/novel/level_2/A_Breath_of_Life/audio_line_1.wav',
  'user-audio-file/7/novel/level_2/A Breath/audio_line_1.wav',
  'a/1+1=2 100% "quoted" it\'s/x.wav',
  'a/한국어 제목/🎤.wav',
];

const formEncoded = (key: string) =>
  encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');

function notification(key: string, object: object = {}, eventName = 'ObjectCreated:Put') {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName,
        s3: {
          bucket: { name: 'user-audio-file' },
          object: {
            key,
            size: 5,
            eTag: 'abc',
            versionId: 'v1',
            sequencer: '0055AED6DCD90281E5',
            ...object,
          },
        },
      },
    ],
  };
}

const upload = (key: string) => ({
  bucket: 'user-audio-file',
  key,
  versionId: 'v1',
  etag: 'abc',
  sequencer: '0055AED6DCD90281E5',
  sizeBytes: 5,
});

describe('an S3 event', () => {
  it('is read from S3 itself: keys are form-encoded and decoded exactly once', () => {
    for (const key of KEYS) {
      const body = JSON.stringify(notification(formEncoded(key)));
      assert.deepEqual(parseMessage(body), { kind: 'uploads', uploads: [upload(key)] });
    }
  });

  it('is read with its time, where it has one that can be read', () => {
    const [record] = notification('k').Records;
    const timed = (eventTime: string) => JSON.stringify({ Records: [{ ...record, eventTime }] });
    const eventAtMs = Date.UTC(2026, 10, 24, 9, 30, 0, 125);
    assert.deepEqual(parseMessage(timed('2026-11-24T09:30:00.125Z')), {
      kind: 'uploads',
      uploads: [{ ...upload('k'), eventAtMs }],
    });
    assert.deepEqual(parseMessage(timed('yesterday')), { kind: 'uploads', uploads: [upload('k')] });
    const event = {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: '2026-11-24T09:30:00.125Z',
      detail: {
        bucket: { name: 'user-audio-file' },
        object: {
          key: 'k',
          size: 5,
          etag: 'abc',
          'version-id': 'v1',
          sequencer: '0055AED6DCD90281E5',
        },
      },
    };
    assert.deepEqual(parseMessage(JSON.stringify(event)), {
      kind: 'uploads',
      uploads: [{ ...upload('k'), eventAtMs }],
    });
  });

  it('is read with the slash escaped too, as other stores send it', () => {
    const body = JSON.stringify(notification(encodeURIComponent(KEYS[0] ?? '')));
    assert.deepEqual(parseMessage(body), { kind: 'uploads', uploads: [upload(KEYS[0] ?? '')] });
  });

  it('is read from inside SNS, unwrapped once and never deeper', () => {
    const inner = JSON.stringify(notification(formEncoded(KEYS[1] ?? '')));
    const sns = { Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:x', Message: inner };
    assert.deepEqual(parseMessage(JSON.stringify(sns)), {
      kind: 'uploads',
      uploads: [upload(KEYS[1] ?? '')],
    });
    const twice = { ...sns, Message: JSON.stringify(sns) };
    assert.equal(parseMessage(JSON.stringify(twice)).kind, 'poison');
  });

  it('is read from EventBridge: keys are raw, and a percent sign stays one', () => {
    for (const key of [...KEYS, 'a/%2B+literal.wav']) {
      const event = {
        version: '0',
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: {
          bucket: { name: 'user-audio-file' },
          object: {
            key,
            size: 5,
            etag: 'abc',
            'version-id': 'v1',
            sequencer: '0055AED6DCD90281E5',
          },
          reason: 'PutObject',
        },
      };
      assert.deepEqual(parseMessage(JSON.stringify(event)), {
        kind: 'uploads',
        uploads: [upload(key)],
      });
    }
  });

  it('may lack version, sequencer and size, and may quote its etag', () => {
    const body = notification('k.wav', {
      versionId: 'null',
      sequencer: undefined,
      size: undefined,
      eTag: '"abc"',
    });
    assert.deepEqual(parseMessage(JSON.stringify(body)), {
      kind: 'uploads',
      uploads: [
        {
          bucket: 'user-audio-file',
          key: 'k.wav',
          versionId: null,
          etag: 'abc',
          sequencer: null,
          sizeBytes: null,
        },
      ],
    });
  });

  it('is ignored with its reason where there is nothing to score', () => {
    const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' };
    assert.deepEqual(parseMessage(JSON.stringify(test)), { kind: 'ignored', reason: 'test event' });
    const removed = notification('k.wav', {}, 'ObjectRemoved:Delete');
    assert.equal(parseMessage(JSON.stringify(removed)).kind, 'ignored');
    const bridge = {
      source: 'aws.s3',
      'detail-type': 'Object Deleted',
      detail: { bucket: { name: 'b' }, object: { key: 'k' } },
    };
    assert.equal(parseMessage(JSON.stringify(bridge)).kind, 'ignored');
  });

  it('is poison with its reason where it can never be understood', () => {
    const cases: [string, RegExp][] = [
      ['not json', /not JSON/],
      ['{}', /not an S3 event/],
      ['null', /not an S3 event/],
      ['{"Records":[{"eventVersion":"2.1"}]}', /Records\.0/],
      [JSON.stringify(notification('%E0%A4%A')), /cannot be decoded/],
      [`"${'x'.repeat(1024 * 1024)}"`, /larger/],
      [
        JSON.stringify({ Records: [{ ...notification('k').Records[0], eventVersion: '3.0' }] }),
        /2\.\*/,
      ],
    ];
    for (const [body, reason] of cases) {
      const parsed = parseMessage(body);
      assert.ok(parsed.kind === 'poison', body.slice(0, 80));
      assert.match(parsed.reason, reason);
    }
  });

  it('never throws, whatever the body', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        assert.ok(['uploads', 'ignored', 'poison'].includes(parseMessage(body).kind));
      }),
    );
  });
});
