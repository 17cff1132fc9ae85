import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { CancelledFailure, Context } from '@temporalio/activity';
import {
  ApplicationFailure,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { Activities } from '../../src/activities/index.ts';
import { startScoring } from '../../src/adapters/temporal.ts';
import {
  PROGRESS_QUERY,
  workflowIdFor,
  type SaveFailureInput,
  type ScorePronunciationResult,
  type ScoringProgress,
} from '../../src/contract.ts';
import type { Notice } from '../../src/contract/notice.ts';
import { savedMeanwhile } from '../replay/scenarios.ts';
import {
  scriptedActivities,
  scriptedInput,
  scriptedWorker,
  SUMMARY,
} from '../support/scripted-worker.ts';
import { temporalClient } from '../support/services.ts';

const failure = (type: string) =>
  ApplicationFailure.create({ type, message: `scripted ${type}`, nonRetryable: true });

describe('the workflow scorePronunciation', () => {
  let client: Client;
  before(async () => {
    client = await temporalClient();
  });

  async function start(taskQueue: string) {
    const input = scriptedInput(randomBytes(32).toString('hex'));
    assert.equal(await startScoring(client, taskQueue, input), 'started');
    const workflowId = workflowIdFor(input.scoringId);
    return { input, workflowId, handle: client.workflow.getHandle(workflowId) };
  }

  async function isRunning(handle: WorkflowHandle, step: string): Promise<boolean> {
    const { steps } = await handle.query<ScoringProgress>(PROGRESS_QUERY);
    return steps.some(({ name, state }) => name === step && state === 'running');
  }

  /** Runs to the failure and returns it with what was saved about it. */
  async function runToFailure(overrides: Partial<Activities>) {
    const saved: SaveFailureInput[] = [];
    const worker = await scriptedWorker(
      scriptedActivities({
        saveFailure: (input) => {
          saved.push(input);
          return Promise.resolve({ applicationRowId: '1', changed: true });
        },
        ...overrides,
      }),
    );
    return worker.run(async () => {
      const { handle } = await start(worker.taskQueue);
      const error = await handle.result().then(
        () => assert.fail('the workflow should have failed'),
        (caught: unknown) => caught,
      );
      assert.ok(error instanceof WorkflowFailedError);
      const progress = await handle.query<ScoringProgress>(PROGRESS_QUERY);
      const description = await handle.describe();
      const { currentDetails: details = '' } = await handle.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      return { cause: error.cause, saved, progress, description, details };
    });
  }

  it('analyses, scores, saves, and says so in query, details and search attributes', async () => {
    const worker = await scriptedWorker(scriptedActivities());
    await worker.run(async () => {
      const { handle, input } = await start(worker.taskQueue);
      const result = (await handle.result()) as ScorePronunciationResult;
      assert.deepEqual(result, {
        kind: 'completed',
        scoringId: input.scoringId,
        applicationRowId: '1',
        summary: SUMMARY,
      });
      const progress = await handle.query<ScoringProgress>(PROGRESS_QUERY);
      assert.equal(progress.status, 'completed');
      assert.deepEqual(
        progress.steps.map(({ name, state }) => `${name}: ${state}`),
        [
          'resolve lesson: done',
          'transcript · learner: done',
          'pitch · learner: done',
          'phones · learner: done',
          'pitch · standard: done',
          'phones · standard: done',
          'score: done',
          'save: done',
        ],
      );
      const description = await handle.describe();
      assert.equal(
        await description.staticSummary(),
        'novel · level 2 · A Breath of Life · line 1',
      );
      assert.match(JSON.stringify(description.typedSearchAttributes), /completed/);
      const attributes = Object.fromEntries(
        description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
      );
      assert.equal(attributes['ElocuteStatus'], 'completed');
      assert.equal(attributes['ElocuteOverall'], SUMMARY.overall);
      assert.equal(attributes['ElocuteLesson'], 'novel/level_2/A Breath of Life');
      assert.equal(attributes['ElocuteLevel'], 2);
      assert.equal(attributes['ElocuteContentType'], 'novel');
      const details = await handle.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      assert.match(details.currentDetails ?? '', /^- ✓ pitch · learner$/m);
      assert.match(details.currentDetails ?? '', /^\*\*Overall 81\.2\*\*/);
    });
  });

  it('names its activities by what they do and for which recording', async () => {
    const worker = await scriptedWorker(scriptedActivities());
    await worker.run(async () => {
      const { handle } = await start(worker.taskQueue);
      await handle.result();
      const { events = [] } = await handle.fetchHistory();
      const summaries = (events ?? []).flatMap(
        ({ activityTaskScheduledEventAttributes, userMetadata }) =>
          activityTaskScheduledEventAttributes == null
            ? []
            : [Buffer.from(userMetadata?.summary?.data ?? []).toString()],
      );
      assert.deepEqual(summaries.sort(), [
        '"compare learner with standard"',
        '"find recordings and sentence"',
        '"phones · learner"',
        '"phones · standard"',
        '"pitch · learner"',
        '"pitch · standard"',
        '"save scores"',
        '"transcript · learner"',
      ]);
    });
  });

  it('starts once, however often the same upload is announced', async () => {
    const worker = await scriptedWorker(scriptedActivities());
    await worker.run(async () => {
      const { input, handle } = await start(worker.taskQueue);
      assert.equal(await startScoring(client, worker.taskQueue, input), 'duplicate');
      await handle.result();
      assert.equal(await startScoring(client, worker.taskQueue, input), 'duplicate');
    });
  });

  it('stores the failure of a branch with its code and cancels what is no longer needed', async () => {
    let cancelled = false;
    const { cause, saved, progress, description } = await runToFailure({
      alignPhones: async ({ recording }) => {
        if (recording.role === 'standard') throw failure('STANDARD_UNUSABLE');
        const context = Context.current();
        const beat = setInterval(() => context.heartbeat(), 200);
        try {
          await context.cancelled;
        } catch (error) {
          cancelled = error instanceof CancelledFailure;
          throw error;
        } finally {
          clearInterval(beat);
        }
        return { analysis: { key: 'never', cached: false }, aligned: true };
      },
    });
    assert.ok(cause instanceof ApplicationFailure);
    assert.equal(cause.type, 'STANDARD_UNUSABLE');
    assert.match(cause.message, /Replace it, then replay/);
    assert.deepEqual(
      saved.map(({ code, ids }) => ({ code, ids })),
      [{ code: 'STANDARD_UNUSABLE', ids: { userId: '482', contentTypeId: null, objectId: null } }],
    );
    assert.equal(progress.failureCode, 'STANDARD_UNUSABLE');
    assert.equal(description.status.name, 'FAILED');
    assert.ok(cancelled, 'the learner’s alignment was told to stop');
  });

  it('stores a failure that comes before anything is known', async () => {
    const { cause, saved } = await runToFailure({
      resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')),
    });
    assert.ok(cause instanceof ApplicationFailure);
    assert.equal(cause.type, 'STANDARD_MISSING');
    assert.deepEqual(
      saved.map(({ code, ids, userId }) => ({ code, ids, userId })),
      [{ code: 'STANDARD_MISSING', ids: null, userId: '482' }],
    );
  });

  it('keeps the code of what failed where the failure cannot be stored either, and says why', async () => {
    const { cause, progress, details } = await runToFailure({
      resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')),
      saveFailure: () => Promise.reject(failure('DATABASE_REJECTED')),
    });
    assert.ok(cause instanceof ApplicationFailure);
    assert.equal(cause.type, 'STANDARD_MISSING');
    assert.match(cause.message, /^scripted STANDARD_MISSING\. The standard recording/);
    assert.match(cause.message, /in no table: DATABASE_REJECTED, scripted DATABASE_REJECTED/);
    assert.match(details, /in no table: DATABASE_REJECTED, scripted DATABASE_REJECTED/);
    assert.equal(progress.failureCode, 'STANDARD_MISSING');
  });

  /** Runs to an outcome that is no failure, and looks at it from all sides. */
  async function runToOutcome(overrides: Partial<Activities>) {
    const called: string[] = [];
    const base = scriptedActivities(overrides);
    const counted = Object.fromEntries(
      Object.entries(base).map(([name, activity]) => [
        name,
        (input: never) => {
          called.push(name);
          return activity(input);
        },
      ]),
    ) as unknown as Activities;
    const worker = await scriptedWorker(counted);
    return worker.run(async () => {
      const { handle, input } = await start(worker.taskQueue);
      const result = (await handle.result()) as ScorePronunciationResult;
      const description = await handle.describe();
      const { currentDetails: details = '' } = await handle.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      const attributes = Object.fromEntries(
        description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
      );
      const progress = await handle.query<ScoringProgress>(PROGRESS_QUERY);
      assert.equal(result.scoringId, input.scoringId);
      assert.equal(description.status.name, 'COMPLETED');
      return { result, attributes, details, progress, called };
    });
  }

  for (const [code, overrides, words] of [
    [
      'UPLOAD_REPLACED',
      { resolveLesson: () => Promise.reject(failure('UPLOAD_REPLACED')) },
      /\*\*Superseded\*\*: A newer recording replaced this one/,
    ],
    [
      'UPLOAD_GONE',
      { trackPitch: () => Promise.reject(failure('UPLOAD_GONE')) },
      /\*\*Superseded\*\*: The recording was deleted before it could be read/,
    ],
  ] as const) {
    it(`completes as superseded where the recording does not count any more: ${code}`, async () => {
      const saved: SaveFailureInput[] = [];
      const { result, attributes, details, progress } = await runToOutcome({
        ...overrides,
        saveFailure: (input) => {
          saved.push(input);
          return Promise.resolve({ applicationRowId: null, changed: true, status: 'superseded' });
        },
      });
      const { scoringId, ...outcome } = result;
      assert.deepEqual(outcome, {
        kind: 'superseded',
        applicationRowId: null,
        summary: null,
        failureCode: code,
      });
      assert.deepEqual(
        saved.map((input) => [input.scoringId, input.code]),
        [[scoringId, code]],
      );
      assert.equal(attributes['ElocuteStatus'], 'superseded');
      assert.equal(attributes['ElocuteFailureCode'], undefined);
      assert.match(details, words);
      assert.ok(!details.includes('✗'), details);
      assert.deepEqual([progress.status, progress.failureCode], ['superseded', code]);
    });
  }

  it('completes as superseded, with its scores, where a newer recording was scored meanwhile', async () => {
    const { result, attributes, details } = await runToOutcome({
      saveScore: () =>
        Promise.resolve({ applicationRowId: null, changed: true, status: 'superseded' }),
    });
    assert.equal(result.kind, 'superseded');
    assert.deepEqual(result.summary, SUMMARY);
    assert.equal(attributes['ElocuteStatus'], 'superseded');
    assert.equal(attributes['ElocuteOverall'], undefined);
    assert.match(
      details,
      /Superseded.*kept here alone\.\n\n\*\*Overall 81\.2\*\* of 100 \(attempt: ok\)/s,
    );
  });

  it('completes as superseded where it failed behind a newer recording, and is no failure to search for', async () => {
    const { result, attributes, details } = await runToOutcome({
      resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')),
      saveFailure: () =>
        Promise.resolve({ applicationRowId: null, changed: true, status: 'superseded' }),
    });
    assert.deepEqual(
      [result.kind, 'failureCode' in result && result.failureCode],
      ['superseded', 'STANDARD_MISSING'],
    );
    assert.equal(attributes['ElocuteStatus'], 'superseded');
    assert.equal(attributes['ElocuteFailureCode'], undefined);
    assert.match(details, /This one had failed: STANDARD_MISSING/);
  });

  it('fails where a superseded upload cannot be stored: nobody must think that it has a row', async () => {
    const { cause, details } = await runToFailure({
      resolveLesson: () => Promise.reject(failure('UPLOAD_REPLACED')),
      saveFailure: () => Promise.reject(failure('DATABASE_REJECTED')),
    });
    assert.ok(cause instanceof ApplicationFailure);
    assert.equal(cause.type, 'UPLOAD_REPLACED');
    assert.match(details, /in no table: DATABASE_REJECTED/);
  });

  it('ends at once where the outcome stands already, and shows it', async () => {
    const finished = { applicationRowId: '7', summary: SUMMARY, failureCode: null };
    const scored = await runToOutcome({
      resolveLesson: () => Promise.resolve({ finished: { ...finished, status: 'completed' } }),
    });
    assert.deepEqual(scored.called, ['resolveLesson']);
    assert.equal(scored.result.kind, 'completed');
    assert.equal(scored.result.applicationRowId, '7');
    assert.equal(scored.attributes['ElocuteStatus'], 'completed');
    assert.equal(scored.attributes['ElocuteOverall'], SUMMARY.overall);
    assert.match(scored.details, /^- ✓ score \(kept from before\)$/m);
    const superseded = await runToOutcome({
      resolveLesson: () =>
        Promise.resolve({
          finished: {
            status: 'superseded',
            applicationRowId: null,
            summary: null,
            failureCode: 'UPLOAD_GONE',
          },
        }),
    });
    assert.deepEqual(superseded.called, ['resolveLesson']);
    assert.equal(superseded.result.kind, 'superseded');
    assert.equal(superseded.attributes['ElocuteStatus'], 'superseded');
  });

  it('stores CANCELLED when somebody cancels it, and ends as cancelled', async () => {
    const saved: SaveFailureInput[] = [];
    const worker = await scriptedWorker(
      scriptedActivities({
        trackPitch: async () => {
          const context = Context.current();
          const beat = setInterval(() => context.heartbeat(), 200);
          await context.cancelled.finally(() => clearInterval(beat));
          return { analysis: { key: 'never', cached: false }, durationS: 0 };
        },
        saveFailure: (input) => {
          saved.push(input);
          return Promise.resolve({ applicationRowId: '1', changed: true });
        },
      }),
    );
    await worker.run(async () => {
      const { handle } = await start(worker.taskQueue);
      while (!(await isRunning(handle, 'pitch · learner'))) continue;
      await handle.cancel();
      await assert.rejects(handle.result(), WorkflowFailedError);
      assert.equal((await handle.describe()).status.name, 'CANCELLED');
      assert.deepEqual(
        saved.map(({ code }) => code),
        ['CANCELLED'],
      );
    });
  });

  for (const [what, saveScore] of [
    ['the answer was lost', () => Promise.reject(failure('TIMED_OUT'))],
    [
      'somebody cancelled it then',
      async () => {
        const context = Context.current();
        const beat = setInterval(() => context.heartbeat(), 200);
        return context.cancelled.finally(() => clearInterval(beat));
      },
    ],
  ] as const) {
    it(`completes, and tells no failure, where the score was saved and ${what}`, async () => {
      const told: Notice[] = [];
      const worker = await scriptedWorker(
        scriptedActivities({
          ...savedMeanwhile(scriptedActivities()),
          saveScore,
          notifyApplication: (notice) => Promise.resolve(void told.push(notice)),
        }),
      );
      await worker.run(async () => {
        const { handle } = await start(worker.taskQueue);
        const cancelling = what.startsWith('somebody');
        while (cancelling && !(await isRunning(handle, 'save'))) continue;
        if (cancelling) await handle.cancel();
        const { runId } = await handle.describe();
        const { kind, summary } = (await handle.result()) as ScorePronunciationResult;
        assert.deepEqual([kind, summary], ['completed', SUMMARY]);
        const { status, failureCode, steps } = await handle.query<ScoringProgress>(PROGRESS_QUERY);
        assert.deepEqual([status, failureCode], ['completed', null]);
        assert.ok(steps.every(({ state }) => state === 'done'));
        const { typedSearchAttributes } = await handle.describe();
        const attributes = JSON.stringify(typedSearchAttributes.getAll());
        assert.match(attributes, /completed/);
        assert.doesNotMatch(attributes, /CANCELLED|TIMED_OUT/);
        assert.deepEqual(
          told.map((notice) => [notice.type, notice.failureCode, notice.summary, notice.runId]),
          [['completed', null, SUMMARY, runId]],
        );
      });
    });
  }

  it('tells no failure where another run has saved a score before it', async () => {
    const told: Notice[] = [];
    const { cause } = await runToFailure({
      ...savedMeanwhile(scriptedActivities()),
      resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')),
      notifyApplication: (notice) => Promise.resolve(void told.push(notice)),
    });
    assert.equal((cause as ApplicationFailure).type, 'STANDARD_MISSING');
    assert.deepEqual(told, []);
  });

  it('recognises the standard only where its sentence is unknown, and aligns to what it heard', async () => {
    const transcribed: string[] = [];
    const aligned: string[] = [];
    const base = scriptedActivities();
    const worker = await scriptedWorker(
      scriptedActivities({
        resolveLesson: async (input) => ({ ...(await base.resolveLesson(input)), sentence: null }),
        transcribeSpeech: (input) => {
          transcribed.push(`${input.recording.role}: ${input.sentence ?? 'unknown'}`);
          return base.transcribeSpeech(input);
        },
        alignPhones: (input) => {
          aligned.push(input.sentence);
          return base.alignPhones(input);
        },
      }),
    );
    await worker.run(async () => {
      const { handle } = await start(worker.taskQueue);
      await handle.result();
    });
    assert.deepEqual(transcribed, ['standard: unknown', 'learner: it was good']);
    assert.deepEqual(aligned, ['it was good', 'it was good']);
  });

  for (const [what, transcribeSpeech] of [
    [
      'nothing is heard in the standard',
      () => Promise.resolve({ analysis: { key: 't', cached: false }, text: '', wordCount: 0 }),
    ],
    ['the recogniser cannot work without one', () => Promise.reject(failure('SPEECH_REJECTED'))],
  ] as const) {
    it(`fails with SENTENCE_UNKNOWN where no sentence is given and ${what}`, async () => {
      const base = scriptedActivities();
      const { cause, saved } = await runToFailure({
        resolveLesson: async (input) => ({ ...(await base.resolveLesson(input)), sentence: null }),
        transcribeSpeech,
      });
      assert.ok(cause instanceof ApplicationFailure);
      assert.equal(cause.type, 'SENTENCE_UNKNOWN');
      assert.equal(saved[0]?.code, 'SENTENCE_UNKNOWN');
    });
  }
});
