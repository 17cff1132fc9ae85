import assert from 'node:assert/strict';
import { createAlignPhones } from '../../src/activities/align-phones.ts';
import type {
  ActivityDependencies,
  AnalysisKey,
  KnownUpload,
  RecordingContent,
} from '../../src/activities/ports.ts';
import { createResolveLesson } from '../../src/activities/resolve-lesson.ts';
import { createSaveFailure } from '../../src/activities/save-failure.ts';
import { createSaveScore } from '../../src/activities/save-score.ts';
import { createScoreRecording } from '../../src/activities/score-recording.ts';
import { createTrackPitch } from '../../src/activities/track-pitch.ts';
import { createTranscribeSpeech } from '../../src/activities/transcribe-speech.ts';
import type { ObjectRef, RecordingRef, RecordingRole, ResolvedLesson } from '../../src/contract.ts';
import { ElocuteError } from '../../src/failures.ts';
import { FORMULA_VERSION } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { MODEL_VERSION } from '../../src/scoring/scoring-versions.ts';
import { lessonAnalyses } from '../support/golden.ts';
import { noBatches } from '../support/no-batches.ts';
import { emptyBucket } from '../support/reconciliation-fakes.ts';
import { exampleResult } from '../support/example-result.ts';

const never = new AbortController().signal;
const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 };
const STANDARD = 'standard-audio-file/novel/level_2/A Breath of Life/audio_line_1.wav';
const LEARNER = 'user-audio-file/482/novel/level_2/A_Breath_of_Life/audio_line_1.wav';

function refOf(bucket: string, key: string): ObjectRef {
  return { bucket, key, versionId: 'v1', etag: 'e' };
}

function recording(role: RecordingRole): RecordingRef {
  return { role, object: refOf('b', LEARNER), sha256: 'a'.repeat(64) };
}

interface World {
  deps: ActivityDependencies;
  objects: Map<string, { bytes: Uint8Array; metadata: Record<string, string> }>;
  /** What cost something, in order. */
  work: string[];
}

/** Plain objects that behave like the ports, in memory. */
function world(overrides: Partial<ActivityDependencies> = {}): World {
  const work: string[] = [];
  const objects: World['objects'] = new Map();
  const kept = new Map<string, { value: unknown; engine: string }>();
  const digests = new Map<string, RecordingContent>();
  const text = (value: string) => new TextEncoder().encode(value);
  objects.set(LEARNER, { bytes: text('learner'), metadata: {} });
  objects.set(STANDARD, { bytes: text('standard'), metadata: {} });
  objects.set(STANDARD.replace('.wav', '.txt'), {
    bytes: text('\uFEFFIt was good.\n'),
    metadata: {},
  });
  const find = (object: ObjectRef) => objects.get(object.key);
  const deps: ActivityDependencies = {
    objects: {
      describe: (object) => {
        const found = find(object);
        return Promise.resolve(
          found === undefined
            ? null
            : {
                object: refOf(object.bucket, object.key),
                sizeBytes: found.bytes.length,
                modifiedAtMs: 1000,
                metadata: found.metadata,
              },
        );
      },
      read: (object) => {
        work.push(`read ${object.key.split('.').at(-1) ?? ''}`);
        return Promise.resolve(find(object)?.bytes ?? new Uint8Array());
      },
    },
    analyses: {
      once: async <T>(key: AnalysisKey, compute: () => Promise<T>) => {
        const name = JSON.stringify(key);
        const cached = kept.has(name);
        if (!cached) kept.set(name, { value: await compute(), engine: key.engine });
        return { key: name, value: kept.get(name)?.value as T, cached };
      },
      get: (key) => Promise.resolve(kept.get(key)?.value),
      getWithEngine: (key) => Promise.resolve(kept.get(key) ?? assert.fail(key)),
    },
    scorings: {
      find: () => Promise.resolve({ own: null, standing: [] }),
      saveScore: (_, result) => {
        work.push(`score ${result.overall ?? ''}`);
        return Promise.resolve({ applicationRowId: '1', changed: true });
      },
      saveFailure: (input) => {
        work.push(`failure ${input.code}`);
        return Promise.resolve({ applicationRowId: '1', changed: true });
      },
    },
    digests: {
      find: ({ key }) => Promise.resolve(digests.get(key) ?? null),
      remember: ({ key }, content) => Promise.resolve(void digests.set(key, content)),
    },
    lessons: { find: () => Promise.resolve(null) },
    audio: {
      pitchVersion: 'pitch/1',
      alignerVersion: 'aligner/1',
      formatOf: (bytes) => (bytes[0] === 0x66 ? 'flac' : 'wav'),
      decoderOf: (format) => (format === 'flac' ? 'flac/1' : null),
      trackPitch: () => {
        work.push('pitch');
        return Promise.resolve((lessonAnalyses()[1] ?? assert.fail()).learner.pitch);
      },
      alignPhones: () => {
        work.push('align');
        return Promise.resolve((lessonAnalyses()[1] ?? assert.fail()).learner.alignment);
      },
      toSpeechWav: (bytes) => Promise.resolve(bytes),
    },
    lexicon: {
      pronounce: (words) => {
        work.push(`pronounce ${words.join(' ')}`);
        return Promise.resolve(
          Object.fromEntries(
            words.filter((word) => word !== 'xkcdq').map((word) => [word, [['AH']]]),
          ),
        );
      },
    },
    speech: {
      version: 'speech/1',
      usesSentence: false,
      recognise: ({ sentence }) => {
        work.push(`recognise with ${sentence ?? 'no sentence'}`);
        return Promise.resolve({ text: 'it was good', words: [] });
      },
    },
    batches: noBatches,
    reviews: { rules: [], timeoutMs: 1000, store: { open: () => Promise.resolve() } },
    notifier: null,
    // Of another activity, which has its own test.
    reconciliation: emptyBucket(),
    settings: {
      standardBucket: 'standard-audio-file',
      keyRoot: 'standard-audio-file',
      maxBytes: 1000,
    },
    ...overrides,
  };
  return { deps, objects, work };
}

