/** Generated inputs of the scorer: plausible recordings, and any of the right shape. */
import fc from 'fast-check';
import type { Alignment, PitchTrack, Transcript } from '../../src/scoring/analyses.ts';
import type { PlannedWord, SpeechPlan } from './made-speech.ts';

const consonants = fc.constantFrom('B', 'T', 'K', 'S', 'M', 'N', 'L', 'R', 'Z');
const vowels = fc.constantFrom('AA1', 'AH0', 'IY1', 'EY1', 'UW0', 'OW1', 'ER0');

const word: fc.Arbitrary<PlannedWord> = fc.record({
  text: fc.constantFrom('tom', 'likes', 'the', 'old', 'sweater', 'gym', "let's"),
  syllables: fc.array(fc.tuple(consonants, vowels), { minLength: 1, maxLength: 3 }),
});

const seconds = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 100, max: max * 100 }).map((frames) => frames / 100);

/** A spoken sentence of 1–8 words: phones of 30–300 ms, gaps up to 0.6 s, some melody. */
export const speechPlan: fc.Arbitrary<SpeechPlan> = fc.record({
  words: fc.array(word, { minLength: 1, maxLength: 8 }),
  phoneS: fc.array(seconds(0.03, 0.3), { minLength: 48, maxLength: 48 }),
  gapsS: fc.array(fc.oneof(fc.constant(0), seconds(0.03, 0.6)), { minLength: 8, maxLength: 8 }),
  edgeS: seconds(0, 0.5),
  hz: fc.integer({ min: 90, max: 350 }),
  melody: fc
    .tuple(fc.double({ min: 1, max: 6, noNaN: true }), fc.double({ min: 4, max: 20, noNaN: true }))
    .map(
      ([height, speed]) =>
        (share: number) =>
          height * Math.sin(share * speed),
    ),
  goodness: fc.double({ min: -12, max: 0, noNaN: true }),
});

const anyNumber = fc.oneof(
  fc.double({ min: -20, max: 20, noNaN: true }),
  fc.constantFrom(0, 1, 0.01, 1e6, -1e6, Number.MIN_VALUE),
);
const index = fc.integer({ min: -1, max: 5 });
const stress = fc.constantFrom(0 as const, 1 as const, 2 as const);

const anyAlignment: fc.Arbitrary<Alignment> = fc.record({
  kind: fc.constant('aligned' as const),
  words: fc.array(
    fc.record({
      text: fc.oneof(fc.constantFrom('a', 'b', 'the'), fc.string()),
      startS: anyNumber,
      endS: anyNumber,
      phones: fc.array(
        fc.record({
          phone: fc.oneof(vowels, consonants, fc.string()),
          stress: fc.option(stress),
          startS: anyNumber,
          endS: anyNumber,
          goodness: anyNumber,
        }),
        { maxLength: 4 },
      ),
      syllables: fc.array(
        fc.record({
          firstPhone: index,
          phoneCount: index,
          vowel: index,
          stress,
          startS: anyNumber,
          endS: anyNumber,
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 6 },
  ),
});

const contour = fc.record({
  startS: anyNumber,
  stepS: fc.oneof(fc.constant(0.01), anyNumber),
  hz: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 60, max: 600, noNaN: true })), {
    maxLength: 60,
  }),
});

/** As the database gives it back; JSON has no -0. */
function kept<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Of the right shape, with no promise about times, order or lengths. */
export const anyRecording: fc.Arbitrary<{ pitch: PitchTrack; alignment: Alignment }> = fc
  .record({
    pitch: fc.record({
      durationS: fc.oneof(fc.constant(2), anyNumber),
      contour,
      refined: contour,
      energyDb: fc.array(fc.double({ min: -120, max: 0, noNaN: true }), { maxLength: 60 }),
      clippedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    alignment: anyAlignment,
  })
  .map(kept);

export const anyTranscript: fc.Arbitrary<Transcript | null> = fc.option(
  fc
    .record({
      text: fc.string(),
      words: fc.array(
        fc.record({
          text: fc.oneof(fc.constantFrom('a', 'the', '25', 'It’s'), fc.string()),
          startS: anyNumber,
          endS: anyNumber,
          confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        }),
        { maxLength: 6 },
      ),
    })
    .map(kept),
);
