import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openAnalysisThreads, type AnalysisThreads } from '../../src/adapters/analysis-threads.ts';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { encodeWav } from '../../src/audio/encode-wav.ts';
import { resample } from '../../src/audio/resample.ts';
import type { Alignment, PitchTrack, Transcript } from '../../src/scoring/analyses.ts';
import { wordsToPronounce } from '../../src/scoring/pronunciations.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import {
  monotone,
  RATE_HZ,
  slowed,
  stereo24,
  withGain,
  withNoise,
  without,
  withSilence,
} from '../support/changed-recording.ts';
import { lessonPairs, type LessonPair } from '../support/recordings.ts';

interface Analysed {
  transcript: Transcript;
  pitch: PitchTrack;
  alignment: Alignment;
}

interface Lesson extends LessonPair {
  samples: Float32Array;
  learnerAnalyses: Analysed;
  standardAnalyses: Analysed;
  result: ScoringResult;
}

const SCORES = ['overall', 'accuracy', 'fluency', 'prosody'] as const;

/** What is done to a recording, and how far a score may move, points of 100. */
const HARMLESS: [string, number, (samples: Float32Array) => Uint8Array][] = [
  ['12 dB louder, below clipping', 1, (samples) => wav(withGain(samples, 12))],
  ['12 dB softer', 1, (samples) => wav(withGain(samples, -12))],
  ['at 44.1 kHz', 1, (samples) => encodeWav(resample(samples, RATE_HZ, 44_100), 44_100)],
  [
    'at 48 kHz, stereo, 24 bit',
    1,
    (samples) => stereo24(resample(samples, RATE_HZ, 48_000), 48_000),
  ],
  ['with 0.5 s of silence before it', 1, (samples) => wav(withSilence(samples, 0.5, 0))],
  ['with 0.5 s of silence after it', 1, (samples) => wav(withSilence(samples, 0, 0.5))],
  ['in white noise 20 dB below it', 6, (samples) => wav(withNoise(samples, 20))],
];

function wav(samples: Float32Array): Uint8Array {
  return encodeWav(samples, RATE_HZ);
}