const upload = { ...refOf('user-audio-file', LEARNER), sequencer: '01' };

const scoringId = 'b'.repeat(64);

/** Finds a lesson that is to be scored: its outcome does not stand yet. */
async function resolved(deps: ActivityDependencies): Promise<ResolvedLesson> {
  const input = { scoringId, upload, lesson, userId: '482' };
  const found = await createResolveLesson(deps)(input, never);
  assert.ok(!('finished' in found));
  return found;
}

describe('resolveLesson', () => {
  it('finds both recordings and the sentence; the second time it reads no audio', async () => {
    const { deps, work } = world();
    const first = await resolved(deps);
    assert.equal(first.objectModifiedAtMs, 1000);
    assert.equal(first.sentence, 'It was good.');
    assert.equal(first.learner.role, 'learner');
    assert.notEqual(first.learner.sha256, first.standard.sha256);
    assert.deepEqual(work.splice(0).sort(), ['read txt', 'read wav', 'read wav']);
    const second = await resolved(deps);
    assert.deepEqual(second, first);
    assert.deepEqual(work, ['read txt']);
  });

  it('says what is not WAV, also from memory, and keeps its analyses under the decoder too', async () => {
    const { deps, objects, work } = world();
    objects.set(LEARNER, { bytes: new TextEncoder().encode('fLaC'), metadata: {} });
    const first = await resolved(deps);
    assert.equal(first.learner.format, 'flac');
    assert.ok(!('format' in first.standard));
    assert.deepEqual(await resolved(deps), first);
    const keys: AnalysisKey[] = [];
    const analyses = {
      ...deps.analyses,
      once: <T>(...[key, compute, signal]: Parameters<typeof deps.analyses.once<T>>) => {
        keys.push(key);
        return deps.analyses.once(key, compute, signal);
      },
    };
    work.splice(0);
    for (const recording of [first.learner, first.standard, first.learner]) {
      await createTrackPitch({ ...deps, analyses })({ recording }, never);
      await createTranscribeSpeech({ ...deps, analyses })({ recording, sentence: null }, never);
    }
    assert.deepEqual(
      keys.map(({ engine }) => engine),
      [
        'pitch/1 flac/1',
        'speech/1 flac/1',
        'pitch/1',
        'speech/1',
        'pitch/1 flac/1',
        'speech/1 flac/1',
      ],
    );
    assert.equal(work.filter((what) => what === 'pitch').length, 2);
  });

  it('reads once more what was remembered before formats were told apart', async () => {
    const { deps, work } = world();
    const first = await resolved(deps);
    const known = {
      ...deps.digests,
      find: () => Promise.resolve({ ...first.learner, format: null }),
    };
    work.splice(0);
    assert.deepEqual(await resolved({ ...deps, digests: known }), first);
    assert.equal(work.filter((what) => what === 'read wav').length, 2);
  });

  it('takes ids from the object’s metadata, then from the lesson row, then from the key', async () => {
    const row = { contentTypeId: '4', objectId: '5', sentence: 'Not this one.' };
    const { deps, objects } = world({ lessons: { find: () => Promise.resolve(row) } });
    const plain = await resolved(deps);
    assert.deepEqual(plain.ids, { userId: '482', contentTypeId: '4', objectId: '5' });
    assert.equal(plain.sentence, 'It was good.');
    const metadata = { 'user-id': '9', 'content-type-id': '7', 'object-id': 'x'.repeat(100) };
    objects.set(LEARNER, { bytes: new Uint8Array(4), metadata });
    objects.delete(STANDARD.replace('.wav', '.txt'));
    const tagged = await resolved(deps);
    assert.deepEqual(tagged.ids, { userId: '9', contentTypeId: '7', objectId: '5' });
    assert.equal(tagged.sentence, 'Not this one.');
  });

  it('blames the standard’s faults on the lesson and the learner’s on the learner', async () => {
    const { deps, objects } = world();
    const resolveLesson = createResolveLesson(deps);
    const input = { scoringId, upload, lesson, userId: '482' };
    objects.set(STANDARD, { bytes: new Uint8Array(2000), metadata: {} });
    await assert.rejects(resolveLesson(input, never), { code: 'STANDARD_UNUSABLE' });
    objects.set(LEARNER, { bytes: new Uint8Array(2000), metadata: {} });
    objects.set(STANDARD, { bytes: new Uint8Array(2), metadata: {} });
    await assert.rejects(resolveLesson(input, never), { code: 'AUDIO_TOO_LARGE' });
    objects.delete(STANDARD);
    await assert.rejects(resolveLesson(input, never), { code: 'STANDARD_MISSING' });
    objects.delete(LEARNER);
    await assert.rejects(resolveLesson(input, never), { code: 'UPLOAD_GONE' });
  });
});

