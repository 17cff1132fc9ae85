import assert from 'node:assert/strict';
import { Worker } from '@temporalio/worker';
import type { ScorePronunciationInput } from '../../src/contract.ts';
import { allMetrics } from '../../src/observe/metrics.ts';
import { alertRules, dashboardPanels } from '../support/infra-files.ts';
import { scrape, valueOf, type Sample } from '../support/metrics-page.ts';
import { LEARNER, openObservedWorld, type ObservedWorld } from '../support/observed-world.ts';
import type { CollectedSpan } from '../support/otlp-collector.ts';
import { promqlMatchers, promqlNames } from '../support/promql-names.ts';
import { bundle, tracedBundle } from '../support/services.ts';

describe('a worker and a starter that are watched', function () {
  this.timeout(120_000);
  let observed: ObservedWorld;
  let worker: Sample[];
  let starter: Sample[];
  before(async () => {
    observed = await openObservedWorld();
    worker = await scrape(observed.workerMetrics);
    starter = await scrape(observed.starterMetrics);
  });
  after(() => observed.close());

  it('count uploads, scorings and failures by code', () => {
    assert.equal(valueOf(starter, 'elocute_uploads_total', { outcome: 'started' }), 4);
    assert.equal(valueOf(starter, 'elocute_uploads_total', { outcome: 'duplicate' }), 0);
    assert.equal(valueOf(starter, 'elocute_upload_errors_total'), 0);
    assert.equal(valueOf(worker, 'elocute_scorings_total', { status: 'completed' }), 3);
    assert.equal(valueOf(worker, 'elocute_scorings_total', { status: 'failed' }), 1);
    assert.equal(
      valueOf(worker, 'elocute_scoring_failures_total', { code: 'STANDARD_MISSING' }),
      1,
    );
    assert.equal(valueOf(worker, 'elocute_scoring_failures_total'), 1);
    const failed = { activity: 'resolveLesson', code: 'STANDARD_MISSING' };
    assert.equal(valueOf(worker, 'elocute_activity_failures_total', failed), 1);
  });

  it('count calls of the recogniser, its 429s, and what was kept from before', () => {
    assert.equal(valueOf(worker, 'elocute_speech_calls_total', { outcome: 'ok' }), 2);
    assert.equal(valueOf(worker, 'elocute_speech_calls_total', { outcome: 'SPEECH_QUOTA' }), 1);
    assert.equal(valueOf(worker, 'elocute_speech_call_seconds_count'), 3);
    // Two recordings of a few seconds, each billed as 15.
    assert.equal(valueOf(worker, 'elocute_speech_billed_seconds_total'), 30);
    // An offline recogniser sends no bill.
    assert.equal(valueOf(worker, 'elocute_speech_cost_total'), 0);
    const transcripts = (result: string) =>
      valueOf(worker, 'elocute_analyses_total', { kind: 'transcript', result });
    assert.equal(transcripts('computed'), 2);
    assert.equal(transcripts('kept'), 1);
    assert.equal(valueOf(worker, 'elocute_analysis_seconds_count', { kind: 'transcript' }), 2);
  });

  it('time an upload from the event of S3 to its row', () => {
    const completed = { status: 'completed' };
    assert.equal(valueOf(worker, 'elocute_upload_to_row_seconds_count', completed), 3);
    const sum = valueOf(worker, 'elocute_upload_to_row_seconds_sum', completed) ?? 0;
    assert.ok(sum > 0.05 && sum < 120, `${sum} seconds`);
  });

  it('show the queue empty once all is done, and no dead letters', async () => {
    // A scoring can end before the starter has deleted the message that began it.
    for (;;) {
      const page = await scrape(observed.starterMetrics);
      const figures = [
        valueOf(page, 'elocute_queue_messages', { state: 'waiting' }),
        valueOf(page, 'elocute_queue_messages', { state: 'in_flight' }),
        valueOf(page, 'elocute_queue_oldest_message_seconds'),
        valueOf(page, 'elocute_dead_letters'),
      ];
      if (figures.every((figure) => figure === 0)) return;
      assert.ok(!figures.includes(null) && figures[3] === 0, String(figures));
    }
  });

  it('show every metric that is documented, in the process that is documented', () => {
    for (const [name, { of, type }] of allMetrics()) {
      const page = of === 'worker' ? worker : starter;
      const shown = type === 'histogram' ? `${name}_bucket` : name;
      assert.ok(valueOf(page, shown) !== null, `${name} is not shown by the ${of}`);
    }
  });

  it('show every metric that a panel or an alert asks for', () => {
    const shown = new Set([...worker, ...starter].map(({ name }) => name));
    const asked = [
      ...dashboardPanels().flatMap(({ title, expressions }) =>
        expressions.map((expression) => ({ where: `panel "${title}"`, expression })),
      ),
      ...alertRules().map(({ name, expression }) => ({ where: `alert ${name}`, expression })),
    ];
    assert.ok(asked.length > 40);
    const unknown = asked.flatMap(({ where, expression }) => {
      const names = promqlNames(expression);
      assert.ok(names.length > 0, `${where} asks for nothing: ${expression}`);
      return names.filter((name) => !shown.has(name)).map((name) => `${where}: ${name}`);
    });
    assert.deepEqual(unknown, []);
  });

  it('have every label that a panel or an alert asks for', () => {
    const samples = [...worker, ...starter];
    const asked = [...dashboardPanels().flatMap(({ expressions }) => expressions)].concat(
      alertRules().map(({ expression }) => expression),
    );
    const missing = asked.flatMap((expression) =>
      promqlMatchers(expression)
        .filter(({ metric, label }) => {
          const shown = samples.filter(({ name }) => name === metric);
          return !shown.some(({ labels }) => label in labels);
        })
        .map(({ metric, label }) => `${metric}{${label}}`),
    );
    assert.deepEqual(missing, []);
  });

  it('name in no label a learner, a key or a lesson', () => {
    for (const { name, labels } of [...worker, ...starter]) {
      const text = JSON.stringify(labels);
      assert.doesNotMatch(text, /\.wav|audio_line|Watched|Never Recorded/, name);
      assert.ok(!text.includes(LEARNER), name);
    }
    // What is there for four scorings is there for four million.
    assert.ok(worker.length < 1500 && starter.length < 300, `${worker.length}, ${starter.length}`);
  });

  /** The spans of a scoring's trace, once its root and its last step have come. */
  async function traceOf(workflowId: string, last: string): Promise<CollectedSpan[]> {
    const { collector } = observed;
    const ofWorkflow = (spans: CollectedSpan[]) =>
      spans.filter(({ attributes }) => attributes['temporalWorkflowId'] === workflowId);
    await collector.until((spans) => {
      const own = ofWorkflow(spans);
      const ids = new Set(own.map(({ traceId }) => traceId));
      return (
        own.some(({ name }) => name === last) &&
        own.some(({ name }) => name === 'RunWorkflow:scorePronunciation') &&
        spans.some(({ name, traceId }) => name === 'receive upload' && ids.has(traceId))
      );
    });
    const [first, ...more] = new Set(ofWorkflow(collector.spans).map(({ traceId }) => traceId));
    assert.deepEqual(more, [], 'one trace');
    return collector.spans.filter(({ traceId }) => traceId === first);
  }

  function pathTo(name: string, spans: CollectedSpan[]): string[] {
    const path: string[] = [];
    let at = spans.find((span) => span.name === name);
    while (at !== undefined) {
      path.unshift(`${at.service} ${at.name}`);
      const { parentSpanId } = at;
      at = spans.find(({ spanId }) => spanId === parentSpanId);
      assert.ok(at !== undefined || parentSpanId === null, `the parent of ${path[0]} is missing`);
    }
    return path;
  }

  it('make one trace of a scoring, from the event of S3 to the row', async () => {
    const { workflowId } = observed.uploads.computed;
    const spans = await traceOf(workflowId, 'RunActivity:saveScore');
    const root = [
      'elocute-starter receive upload',
      'elocute-starter StartWorkflow:scorePronunciation',
      'elocute-worker RunWorkflow:scorePronunciation',
    ];
    const steps = spans.flatMap(({ name }) => /^RunActivity:(.*)/.exec(name)?.[1] ?? []);
    assert.deepEqual(steps.sort(), [
      'alignPhones',
      'alignPhones',
      'resolveLesson',
      'saveScore',
      'scoreRecording',
      'trackPitch',
      'trackPitch',
      'transcribeSpeech',
    ]);
    for (const step of new Set(steps)) {
      assert.deepEqual(pathTo(`RunActivity:${step}`, spans), [
        ...root,
        `elocute-worker StartActivity:${step}`,
        `elocute-worker RunActivity:${step}`,
      ]);
    }
    const [received] = spans.filter(({ parentSpanId }) => parentSpanId === null);
    assert.ok(received);
    assert.equal(received.attributes['elocute.start'], 'started');
    // It begins with the event, before the starter had seen it.
    const { events } = await observed.world.client.workflow.getHandle(workflowId).fetchHistory();
    const [payload] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const input = JSON.parse(
      Buffer.from(payload?.data ?? []).toString(),
    ) as ScorePronunciationInput;
    assert.equal(received.startMs, input.upload.eventAtMs);
  });

  it('leave histories that replay with spans and without: tracing may be switched off again', async () => {
    for (const { workflowId } of Object.values(observed.uploads)) {
      const history = await observed.world.client.workflow.getHandle(workflowId).fetchHistory();
      for (const workflowBundle of [await bundle(), await tracedBundle()]) {
        await Worker.runReplayHistory({ workflowBundle }, history);
      }
    }
  });

  it('keep the reason of a failure in its trace', async () => {
    const { workflowId } = observed.uploads.failed;
    const spans = await traceOf(workflowId, 'RunActivity:saveFailure');
    const failed = spans.find(({ name }) => name === 'RunActivity:resolveLesson');
    assert.match(failed?.text ?? '', /no standard recording for novel level 2, line 3/);
    assert.deepEqual(pathTo('RunActivity:saveFailure', spans).slice(0, 1), [
      'elocute-starter receive upload',
    ]);
  });

  it('send no key, no learner and no sentence with any span', async () => {
    const { uploads, sentence, collector } = observed;
    await traceOf(uploads.retried.workflowId, 'RunActivity:saveScore');
    assert.ok(collector.spans.length > 60);
    const workflows = collector.spans.filter(({ name }) =>
      /^(RunWorkflow|StartActivity)/.test(name),
    );
    for (const { attributes } of workflows) {
      // Not memo, last result, last failure and whatever else the SDK knows of a workflow.
      const expected = ['attempt', 'run_id', 'temporalWorkflowId', 'workflowType'];
      assert.deepEqual(Object.keys(attributes).sort(), expected);
    }
    for (const { name, text } of collector.spans) {
      assert.ok(!text.includes(LEARNER), `${name} names the learner`);
      assert.doesNotMatch(text, /\.wav|audio_line|user-audio-file/, `${name} has a key`);
      assert.ok(!text.toLowerCase().includes(sentence.toLowerCase()), `${name} has the sentence`);
    }
  });
});