describe('a lesson recording', function () {
  this.timeout(300_000);
  let threads: AnalysisThreads;
  let lessons: Lesson[];
  const { signal } = new AbortController();

  async function analyse(bytes: Uint8Array, sentence: string): Promise<Analysed> {
    const [transcript, pitch, alignment] = await Promise.all([
      threads.recognise(bytes, sentence, signal),
      threads.trackPitch(bytes, signal),
      threads.alignPhones(bytes, sentence, signal),
    ]);
    return { transcript, pitch, alignment };
  }

  async function score(
    sentence: string,
    learner: Analysed,
    standard: Analysed,
  ): Promise<ScoringResult> {
    const words = wordsToPronounce(learner.alignment, learner.transcript);
    const pronunciations = await threads.pronounce(words, signal);
    return scoreRecording({ sentence, learner, standard, pronunciations });
  }

  async function rescored(lesson: Lesson, bytes: Uint8Array): Promise<ScoringResult> {
    const learner = await analyse(bytes, lesson.sentence);
    return score(lesson.sentence, learner, lesson.standardAnalyses);
  }

  before(async () => {
    threads = await openAnalysisThreads({ threads: 2, maxSeconds: 60 });
    // Every third line: all three content types, and learners from 3 to 10 of 10.
    const pairs = lessonPairs().filter((_, at) => at % 3 === 0);
    lessons = await Promise.all(
      pairs.map(async (pair): Promise<Lesson> => {
        const samples = decodeSpeech(readFileSync(pair.learner), { maxSeconds: 60 });
        const [learnerAnalyses, standardAnalyses] = await Promise.all([
          analyse(wav(samples), pair.sentence),
          analyse(readFileSync(pair.standard), pair.sentence),
        ]);
        const result = await score(pair.sentence, learnerAnalyses, standardAnalyses);
        return { ...pair, samples, learnerAnalyses, standardAnalyses, result };
      }),
    );
    lessons = lessons.filter(({ result }) => result.attempt.kind === 'ok');
    assert.ok(lessons.length >= 9);
  });
  after(() => threads.close());

  for (const [how, limit, change] of HARMLESS) {
    it(`scores within ${limit} of 100 as much ${how}`, async () => {
      const moved = await Promise.all(
        lessons.map(async (lesson) => {
          const changed = await rescored(lesson, change(lesson.samples));
          return SCORES.map((name) => {
            const by = Math.abs((changed[name] ?? NaN) - (lesson.result[name] ?? NaN));
            return by <= limit ? '' : `"${lesson.sentence}": ${name} moved by ${by.toFixed(1)}`;
          });
        }),
      );
      assert.deepEqual(
        moved.flat().filter((problem) => problem !== ''),
        [],
      );
    });
  }

  it('has similarities of 1 with itself, and its own speed', async () => {
    for (const { sentence, learnerAnalyses, standardAnalyses } of lessons) {
      for (const own of [learnerAnalyses, standardAnalyses]) {
        const result = await score(sentence, own, own);
        const { pitchSimilarity, rhythmSimilarity, pauseSimilarity, speedRatio } = result;
        // Null where the formula is undefined: too little voice, fewer than three syllables.
        for (const one of [pitchSimilarity, rhythmSimilarity, pauseSimilarity, speedRatio]) {
          assert.ok(one === null || one === 1, `"${sentence}": ${one}`);
        }
        assert.equal(speedRatio, 1);
      }
    }
  });

  it('played 1.25 times slower is slower by that much, and the same in melody, rhythm and pauses', async () => {
    for (const lesson of lessons) {
      const { alignment } = lesson.learnerAnalyses;
      const slower = await rescored(lesson, wav(slowed(lesson.samples, 1.25)));
      const ratio = (slower.speedRatio ?? NaN) / (lesson.result.speedRatio ?? NaN);
      assert.equal(alignment.kind, 'aligned');
      assert.ok(ratio < 0.95, `"${lesson.sentence}": ${ratio}`);
      // A gap just below 0.2 s becomes a pause when it is played slower.
      const gaps = lesson.result.fluencyFigures;
      const samePauses = slower.fluencyFigures?.pauseCount === gaps?.pauseCount;
      if (!samePauses) continue;
      assert.ok(Math.abs(ratio - 0.8) < 0.08, `"${lesson.sentence}": ${ratio}`);
      for (const name of ['pitchSimilarity', 'rhythmSimilarity', 'pauseSimilarity'] as const) {
        const by = Math.abs((slower[name] ?? 0) - (lesson.result[name] ?? 0));
        assert.ok(by < 0.15, `"${lesson.sentence}": ${name} moved by ${by}`);
      }
    }
  });

  it('in a flat voice has another melody, and in another sentence is off script', async () => {
    for (const [at, lesson] of lessons.entries()) {
      const flat = await rescored(lesson, wav(monotone(lesson.samples, 110)));
      const { pitchSimilarity } = flat;
      assert.ok(pitchSimilarity === null || pitchSimilarity < 0.2, lesson.sentence);
      const other = lessons[(at + 1) % lessons.length] ?? lesson;
      const wrong = await analyse(wav(lesson.samples), other.sentence);
      const result = await score(other.sentence, wrong, other.standardAnalyses);
      assert.equal(
        result.attempt.kind,
        'off_script',
        `"${lesson.sentence}" as "${other.sentence}"`,
      );
      assert.deepEqual([result.overall, result.rhythmSimilarity], [null, null]);
    }
  });

  it('without one of its words is less complete by its share, and the word is named', async () => {
    let tried = 0;
    for (const lesson of lessons) {
      const { alignment } = lesson.learnerAnalyses;
      if (alignment.kind !== 'aligned' || lesson.result.completeness !== 100) continue;
      // A word of some length inside the sentence, said once: short ones may not be missed.
      const texts = alignment.words.map(({ text }) => text);
      const dropped = alignment.words.findIndex(
        ({ startS, endS, text }, at) =>
          at > 0 &&
          at < texts.length - 1 &&
          endS - startS > 0.25 &&
          texts.indexOf(text) === texts.lastIndexOf(text),
      );
      const word = alignment.words[dropped];
      if (word === undefined) continue;
      tried += 1;
      const shorter = without(lesson.samples, word.startS, word.endS);
      const result = await rescored(lesson, wav(shorter));
      const expected = 100 * (1 - 1 / texts.length);
      assert.ok(
        result.mispronouncedWords.includes(word.text),
        `"${word.text}" of "${lesson.sentence}"`,
      );
      assert.ok(
        Math.abs((result.completeness ?? NaN) - expected) < 0.1,
        `"${word.text}" of "${lesson.sentence}": ${result.completeness ?? 'null'}`,
      );
    }
    assert.ok(tried >= 4, `${tried} recordings`);
  });
});