describe('resolveLesson, where the database knows more', () => {
  const input = { scoringId, upload, lesson, userId: '482' };
  const knowing = (known: KnownUpload) => {
    const { deps, objects, work } = world();
    const scorings = { ...deps.scorings, find: () => Promise.resolve(known) };
    return { resolveLesson: createResolveLesson({ ...deps, scorings }), objects, work };
  };
  const row = { applicationRowId: '7', result: exampleResult(), failureCode: null };

  it('answers with the outcome that stands, each time, and reads nothing', async () => {
    const own = { ...row, status: 'completed' } as const;
    const { resolveLesson, objects, work } = knowing({ own, standing: [] });
    objects.clear();
    const first = await resolveLesson(input, never);
    assert.deepEqual(await resolveLesson(input, never), first);
    assert.ok('finished' in first);
    assert.equal(first.finished.applicationRowId, '7');
    assert.equal(first.finished.summary?.overall, exampleResult().overall);
    const superseded = { ...row, status: 'superseded', result: null } as const;
    const again = knowing({
      own: { ...superseded, failureCode: 'UPLOAD_GONE' },
      standing: [],
    });
    assert.deepEqual(await again.resolveLesson(input, never), {
      finished: {
        status: 'superseded',
        applicationRowId: '7',
        summary: null,
        failureCode: 'UPLOAD_GONE',
      },
    });
    assert.deepEqual([...work, ...again.work], []);
  });

  it('goes on where an earlier run failed, because that may be mended by now', async () => {
    const own = { ...row, status: 'failed', result: null, failureCode: 'TIMED_OUT' } as const;
    const { resolveLesson } = knowing({ own, standing: [] });
    assert.ok(!('finished' in (await resolveLesson(input, never))));
  });

  it('reads nothing of a version that was found with a newer one over it', async () => {
    const { resolveLesson, objects, work } = knowing({ own: null, standing: [] });
    objects.clear();
    const overtaken = { ...input, overtaken: true } as const;
    for (const time of ['first', 'second']) {
      await assert.rejects(resolveLesson(overtaken, never), { code: 'UPLOAD_REPLACED' }, time);
    }
    const own = { ...row, status: 'completed' } as const;
    const scored = knowing({ own, standing: [] });
    assert.ok('finished' in (await scored.resolveLesson(overtaken, never)), 'scored before');
    assert.deepEqual([...work, ...scored.work], []);
  });

  it('refuses a recording that a newer one has overtaken, by sequencer or else by the clock', async () => {
    const newer = knowing({ own: null, standing: [{ sequencer: '02', objectModifiedAtMs: null }] });
    newer.objects.clear();
    await assert.rejects(newer.resolveLesson(input, never), { code: 'UPLOAD_REPLACED' });
    const later = knowing({ own: null, standing: [{ sequencer: null, objectModifiedAtMs: 2000 }] });
    await assert.rejects(later.resolveLesson(input, never), { code: 'UPLOAD_REPLACED' });
    assert.deepEqual([...newer.work, ...later.work], []);
    for (const other of [
      { sequencer: '00', objectModifiedAtMs: 2000 },
      { sequencer: null, objectModifiedAtMs: 1000 },
      { sequencer: null, objectModifiedAtMs: null },
    ]) {
      const older = knowing({ own: null, standing: [other] });
      assert.ok(!('finished' in (await older.resolveLesson(input, never))));
    }
  });

  it('does not take a sentence that changed while it was read for a replaced recording', async () => {
    const { deps } = world();
    const read: ActivityDependencies['objects']['read'] = (object, ...rest) =>
      object.key.endsWith('.txt')
        ? Promise.reject(new ElocuteError('UPLOAD_REPLACED', 'a newer object lies under this key'))
        : deps.objects.read(object, ...rest);
    const resolveLesson = createResolveLesson({ ...deps, objects: { ...deps.objects, read } });
    await assert.rejects(resolveLesson(input, never), { code: 'STORAGE_UNAVAILABLE' });
  });
});

