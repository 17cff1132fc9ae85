import assert from 'node:assert/strict';
import type {
  AnalysisKey,
  AnalysisStore,
  ScoringStore,
  SpeechRecogniser,
} from '../../src/activities/ports.ts';
import type { SaveFailureInput, SavedScoring, SaveScoreInput } from '../../src/contract.ts';
import type { OpenReviewInput } from '../../src/contract/review.ts';
import { ElocuteError } from '../../src/failures.ts';
import { observedAnalyses } from '../../src/observe/observed-analyses.ts';
import { observedQueue } from '../../src/observe/observed-queue.ts';
import { observedReviews } from '../../src/observe/observed-reviews.ts';
import { observedScorings } from '../../src/observe/observed-scorings.ts';
import { billedSecondsOf, observedSpeech } from '../../src/observe/observed-speech.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import type { UploadMessage, UploadQueue } from '../../src/uploads/upload-queue.ts';
import { recordingMeter } from '../support/recording-meter.ts';

const SECOND_BYTES = 32_000;
const HEADER_BYTES = 44;

describe('the price of speech', () => {
  it('counts every started 15 seconds of a call', () => {
    const wav = (seconds: number) => HEADER_BYTES + seconds * SECOND_BYTES;
    assert.equal(billedSecondsOf(wav(0.5)), 15);
    assert.equal(billedSecondsOf(wav(15)), 15);
    assert.equal(billedSecondsOf(wav(15) + 2), 30);
    assert.equal(billedSecondsOf(wav(60)), 60);
    assert.equal(billedSecondsOf(0), 0);
  });
});

describe('a recogniser that is watched', () => {
  const wav = new Uint8Array(HEADER_BYTES + 6 * SECOND_BYTES);
  const speech = (recognise: SpeechRecogniser['recognise']): SpeechRecogniser => ({
    version: 'v',
    usesSentence: false,
    recognise,
  });

  it('counts a call and what it costs', async () => {
    const meter = recordingMeter();
    const transcript = { recogniser: 'google', text: 'hello', words: [] } as const;
    const observed = observedSpeech(
      speech(() => Promise.resolve({ ...transcript, words: [] })),
      meter,
      0.024,
    );
    await observed.recognise({ wav, sentence: null });
    assert.equal(meter.counts['elocute_speech_calls_total ok'], 1);
    assert.equal(meter.counts['elocute_speech_billed_seconds_total'], 15);
    assert.ok(Math.abs((meter.counts['elocute_speech_cost_total'] ?? 0) - 0.006) < 1e-12);
  });

  it('counts a refused call by its code, bills nothing, and passes the refusal on', async () => {
    const meter = recordingMeter();
    const refusal = new ElocuteError('SPEECH_QUOTA', 'quota');
    const observed = observedSpeech(
      speech(() => Promise.reject(refusal)),
      meter,
      0.024,
    );
    await assert.rejects(observed.recognise({ wav, sentence: null }), refusal);
    assert.deepEqual(meter.counts, { 'elocute_speech_calls_total SPEECH_QUOTA': 1 });
    assert.equal(meter.records['elocute_speech_call_seconds']?.length, 1);
  });

  it('counts a call that nobody needs any more as cancelled', async () => {
    const meter = recordingMeter();
    const stop = new AbortController();
    const observed = observedSpeech(
      speech(() => {
        stop.abort();
        return Promise.reject(new ElocuteError('SPEECH_UNAVAILABLE', 'cut off'));
      }),
      meter,
      0.024,
    );
    await assert.rejects(observed.recognise({ wav, sentence: null }, stop.signal));
    assert.deepEqual(meter.counts, { 'elocute_speech_calls_total CANCELLED': 1 });
  });
});

