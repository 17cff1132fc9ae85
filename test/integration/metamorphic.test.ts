import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { whiteNoise } from '../../bench/white-noise.ts';
import { openAnalysisEngines, type AnalysisEngines } from '../../src/adapters/analysis-engines.ts';
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

/**
 * What is done to a recording; how far its scores may move at most, and half of the recordings,
 * points of 100. The aligner's choices can turn on the last bit of a sample, and white noise hides
 * soft consonants from the acoustic model: docs/scoring.md says what that costs.
 */
const HARMLESS: [string, { most: number; half: number }, (samples: Float32Array) => Uint8Array][] =
  [
    ['12 dB louder, below clipping', { most: 1, half: 0.5 }, (x) => wav(withGain(x, 12))],
    ['12 dB softer', { most: 1, half: 0.5 }, (x) => wav(withGain(x, -12))],
    ['at 44.1 kHz', { most: 1, half: 1 }, (x) => encodeWav(resample(x, RATE_HZ, 44_100), 44_100)],
    [
      'at 48 kHz, stereo, 24 bit',
      { most: 1, half: 1 },
      (x) => stereo24(resample(x, RATE_HZ, 48_000), 48_000),
    ],
    ['with 0.5 s of silence before it', { most: 0.1, half: 0 }, (x) => wav(withSilence(x, 0.5, 0))],
    ['with 0.5 s of silence after it', { most: 0.1, half: 0 }, (x) => wav(withSilence(x, 0, 0.5))],
    ['in white noise 20 dB below it', { most: 20, half: 6 }, (x) => wav(whiteNoise(x, 20))],
  ];

function wav(samples: Float32Array): Uint8Array {
  return encodeWav(samples, RATE_HZ);
}

/** What a recogniser that hears everything would write down: what was said, whatever was asked for. */
function asHeardFreely({ alignment }: Analysed): Transcript {
  assert.ok(alignment.kind === 'aligned');
  const { words } = alignment;
  return {
    recogniser: 'google',
    text: words.map(({ text }) => text).join(' '),
    words: words.map(({ text, startS, endS }) => ({ text, startS, endS, confidence: 0.9 })),
  };
}

describe('a lesson recording', function () {
  this.timeout(300_000);
  let threads: AnalysisEngines;
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
    threads = await openAnalysisEngines({ threads: 2, maxSeconds: 60 });
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

  for (const [how, { most, half }, change] of HARMLESS) {
    it(`scores within ${most} of 100 as much ${how}, half of them within ${half}`, async () => {
      const moved = await Promise.all(
        lessons.map(async (lesson) => {
          const changed = await rescored(lesson, change(lesson.samples));
          const by = SCORES.map((name) =>
            Math.abs((changed[name] ?? NaN) - (lesson.result[name] ?? NaN)),
          );
          return { sentence: lesson.sentence, by: Math.max(...by) };
        }),
      );
      const furthest = moved.toSorted((a, b) => b.by - a.by);
      assert.ok(
        furthest.every(({ by }) => by <= most),
        JSON.stringify(furthest.slice(0, 3)),
      );
      assert.ok((furthest[Math.floor(furthest.length / 2)]?.by ?? NaN) <= half);
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

  it('played 1.25 times slower is slower by that much, and much the same in melody and rhythm', async () => {
    const moved = await Promise.all(
      lessons.map(async (lesson) => {
        const slower = await rescored(lesson, wav(slowed(lesson.samples, 1.25)));
        const ratio = (slower.speedRatio ?? NaN) / (lesson.result.speedRatio ?? NaN);
        assert.ok(ratio < 0.95, `"${lesson.sentence}": ${ratio}`);
        const by = (name: 'pitchSimilarity' | 'rhythmSimilarity') =>
          Math.abs((slower[name] ?? 0) - (lesson.result[name] ?? 0));
        return { ratio, pitch: by('pitchSimilarity'), rhythm: by('rhythmSimilarity') };
      }),
    );
    // A gap just below 0.2 s becomes a pause when it is played slower, and other words are squeezed:
    // the middle of the recordings is what the change itself does.
    const middle = (values: number[]) =>
      values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
    assert.ok(Math.abs(middle(moved.map(({ ratio }) => ratio)) - 0.8) < 0.03);
    assert.ok(middle(moved.map(({ pitch }) => pitch)) < 0.05);
    assert.ok(middle(moved.map(({ rhythm }) => rhythm)) < 0.08);
  });

  it('in a flat voice has another melody', async () => {
    for (const lesson of lessons) {
      const { pitchSimilarity } = await rescored(lesson, wav(monotone(lesson.samples, 110)));
      assert.ok(pitchSimilarity === null || pitchSimilarity < 0.2, lesson.sentence);
    }
  });

  it('is mostly off script as another sentence, and never scores as well as its own', async () => {
    let refused = 0;
    for (const [at, lesson] of lessons.entries()) {
      const other = lessons[(at + 1) % lessons.length] ?? lesson;
      const wrong = await analyse(wav(lesson.samples), other.sentence);
      const result = await score(other.sentence, wrong, other.standardAnalyses);
      if (result.attempt.kind === 'off_script') {
        refused += 1;
        assert.deepEqual([result.overall, result.rhythmSimilarity], [null, null]);
      } else {
        const margin = (lesson.result.overall ?? NaN) - (result.overall ?? NaN);
        assert.ok(margin > 10, `"${lesson.sentence}" as "${other.sentence}": ${margin}`);
      }
    }
    assert.ok(refused >= 0.6 * lessons.length, `${refused} of ${lessons.length}`);
  });

  it('is off script as another sentence where the recogniser does not know the sentence', async () => {
    let refused = 0;
    for (const [at, lesson] of lessons.entries()) {
      const other = lessons[(at + 1) % lessons.length] ?? lesson;
      const wrong = await analyse(wav(lesson.samples), other.sentence);
      const transcript = asHeardFreely(lesson.learnerAnalyses);
      const result = await score(other.sentence, { ...wrong, transcript }, other.standardAnalyses);
      if (result.attempt.kind === 'off_script') refused += 1;
      const own = await score(
        lesson.sentence,
        { ...lesson.learnerAnalyses, transcript },
        lesson.standardAnalyses,
      );
      assert.equal(own.attempt.kind, 'ok', lesson.sentence);
    }
    assert.equal(refused, lessons.length);
  });

  it('without one of its words is mostly less complete by its share, and the word is named', async () => {
    let tried = 0;
    let named = 0;
    for (const lesson of lessons) {
      const { alignment } = lesson.learnerAnalyses;
      if (alignment.kind !== 'aligned' || lesson.result.completeness !== 100) continue;
      // A word of some length inside the sentence, said once: short ones may not be missed.
      const texts = alignment.words.map(({ text }) => text);
      const word = alignment.words.find(
        ({ startS, endS, text }, at) =>
          at > 0 &&
          at < texts.length - 1 &&
          endS - startS > 0.3 &&
          texts.indexOf(text) === texts.lastIndexOf(text),
      );
      if (word === undefined) continue;
      tried += 1;
      const result = await rescored(lesson, wav(without(lesson.samples, word.startS, word.endS)));
      if (result.words.find(({ text }) => text === word.text)?.kind !== 'omitted') continue;
      named += 1;
      assert.ok(result.mispronouncedWords.includes(word.text));
      const omitted = result.words.filter(({ kind }) => kind === 'omitted').length;
      const expected = 100 * (1 - omitted / texts.length);
      assert.ok(Math.abs((result.completeness ?? NaN) - expected) < 0.1);
    }
    assert.ok(tried >= 4 && named >= 0.5 * tried, `${named} of ${tried}`);
  });
});
