import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import {
  createSpeechRecogniser,
  type SpeechRecogniser,
  type SpeechRecogniserOptions,
  toTranscript,
} from '../../src/adapters/google-speech.ts';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { encodeWav } from '../../src/audio/encode-wav.ts';
import { ElocuteError, type FailureCode } from '../../src/failures.ts';
import { startSpeechServer, type SpeechServer } from '../../src/local/speech-server.ts';
import { buildWav } from '../support/build-wav.ts';
import { silence, whiteNoise } from '../support/no-speech.ts';
import { lessonPair } from '../support/recordings.ts';

const { learner, sentence } = lessonPair(0);
const wav = new Uint8Array(readFileSync(learner));
const speech = decodeSpeech(wav, { maxSeconds: 60 });

describe('speech recognition through the Google client', () => {
  let server: SpeechServer;
  const open: SpeechRecogniser[] = [];

  function connect(options: Partial<SpeechRecogniserOptions> = {}): SpeechRecogniser {
    const recogniser = createSpeechRecogniser({
      endpoint: { host: '127.0.0.1', port: server.port, insecure: true },
      kind: 'offline',
      model: 'latest_short',
      languageCode: 'en-US',
      timeoutMs: 20_000,
      ...options,
    });
    open.push(recogniser);
    return recogniser;
  }

  async function fails(
    attempt: Promise<unknown>,
    code: FailureCode,
    message = /./,
  ): Promise<ElocuteError> {
    const error = await attempt.then(
      () => assert.fail('it passed'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ElocuteError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.ok(error.cause instanceof Error);
    return error;
  }

  before(async () => {
    server = await startSpeechServer();
  });
  afterEach(async () => {
    server.injectFault({ code: status.OK, details: '', count: 0 });
    for (const recogniser of open.splice(0)) await recogniser.close();
  });
  after(() => server.close());

  it('hears the words with times in seconds and confidence', async () => {
    const { text, words } = await connect().recognise({ wav, sentence });
    assert.equal(text, 'does layla like the jam');
    assert.equal(words.map((word) => word.text).join(' '), text);
    const layla = words[1];
    assert.ok(layla !== undefined && layla.startS > 0.5 && layla.endS < 2);
    for (const { startS, endS } of words) {
      assert.deepEqual([startS, endS], [Number(startS.toFixed(2)), Number(endS.toFixed(2))]);
    }
    assert.ok(layla.confidence !== null && layla.confidence > 0.5 && layla.confidence <= 1);
  });

  it('asks for word times and confidence of 16 kHz mono', async () => {
    await connect().recognise({ wav, sentence });
    const config = server.lastConfig();
    assert.equal(config?.encoding, 'LINEAR16');
    assert.equal(config.sampleRateHertz, 16_000);
    assert.equal(config.audioChannelCount, 1);
    assert.equal(config.model, 'latest_short');
    assert.equal(config.languageCode, 'en-US');
    assert.ok(config.enableWordTimeOffsets && config.enableWordConfidence);
  });

  it('sends the sentence to the offline recogniser only, never to Google', async () => {
    const offline = connect();
    await offline.recognise({ wav, sentence });
    assert.deepEqual(
      server.lastConfig()?.speechContexts.map(({ phrases }) => phrases),
      [[sentence]],
    );
    const google = connect({ kind: 'google' });
    assert.deepEqual([offline.usesSentence, google.usesSentence], [true, false]);
    await fails(google.recognise({ wav, sentence }), 'SPEECH_REJECTED', /expected sentence/);
    assert.deepEqual(server.lastConfig()?.speechContexts, []);
  });

  it('hears no words in silence and noise', async () => {
    const recogniser = connect();
    for (const samples of [silence(2), whiteNoise(2, 0.05)]) {
      const transcript = await recogniser.recognise({ wav: encodeWav(samples, 16_000), sentence });
      assert.deepEqual(transcript, { recogniser: 'offline', text: '', words: [] });
    }
  });

  const faults: [fault: keyof typeof status, code: FailureCode][] = [
    ['UNAVAILABLE', 'SPEECH_UNAVAILABLE'],
    ['DEADLINE_EXCEEDED', 'SPEECH_UNAVAILABLE'],
    ['ABORTED', 'SPEECH_UNAVAILABLE'],
    ['INTERNAL', 'SPEECH_UNAVAILABLE'],
    ['UNKNOWN', 'SPEECH_UNAVAILABLE'],
    ['CANCELLED', 'SPEECH_UNAVAILABLE'],
    ['RESOURCE_EXHAUSTED', 'SPEECH_QUOTA'],
    ['INVALID_ARGUMENT', 'SPEECH_REJECTED'],
    ['NOT_FOUND', 'SPEECH_REJECTED'],
    ['FAILED_PRECONDITION', 'SPEECH_REJECTED'],
    ['OUT_OF_RANGE', 'SPEECH_REJECTED'],
    ['UNIMPLEMENTED', 'SPEECH_REJECTED'],
    ['PERMISSION_DENIED', 'SPEECH_DENIED'],
    ['UNAUTHENTICATED', 'SPEECH_DENIED'],
  ];
  for (const [fault, code] of faults) {
    it(`makes one attempt when the service answers ${fault}, and throws ${code}`, async () => {
      const recogniser = connect();
      const before = server.calls();
      server.injectFault({ code: status[fault], details: 'a bad day', count: 1 });
      await fails(recogniser.recognise({ wav, sentence }), code, /a bad day/);
      assert.equal(server.calls() - before, 1);
      assert.equal((await recogniser.recognise({ wav, sentence })).words.length, 5);
    });
  }

  it('tells of each call that it makes fail, and of none that it was only to', async () => {
    let struck = 0;
    const fault = { code: status.UNAVAILABLE, details: 'away', count: 5 };
    server.injectFault({ ...fault, onStruck: () => (struck += 1) });
    for (let call = 0; call < 2; call++) {
      await fails(connect().recognise({ wav, sentence }), 'SPEECH_UNAVAILABLE');
    }
    server.injectFault({ ...fault, count: 0 });
    await connect().recognise({ wav, sentence });
    assert.equal(struck, 2);
  });

  it('waits at least 30 s after the quota, or as long as it is told', async () => {
    server.injectFault({ code: status.RESOURCE_EXHAUSTED, details: 'quota', count: 2 });
    const usual = await fails(connect().recognise({ wav, sentence }), 'SPEECH_QUOTA');
    assert.equal(usual.nextRetryDelayMs, 30_000);
    const told = connect({ quotaDelayMs: 200 }).recognise({ wav, sentence });
    assert.equal((await fails(told, 'SPEECH_QUOTA')).nextRetryDelayMs, 200);
  });

  it('gives up at the deadline', async () => {
    const recogniser = connect({ timeoutMs: 300 });
    server.injectFault({ code: status.INTERNAL, details: 'late', count: 1, delayMs: 60_000 });
    await fails(recogniser.recognise({ wav, sentence }), 'SPEECH_UNAVAILABLE', /DEADLINE/);
  });

  it('says that nobody listens', async () => {
    const other = await startSpeechServer();
    await other.close();
    const recogniser = connect({
      endpoint: { host: '127.0.0.1', port: other.port, insecure: true },
      timeoutMs: 2_000,
    });
    await fails(recogniser.recognise({ wav, sentence }), 'SPEECH_UNAVAILABLE');
  });

  it('cancels the call when the signal is aborted, and throws its reason', async () => {
    const recogniser = connect();
    await recogniser.recognise({ wav, sentence });
    server.injectFault({ code: status.INTERNAL, details: 'late', count: 1, delayMs: 60_000 });
    const controller = new AbortController();
    const reason = new Error('the workflow was cancelled');
    const before = server.calls();
    const started = performance.now();
    const attempt = recogniser.recognise({ wav, sentence }, controller.signal);
    const watch = setInterval(() => {
      if (server.calls() > before) controller.abort(reason);
    }, 5);
    await assert.rejects(attempt, reason).finally(() => clearInterval(watch));
    assert.ok(performance.now() - started < 10_000, 'it waited for the deadline');
    assert.equal(server.calls() - before, 1);
  });

  it('does not call at all for a signal that is aborted already, or while it connects', async () => {
    const before = server.calls();
    const reason = new Error('too late');
    await assert.rejects(connect().recognise({ wav, sentence }, AbortSignal.abort(reason)), reason);
    assert.equal(server.calls(), before);
    const controller = new AbortController();
    const attempt = connect().recognise({ wav, sentence }, controller.signal);
    controller.abort(reason);
    await assert.rejects(attempt, reason);
  });

  it('says that there are no credentials, and asks for them again at the next call', async () => {
    const name = 'GOOGLE_APPLICATION_CREDENTIALS';
    const given = process.env[name];
    process.env[name] = join(tmpdir(), 'no-such-file.json');
    try {
      const recogniser = connect({
        endpoint: { host: 'localhost', port: server.port, insecure: false },
        kind: 'google',
        projectId: 'none',
      });
      for (let attempt = 0; attempt < 2; attempt++) {
        await fails(recogniser.recognise({ wav, sentence }), 'SPEECH_DENIED', /no-such-file/);
      }
    } finally {
      if (given === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = given;
    }
  });

  it('drops the work of a caller that is gone, and serves the next', async () => {
    const long = Float32Array.from(
      { length: 50 * 16_000 },
      (_, at) => speech[at % speech.length] ?? 0,
    );
    const recogniser = connect({ timeoutMs: 500 });
    const attempt = recogniser.recognise({ wav: encodeWav(long, 16_000), sentence });
    await fails(attempt, 'SPEECH_UNAVAILABLE', /DEADLINE/);
    assert.equal((await connect().recognise({ wav, sentence })).words.length, 5);
  });

  const long = encodeWav(silence(61), 16_000);
  const rejected: [name: string, bytes: Uint8Array, text: string | null, message: RegExp][] = [
    ['empty audio', new Uint8Array(), sentence, /RecognitionAudio not set/],
    ['a WAV without samples', encodeWav(silence(0), 16_000), sentence, /no samples/],
    ['more than 60 s', long, sentence, /Sync input too long/],
    ['more than 10 MB', new Uint8Array(11 * 2 ** 20), sentence, /payload size exceeds/],
    ['another rate', encodeWav(whiteNoise(1, 0.1), 8_000), sentence, /sample_rate_hertz.*8000/],
    ['two channels', buildWav({ data: new Uint8Array(64_000), channels: 2 }), sentence, /mono/],
    ['8-bit samples', buildWav({ data: new Uint8Array(16_000), bits: 8 }), sentence, /encoding/],
    ['half a WAV header', wav.slice(0, 20), sentence, /WAV header/],
    ['no sentence', wav, null, /needs the expected sentence.*speech_contexts/],
    ['an empty sentence', wav, '  ', /needs the expected sentence/],
    ['a sentence of another script', wav, '你好', /not an English letter/],
    ['a word that nobody can say', wav, 'Does xqzt', /"xqzt" has no pronunciation/],
  ];
  for (const [name, bytes, text, message] of rejected) {
    it(`is told why the service rejects ${name}`, async () => {
      await fails(connect().recognise({ wav: bytes, sentence: text }), 'SPEECH_REJECTED', message);
    });
  }

  it('rejects another language', () =>
    fails(
      connect({ languageCode: 'de-DE' }).recognise({ wav, sentence }),
      'SPEECH_REJECTED',
      /language/,
    ));

  it('answers many calls at once', async () => {
    const recogniser = connect();
    const all = await Promise.all(
      Array.from({ length: 6 }, () => recogniser.recognise({ wav, sentence })),
    );
    for (const transcript of all) assert.deepEqual(transcript, all[0]);
  });

  it('names kind, model and language in its version', () => {
    assert.equal(connect().version, 'offline speech v1 latest_short en-US');
    assert.notEqual(connect({ kind: 'google' }).version, connect().version);
  });
});

describe('toTranscript', () => {
  it('reads strings of seconds with nanoseconds, and takes a confidence of 0 for none', () => {
    const transcript = toTranscript(
      {
        results: [
          {
            alternatives: [
              {
                transcript: 'so it ',
                words: [
                  {
                    word: 'so',
                    startTime: { seconds: '1', nanos: 50_000_000 },
                    endTime: { seconds: '1', nanos: 180_000_000 },
                    confidence: 0,
                  },
                  { word: 'it', startTime: null, endTime: { seconds: 2 }, confidence: 0.5 },
                ],
              },
              { transcript: 'sew it' },
            ],
          },
          { alternatives: [] },
          { alternatives: [{ transcript: ' is', words: null }] },
        ],
      },
      'google',
    );
    assert.deepEqual(transcript, {
      recogniser: 'google',
      text: 'so it is',
      words: [
        { text: 'so', startS: 1.05, endS: 1.18, confidence: null },
        { text: 'it', startS: 0, endS: 2, confidence: 0.5 },
      ],
    });
    assert.deepEqual(toTranscript({ results: null }, 'google'), {
      recogniser: 'google',
      text: '',
      words: [],
    });
  });
});