describe('analyses that are watched', () => {
  it('are counted as kept or computed, and only the computed are timed', async () => {
    const meter = recordingMeter();
    const rows = new Map<string, unknown>();
    const store: AnalysisStore = {
      async once<T>(parts: AnalysisKey, compute: () => Promise<T>) {
        const key = parts.sha256;
        if (rows.has(key)) return { key, value: rows.get(key) as T, cached: true };
        const value = await compute();
        rows.set(key, value);
        return { key, value, cached: false };
      },
      get: () => Promise.resolve(null),
      getWithEngine: () => Promise.resolve({ value: null, engine: 'e' }),
    };
    const key = { kind: 'pitch', engine: 'e', sha256: 's', sentence: null } as const;
    const { signal } = new AbortController();
    const observed = observedAnalyses(store, meter);
    await observed.once(key, () => Promise.resolve(1), signal);
    await observed.once(key, () => Promise.resolve(1), signal);
    assert.deepEqual(meter.counts, {
      'elocute_analyses_total pitch computed': 1,
      'elocute_analyses_total pitch kept': 1,
    });
    assert.equal(meter.records['elocute_analysis_seconds pitch']?.length, 1);
  });
});

describe('outcomes that are watched', () => {
  const EVENT_AT_MS = Date.UTC(2026, 0, 1);
  const input = (eventAtMs?: number) =>
    ({
      upload: { ...(eventAtMs === undefined ? {} : { eventAtMs }) },
      startedAtMs: EVENT_AT_MS + 1000,
      code: 'SPEECH_QUOTA',
    }) as SaveScoreInput & SaveFailureInput;
  const store = (saved: SavedScoring): ScoringStore => ({
    find: () => Promise.reject(new Error('not asked here')),
    saveScore: () => Promise.resolve(saved),
    saveFailure: () => Promise.resolve(saved),
  });
  const result = {} as ScoringResult;

  it('are counted and timed from the event', async () => {
    const meter = recordingMeter();
    const saved = { applicationRowId: '1', changed: true };
    const observed = observedScorings(store(saved), meter, () => EVENT_AT_MS + 4500);
    assert.equal(await observed.saveScore(input(EVENT_AT_MS), result), saved);
    await observed.saveFailure(input(EVENT_AT_MS));
    assert.deepEqual(meter.counts, {
      'elocute_scorings_total completed': 1,
      'elocute_scorings_total failed': 1,
      'elocute_scoring_failures_total SPEECH_QUOTA': 1,
    });
    assert.deepEqual(meter.records, {
      'elocute_upload_to_row_seconds completed': [4.5],
      'elocute_upload_to_row_seconds failed': [4.5],
    });
  });

  it('are not timed where a teacher was waited for, whose reviews are counted', async () => {
    const meter = recordingMeter();
    const saved = { applicationRowId: '1', changed: true };
    const observed = observedScorings(store(saved), meter, () => EVENT_AT_MS + 30 * 86_400_000);
    const review = { decision: 'accepted' } as NonNullable<SaveScoreInput['review']>;
    await observed.saveScore({ ...input(EVENT_AT_MS), review }, result);
    await observedReviews({ open: () => Promise.resolve() }, meter).open({} as OpenReviewInput);
    assert.deepEqual(meter.counts, {
      'elocute_scorings_total completed': 1,
      elocute_reviews_opened_total: 1,
    });
    assert.deepEqual(meter.records, {});
  });

  it('are no failures where a newer version counts', async () => {
    const meter = recordingMeter();
    const saved = { applicationRowId: null, changed: true, status: 'superseded' } as const;
    const observed = observedScorings(store(saved), meter);
    await observed.saveFailure(input());
    await observed.saveScore(input(), result);
    assert.deepEqual(meter.counts, { 'elocute_scorings_total superseded': 2 });
  });

  it('are not counted again where a retry finds them stored', async () => {
    const meter = recordingMeter();
    const observed = observedScorings(store({ applicationRowId: '1', changed: false }), meter);
    await observed.saveScore(input(EVENT_AT_MS), result);
    await observed.saveFailure(input(EVENT_AT_MS));
    assert.deepEqual([meter.counts, meter.records], [{}, {}]);
  });

  it('are not timed where the event had no time, or lies longer back than a queue keeps it', async () => {
    const meter = recordingMeter();
    const observed = observedScorings(store({ applicationRowId: '1', changed: true }), meter);
    await observed.saveScore(input(), result);
    await observed.saveScore(input(EVENT_AT_MS - 5 * 86_400_000), result);
    assert.deepEqual(meter.counts, { 'elocute_scorings_total completed': 2 });
    assert.deepEqual(meter.records, {});
  });
});