describe('transcribeSpeech', () => {
  it('pays once, and never tells Google the sentence', async () => {
    const { deps, work } = world();
    const transcribeSpeech = createTranscribeSpeech(deps);
    const input = { recording: recording('learner'), sentence: 'It was good.' };
    const first = await transcribeSpeech(input, never);
    const second = await transcribeSpeech({ ...input, sentence: 'Another sentence.' }, never);
    assert.deepEqual([first.analysis.cached, second.analysis.cached], [false, true]);
    assert.deepEqual(work, ['pronounce it was good', 'read wav', 'recognise with no sentence']);
  });

  it('gives the offline recogniser the sentence it needs, and keeps the two apart', async () => {
    const { deps, work } = world();
    const speech = { ...deps.speech, usesSentence: true };
    const transcribeSpeech = createTranscribeSpeech({ ...deps, speech });
    await transcribeSpeech({ recording: recording('learner'), sentence: 'A.' }, never);
    await transcribeSpeech({ recording: recording('learner'), sentence: 'B.' }, never);
    assert.deepEqual(
      work.filter((line) => line.startsWith('recognise')),
      ['recognise with A.', 'recognise with B.'],
    );
  });

  it('pays nothing for a sentence that cannot be scored, and says what is wrong with it', async () => {
    const { deps, work } = world();
    const transcribe = createTranscribeSpeech(deps);
    const ask = (sentence: string) =>
      transcribe({ recording: recording('learner'), sentence }, never);
    const unsayable = { code: 'WORD_UNPRONOUNCEABLE', message: /"xkcdq"/ };
    await assert.rejects(ask('Then she xkcdq to him.'), unsayable);
    await assert.rejects(ask('Then she xkcdq to him.'), unsayable);
    await assert.rejects(ask('你好'), { code: 'SENTENCE_INVALID' });
    assert.ok(
      work.every((line) => line.startsWith('pronounce')),
      work.join(),
    );
  });
});

describe('trackPitch', () => {
  it('computes once per content, whoever’s recording it is', async () => {
    const { deps, work } = world();
    const trackPitch = createTrackPitch(deps);
    const first = await trackPitch({ recording: recording('learner') }, never);
    const second = await trackPitch({ recording: recording('standard') }, never);
    assert.equal(first.analysis.key, second.analysis.key);
    assert.equal(second.analysis.cached, true);
    assert.deepEqual(work, ['read wav', 'pitch']);
  });
});

