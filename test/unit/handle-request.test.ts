import assert from 'node:assert/strict';
import { noMeter } from '../../src/observe/meter.ts';
import { observeCounts } from '../../src/observe/observed-uploads.ts';
import { noUploads, type ArrivedEvent } from '../../src/uploads/handle-event.ts';
import { createRequestHandler } from '../../src/uploads/handle-request.ts';
import { answerOf } from '../../src/uploads/webhook-answer.ts';
import { bodies, BUCKET } from '../support/store-bodies.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const filter = { bucket: BUCKET, prefix: '', suffixes: [], root: 'r', contentTypes: ['novel'] };
const KEY = 'r/1/novel/level_1/T/audio_line_1.wav';
const DOWN = new Error('Temporal is down');
const POISON = { id: '1', body: '{"Records":[]}' };

function handler(fails: Error | null, sink: 'none' | 'takes' | 'refuses') {
  const counts = noUploads();
  const buried: [ArrivedEvent, string][] = [];
  const send = (event: ArrivedEvent, reason: string) => {
    if (sink === 'refuses') return Promise.reject(new Error('no such queue'));
    buried.push([event, reason]);
    return Promise.resolve();
  };
  const handle = createRequestHandler(
    {
      ...{ filter, log },
      describe: () => Promise.resolve(null),
      start: () => (fails === null ? Promise.resolve('started') : Promise.reject(fails)),
      isOutage: (error) => error === DOWN,
      deadLetters: sink === 'none' ? null : { send, close: quiet },
    },
    counts,
  );
  return { handle, counts, buried };
}

const good = { id: '2', body: JSON.stringify(bodies['MinIO by HTTP']?.({ key: KEY, etag: 'e' })) };

describe('an upload event by HTTP', () => {
  it('is buried with its reason where it is poison and there is a queue, and answered 200', async () => {
    const { handle, counts, buried } = handler(null, 'takes');
    const settled = await handle(POISON);
    assert.equal(settled.kind, 'buried');
    assert.deepEqual(
      buried.map(([event]) => event),
      [POISON],
    );
    assert.match(buried[0]?.[1] ?? '', /^Records: /);
    assert.equal(answerOf(settled).status, 200);
    assert.deepEqual(counts, { ...noUploads(), ignored: { POISON: 1 } });
  });

  it('stays with its sender where it is poison and nothing takes it', async () => {
    for (const sink of ['none', 'refuses'] as const) {
      const { handle, counts } = handler(null, sink);
      const settled = await handle(POISON);
      assert.equal(answerOf(settled).status, 400, sink);
      assert.equal(counts.errors, sink === 'refuses' ? 1 : 0);
    }
  });

  it('counts what fails: as refused in an outage, as an error by its own fault', async () => {
    const down = handler(DOWN, 'none');
    await assert.rejects(down.handle(good), DOWN);
    assert.deepEqual(down.counts, { ...noUploads(), refused: 1 });
    const faulty = new Error('this start is wrong');
    const wrong = handler(faulty, 'none');
    await assert.rejects(wrong.handle(good), faulty);
    assert.deepEqual(wrong.counts, { ...noUploads(), errors: 1 });
  });

  it('shows in metrics what was refused and what was given back', () => {
    const shown = new Map<string, number>();
    observeCounts(
      { ...noUploads(), errors: 1, refused: 2, returned: 3 },
      {
        ...noMeter,
        read: (name, read) => {
          if (name === 'elocute_uploads_total') return;
          for (const { value } of read() as { value: number }[]) shown.set(name, value);
        },
      },
    );
    assert.deepEqual(Object.fromEntries(shown), {
      elocute_upload_errors_total: 1,
      elocute_upload_refusals_total: 2,
      elocute_upload_returns_total: 3,
    });
  });
});