describe('a queue that is watched', () => {
  const START_MS = Date.UTC(2026, 0, 1);
  const OLDEST = 'elocute_queue_oldest_message_seconds';

  function watch() {
    const meter = recordingMeter();
    const state = {
      nowMs: START_MS,
      depths: { waiting: 0, inFlight: 0, delayed: 0, deadLetters: 0 as number | null },
      messages: [] as UploadMessage[],
      readable: true,
      asked: 0,
    };
    const queue: UploadQueue = {
      receive: () => Promise.resolve(state.messages),
      delete: () => Promise.resolve(),
      hold: () => Promise.resolve(),
      close: () => undefined,
    };
    const readDepths = () => {
      state.asked += 1;
      return state.readable ? Promise.resolve(state.depths) : Promise.reject(new Error('down'));
    };
    const observed = observedQueue(queue, readDepths, meter, () => state.nowMs);
    const receive = (...agesS: number[]) => {
      state.messages = agesS.map((ageS, index) => ({
        id: String(index),
        body: '',
        receipt: '',
        sentAtMs: state.nowMs - ageS * 1000,
      }));
      return observed.receive(new AbortController().signal, 10);
    };
    const pass = (seconds: number) => {
      state.nowMs += seconds * 1000;
    };
    return { meter, state, receive, pass };
  }

  it('shows the age of the oldest message that came last', async () => {
    const { meter, state, receive } = watch();
    state.depths.waiting = 40;
    await receive(3, 90, 2);
    assert.equal((await meter.readings())[OLDEST], 90);
  });

  it('shows it growing while something waits and nothing comes', async () => {
    const { meter, state, receive, pass } = watch();
    state.depths.waiting = 1;
    await receive(10);
    pass(600);
    assert.equal((await meter.readings())[OLDEST], 610);
  });

  it('shows nothing old after an idle night: what waits is younger than the empty queue', async () => {
    const { meter, state, receive, pass } = watch();
    await receive(5);
    pass(30_000);
    assert.equal((await meter.readings())[OLDEST], 0);
    state.depths.waiting = 1;
    pass(15);
    assert.equal((await meter.readings())[OLDEST], 15);
  });

  it('takes an empty answer of the queue for an empty queue', async () => {
    const { meter, state, receive, pass } = watch();
    await receive(500);
    pass(30);
    await receive();
    pass(1);
    state.depths.waiting = 1;
    assert.equal((await meter.readings())[OLDEST], 1);
  });

  it('asks the queue once a scrape, and shows nothing where it does not answer', async () => {
    const { meter, state, pass } = watch();
    state.depths = { waiting: 7, inFlight: 2, delayed: 1, deadLetters: 3 };
    assert.deepEqual(await meter.readings(), {
      'elocute_queue_messages waiting': 7,
      'elocute_queue_messages in_flight': 2,
      'elocute_queue_messages delayed': 1,
      elocute_dead_letters: 3,
      [OLDEST]: 0,
    });
    assert.equal(state.asked, 1);
    pass(15);
    state.readable = false;
    assert.deepEqual(await meter.readings(), {});
  });

  it('shows no dead letters where the queue has no dead-letter queue', async () => {
    const { meter, state } = watch();
    state.depths.deadLetters = null;
    assert.ok(!('elocute_dead_letters' in (await meter.readings())));
  });
});