describe('alignPhones', () => {
  it('computes once per content and sentence', async () => {
    const { deps, work } = world();
    const alignPhones = createAlignPhones(deps);
    const input = { recording: recording('learner'), sentence: 'It was good.' };
    assert.equal((await alignPhones(input, never)).analysis.cached, false);
    assert.equal((await alignPhones(input, never)).analysis.cached, true);
    await alignPhones({ ...input, sentence: 'Another.' }, never);
    assert.deepEqual(work, ['read wav', 'align', 'read wav', 'align']);
  });

  it('lets a learner be silent, but not a standard', async () => {
    const { deps } = world();
    const unaligned = { kind: 'unaligned', reason: 'no speech' } as const;
    const audio = { ...deps.audio, alignPhones: () => Promise.resolve(unaligned) };
    const alignPhones = createAlignPhones({ ...deps, audio });
    const result = await alignPhones({ recording: recording('learner'), sentence: 'A.' }, never);
    assert.equal(result.aligned, false);
    await assert.rejects(alignPhones({ recording: recording('standard'), sentence: 'A.' }, never), {
      code: 'STANDARD_UNUSABLE',
    });
  });

  it('passes on what is wrong with a learner’s file, and blames a standard’s on the lesson', async () => {
    const { deps } = world();
    const alignPhonesOf = () => Promise.reject(new ElocuteError('AUDIO_DAMAGED', 'truncated'));
    const alignPhones = createAlignPhones({
      ...deps,
      audio: { ...deps.audio, alignPhones: alignPhonesOf },
    });
    const of = (role: RecordingRole) =>
      alignPhones({ recording: recording(role), sentence: 'A.' }, never);
    await assert.rejects(of('learner'), { code: 'AUDIO_DAMAGED' });
    await assert.rejects(of('standard'), { code: 'STANDARD_UNUSABLE', message: /truncated/ });
  });
});

describe('scoreRecording', () => {
  it('joins kept analyses into a result, computes it once, and returns only figures', async () => {
    const { deps, work } = world();
    const { sentence, learner, standard } = lessonAnalyses()[1] ?? assert.fail();
    const keep = async (kind: AnalysisKey['kind'], role: string, value: unknown) => {
      const key = { kind, engine: `offline ${kind} ${role}`, sha256: role, sentence: null };
      return (await deps.analyses.once(key, () => Promise.resolve(value), never)).key;
    };
    const input = {
      sentence,
      learner: {
        transcript: await keep('transcript', 'l', learner.transcript),
        pitch: await keep('pitch', 'l', learner.pitch),
        alignment: await keep('alignment', 'l', learner.alignment),
      },
      standard: {
        pitch: await keep('pitch', 's', standard.pitch),
        alignment: await keep('alignment', 's', standard.alignment),
      },
    };
    const scoreRecording = createScoreRecording(deps);
    const first = await scoreRecording(input, never);
    const second = await scoreRecording(input, never);
    assert.deepEqual(second.summary, first.summary);
    assert.deepEqual([first.analysis.cached, second.analysis.cached], [false, true]);
    assert.equal(first.summary.attempt, 'ok');
    assert.ok((first.summary.overall ?? -1) > 0);
    assert.deepEqual(work, ['pronounce tom likes the old sweater'], 'no audio was touched');
    const result = (await deps.analyses.get(first.analysis.key)) as ScoringResult;
    assert.deepEqual(result.versions, {
      formula: FORMULA_VERSION,
      model: MODEL_VERSION,
      aligner: 'offline alignment l',
      pitch: 'offline pitch l',
      recogniser: 'offline transcript l',
      standardAligner: 'offline alignment s',
      standardPitch: 'offline pitch s',
    });
    assert.ok(JSON.stringify(first).length < 2000);
  });
});

describe('saveScore and saveFailure', () => {
  const identity = {
    scoringId: 'b'.repeat(64),
    upload,
    lesson,
    ids: { userId: '482', contentTypeId: null, objectId: null },
    workflowId: 'score-b',
    runId: 'r',
    startedAtMs: 0,
  };

  it('save what is kept under the key of the result, the same each time', async () => {
    const { deps, work } = world();
    const key = { kind: 'score', engine: 'e', sha256: 'c', sentence: null } as const;
    const kept = await deps.analyses.once(key, () => Promise.resolve(exampleResult()), never);
    const saveScore = createSaveScore(deps);
    const input = { ...identity, sentence: 'It was good.', resultKey: kept.key };
    assert.deepEqual(await saveScore(input), await saveScore(input));
    assert.deepEqual(work, ['score 81.2', 'score 81.2']);
  });

  it('save a failure with its code, the same each time', async () => {
    const { deps, work } = world();
    const saveFailure = createSaveFailure(deps);
    const code = 'STANDARD_MISSING' as const;
    const input = { ...identity, userId: '482', code, message: 'for the operator' };
    assert.deepEqual(await saveFailure(input), await saveFailure(input));
    assert.deepEqual(work, Array(2).fill(`failure ${code}`));
  });
});
