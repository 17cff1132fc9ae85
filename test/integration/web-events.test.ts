import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { startScoring } from '../../src/adapters/temporal.ts';
import {
  workflowIdFor,
  type ScorePronunciationInput,
  type ScoringProgress,
} from '../../src/contract.ts';
import { uploadKeyOf } from '../../src/uploads/key-grammar.ts';
import { startWorker } from '../../src/worker.ts';
import { putLearner, putStandard, type PutUpload } from '../support/local-world.ts';
import { openEvents, type ServerEvent } from '../support/server-events.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const lesson = { contentType: 'novel', level: 2, title: 'No Standard', line: 1 };

describe('the live progress of a scoring', function () {
  this.timeout(180_000);
  let web: WebWorld;
  before(async () => {
    web = await openWebWorld({ worker: false, starter: false });
  });
  after(() => web.close());

  /** A scoring that nobody works on: no worker listens. */
  async function waiting(userId = '7'): Promise<PutUpload> {
    const { world } = web;
    const upload = await putLearner(world, lesson, randomBytes(100), userId);
    const input: ScorePronunciationInput = {
      scoringId: upload.scoringId,
      upload: {
        bucket: world.config.USER_BUCKET,
        key: upload.key,
        versionId: upload.versionId,
        etag: upload.etag,
        sequencer: null,
      },
      userId,
      lesson,
    };
    await startScoring(world.client, world.config.TEMPORAL_TASK_QUEUE, input);
    return upload;
  }

  const eventsOf = ({ scoringId }: PutUpload) =>
    `${web.origin}/api/v1/scorings/${scoringId}/events`;

  const openNow = () => web.web.server.state.streams.open;

  /** How often a place was asked for, from now on. */
  function countPlaces() {
    const { streams } = web.web.server.state;
    const enter = streams.enter.bind(streams);
    let taken = 0;
    streams.enter = (userId) => {
      taken += 1;
      return enter(userId);
    };
    return { taken: () => taken, restore: () => (streams.enter = enter) };
  }

  it('is shown to its learner, and to no other, while it runs', async () => {
    const upload = await waiting('11');
    const path = `/api/v1/scorings/${upload.scoringId}`;
    const mine = await web.call(path, { as: { userId: '11' } });
    assert.equal(mine.json['status'], 'scoring');
    assert.deepEqual(mine.json['lesson'], lesson);
    const byWorkflow = `/api/v1/scorings/${workflowIdFor(upload.scoringId)}`;
    assert.equal(
      (await web.call(byWorkflow, { as: { userId: '11' } })).json['id'],
      upload.scoringId,
    );
    for (const one of [path, byWorkflow, `${path}/events`, `${path}/recordings/learner`]) {
      assert.equal((await web.call(one, { as: { userId: '12' } })).status, 404, one);
    }
    // Equal in the half that the workflow id is made of.
    const similar = `/api/v1/scorings/${upload.scoringId.slice(0, 32)}${'0'.repeat(32)}`;
    assert.equal((await web.call(similar, { as: { userId: '11' } })).status, 404);
  });

  it('frees its place and asks nobody any more when the client goes away', async () => {
    const upload = await waiting();
    const token = await web.tokenFor({});
    const { workflows } = web.web.deps;
    let asked = 0;
    const ask = workflows.progress.bind(workflows);
    workflows.progress = (...given) => {
      asked += 1;
      return ask(...given);
    };
    const gone = new AbortController();
    const response = await fetch(eventsOf(upload), {
      headers: { authorization: `Bearer ${token}` },
      signal: gone.signal,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const { value } = await reader.read();
    assert.equal(new TextDecoder().decode(value), 'retry: 2000\n\n');
    assert.equal(openNow(), 1);
    gone.abort();
    while (openNow() > 0) await new Promise(setImmediate);
    const before = asked;
    // As long as a poll and more: a stream that lives on would have asked by then.
    await once(AbortSignal.timeout(1200), 'abort');
    assert.equal(asked, before);
    workflows.progress = ask;
  });

  it('takes no place for clients that went away before it began', async () => {
    const upload = await waiting();
    const headers = { authorization: `Bearer ${await web.tokenFor({})}` };
    const { workflows } = web.web.deps;
    const look = workflows.look.bind(workflows);
    let looking = 0;
    // Answers once the client has gone, which the signal says.
    workflows.look = async (id, signal) => {
      looking += 1;
      await once(signal, 'abort');
      return look(id, new AbortController().signal);
    };
    const places = countPlaces();
    const gone = new AbortController();
    const asked = [1, 2, 3, 4, 5, 6].map(() =>
      assert.rejects(fetch(eventsOf(upload), { headers, signal: gone.signal })),
    );
    while (looking < 6) await new Promise(setImmediate);
    gone.abort();
    await Promise.all(asked);
    while (places.taken() < 6) await new Promise(setImmediate);
    workflows.look = look;
    places.restore();
    assert.equal(openNow(), 0);
    const next = new AbortController();
    const { status } = await fetch(eventsOf(upload), { headers, signal: next.signal });
    assert.equal(status, 200);
    next.abort();
    while (openNow() > 0) await new Promise(setImmediate);
  });

  it('takes no place for a client that went away while its token was checked', async () => {
    const upload = await waiting();
    const headers = { authorization: `Bearer ${await web.tokenFor({})}` };
    const { tokens } = web.web.deps;
    const verify = tokens.verify.bind(tokens);
    const closed = new Promise<void>((resolve) => {
      const onStart = (message: unknown) => {
        unsubscribe('http.server.request.start', onStart);
        (message as { response: ServerResponse }).response.once('close', resolve);
      };
      subscribe('http.server.request.start', onStart);
    });
    const gone = new AbortController();
    const places = countPlaces();
    tokens.verify = async (token) => {
      gone.abort();
      await closed;
      return verify(token);
    };
    await assert.rejects(fetch(eventsOf(upload), { headers, signal: gone.signal }));
    tokens.verify = verify;
    while (places.taken() < 1) await new Promise(setImmediate);
    places.restore();
    assert.equal(openNow(), 0);
  });

  it('is given to so many of one person at once, and then to the next again', async () => {
    const upload = await waiting();
    const token = await web.tokenFor({});
    const gone = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const open = () => fetch(eventsOf(upload), { headers, signal: gone.signal });
    const opened = await Promise.all([1, 2, 3, 4, 5, 6].map(open));
    assert.deepEqual(new Set(opened.map(({ status }) => status)), new Set([200]));
    const seventh = await web.call(`/api/v1/scorings/${upload.scoringId}/events`);
    assert.deepEqual([seventh.status, seventh.json['code']], [429, 'STREAMS_EXHAUSTED']);
    assert.match(seventh.headers.get('retry-after') ?? '', /^\d+$/);
    const teacher = await web.tokenFor({ role: 'teacher', userId: 'lee' });
    const other = await fetch(eventsOf(upload), {
      headers: { authorization: `Bearer ${teacher}` },
      signal: gone.signal,
    });
    assert.equal(other.status, 200);
    gone.abort();
    while (openNow() > 0) await new Promise(setImmediate);
  });

  it('goes on to the end once a worker comes, and ends with a failure’s code', async () => {
    const upload = await waiting();
    const token = await web.tokenFor({});
    const events: ServerEvent[] = [];
    const read = (async () => {
      for await (const event of openEvents(eventsOf(upload), token)) events.push(event);
    })();
    const worker = await startWorker(web.world.config);
    try {
      await read;
      const ended = events.at(-1);
      const data = { id: upload.scoringId, status: 'failed', failureCode: 'STANDARD_MISSING' };
      assert.deepEqual(ended, { event: 'end', id: 'end-failed', data });
      const { json } = await web.call(`/api/v1/scorings/${upload.scoringId}?language=ko`);
      const failure = json['failure'] as Record<string, unknown>;
      assert.equal(failure['code'], 'STANDARD_MISSING');
      assert.match(String(failure['message']), /학습 자료/);
      assert.equal(failure['detail'], null);
      const operator = await web.call(`/api/v1/scorings/${upload.scoringId}`, {
        as: { role: 'operator' },
      });
      const shown = operator.json['failure'] as Record<string, unknown>;
      assert.match(String(shown['detail']), /standard bucket/);

      // Whoever comes late is told the end at once; whoever comes again, nothing twice.
      const late: ServerEvent[] = [];
      for await (const event of openEvents(eventsOf(upload), token)) late.push(event);
      assert.deepEqual(late, [ended]);

      const running = await waiting('9');
      const ninth = await web.tokenFor({ userId: '9' });
      const first: ServerEvent[] = [];
      for await (const event of openEvents(eventsOf(running), ninth)) first.push(event);
      const progress = first.filter(({ event }) => event === 'progress');
      for (const { data: one } of progress) {
        assert.ok((one as ScoringProgress).steps.length > 0);
      }
      assert.equal(new Set(first.map(({ id }) => id)).size, first.length);

      // An operator mends the cause and replays it, by the API.
      const wish = { ids: [upload.scoringId], reason: 'mended' };
      const as = { role: 'operator', userId: 'ops' } as const;
      const planned = await web.call('/api/v1/replays', {
        method: 'POST',
        as,
        body: { ...wish, dryRun: true },
      });
      const [plan] = planned.json['replays'] as Record<string, unknown>[];
      assert.deepEqual(
        [plan?.['outcome'], plan?.['how'], plan?.['step']],
        ['planned', 'reset', 'resolveLesson'],
      );
      const done = await web.call('/api/v1/replays', { method: 'POST', as, body: wish });
      const [replay] = done.json['replays'] as Record<string, unknown>[];
      assert.deepEqual([replay?.['outcome'], replay?.['how']], ['started', 'reset']);
      const again: ServerEvent[] = [];
      for await (const event of openEvents(eventsOf(upload), token)) again.push(event);
      assert.equal(again.at(-1)?.event, 'end');
      const audit = await web.world.database.query(
        'select requested_by, reason, outcome from elocute.replay where scoring_id = $1',
        [upload.scoringId],
      );
      assert.deepEqual(audit, [{ requested_by: 'ops', reason: 'mended', outcome: 'started' }]);
      const { json: after } = await web.call(`/api/v1/scorings/${upload.scoringId}`);
      assert.equal(after['attempts'], 2);
    } finally {
      worker.stop();
      await worker.done;
    }
  });

  it('is failed as an upload too where it ended without a row', async () => {
    const standard = { ...lesson, title: 'Sent' };
    await putStandard(web.world, standard, randomBytes(100), 'It was sent.');
    const wish = { lesson: standard, contentType: 'audio/wav', sizeBytes: 100 };
    const created = await web.call('/api/v1/uploads', { method: 'POST', body: wish });
    const { put, links } = created.json as {
      put: { url: string; headers: Record<string, string> };
      links: { self: string };
    };
    const headers = put.headers;
    await fetch(put.url, { method: 'PUT', headers, body: new Uint8Array(100) });
    const stateOf = async () => (await web.call(links.self)).json;
    const { scoringId, status } = await stateOf();
    assert.equal(status, 'arrived');
    const { config, client } = web.world;
    const upload: ScorePronunciationInput['upload'] = {
      bucket: config.USER_BUCKET,
      key: uploadKeyOf('7', standard, config.USER_KEY_ROOT, 'wav'),
      versionId: null,
      etag: null,
      sequencer: null,
    };
    const input = { scoringId: String(scoringId), upload, userId: '7', lesson: standard };
    await startScoring(client, config.TEMPORAL_TASK_QUEUE, input);
    assert.equal((await stateOf())['status'], 'scoring');
    await client.workflow.getHandle(workflowIdFor(String(scoringId))).terminate('a test');
    assert.equal((await stateOf())['status'], 'failed');
  });

  it('says how a scoring stands that ended without a row', async () => {
    const upload = await waiting();
    await web.world.client.workflow.getHandle(upload.workflowId).terminate('a test');
    const events: ServerEvent[] = [];
    const token = await web.tokenFor({});
    for await (const event of openEvents(eventsOf(upload), token)) events.push(event);
    assert.deepEqual(events, [
      {
        event: 'end',
        id: 'end-failed',
        data: { id: upload.scoringId, status: 'failed', failureCode: 'INTERNAL' },
      },
    ]);
    const { json } = await web.call(`/api/v1/scorings/${upload.scoringId}`);
    assert.equal(json['status'], 'failed');
  });

  it('ends with the process, and nothing new is begun then', async () => {
    const own = await openWebWorld({ worker: false, starter: false });
    try {
      const put = await putLearner(own.world, lesson, randomBytes(100));
      const input: ScorePronunciationInput = {
        scoringId: put.scoringId,
        upload: {
          bucket: own.config.USER_BUCKET,
          key: put.key,
          versionId: put.versionId,
          etag: put.etag,
          sequencer: null,
        },
        userId: '7',
        lesson,
      };
      await startScoring(own.world.client, own.config.TEMPORAL_TASK_QUEUE, input);
      const url = `${own.origin}/api/v1/scorings/${put.scoringId}/events`;
      const headers = { authorization: `Bearer ${await own.tokenFor({})}` };
      const response = await fetch(url, { headers });
      const text = response.text();
      await own.web.server.close();
      assert.equal(await text, 'retry: 2000\n\n');
      assert.equal(own.web.server.state.streams.open, 0);
      await assert.rejects(fetch(`${own.origin}/healthz`));
    } finally {
      await own.close();
    }
  });
});
