import { advise, intervalOf, type Advice } from './advice.ts';
import type { SpeechComparison } from './compare-speech.ts';
import type { Break, Delivery } from './delivery.ts';
import { named, say } from './messages/message.ts';
import { rounded } from './rounded.ts';

// Between what good (>= 9) and weak (<= 5.5) learners of speechocean762 reach: rhythm .76 and .31.
// Speed: the median learner speaks at .65 of a synthesised standard.
const WEAK_RHYTHM = 0.5;
const SLOW = 0.6;
const FAST = 1.4;
// The melody tells good and weak learners hardly apart (.71 and .66): only clear cases.
const WEAK_MELODY = 0.4;

// Points of 100 that experts' totals differ by, from a ridge fit on speechocean762: 3 for each
// break, 6 for each halving of the speed, 12 for a rhythm of 0 instead of 1. Long breaks are heard
// as worse; melody has no effect in that corpus and comes last.
const POINTS_PER_BREAK = 3;
const POINTS_PER_BREAK_SECOND = 4;
const POINTS_PER_OCTAVE_OF_SPEED = 8;
const POINTS_OF_RHYTHM = 12;
const POINTS_OF_MONOTONE = 3;
const POINTS_OF_MELODY = 2;

/** Advice about breaks, speed, rhythm and melody. */
export function deliveryAdvice(comparison: SpeechComparison, delivery: Delivery): Advice[] {
  return [
    unexpectedAdvice(comparison, delivery.unexpectedBreaks),
    missingAdvice(comparison, delivery.missingBreaks),
    speedAdvice(comparison),
    rhythmAdvice(comparison),
    melodyAdvice(comparison, delivery),
  ].filter((advice) => advice !== null);
}

function unexpectedAdvice(comparison: SpeechComparison, breaks: readonly Break[]): Advice | null {
  const longestFirst = breaks.toSorted((a, b) => b.durationS - a.durationS);
  const [longest] = longestFirst;
  if (!longest) return null;
  const totalS = breaks.reduce((sum, { durationS }) => sum + durationS, 0);
  const after = longestFirst.map(({ word }) => word);
  const words = named(after);
  return advise(
    {
      code: 'extra_pauses',
      evidence: { after, totalS: rounded(totalS, 2) },
      importance: POINTS_PER_BREAK * breaks.length + POINTS_PER_BREAK_SECOND * totalS,
      text:
        breaks.length === 1
          ? say('extra_pauses_one', { words })
          : say('extra_pauses_many', { count: breaks.length, words }),
    },
    around(comparison, longest),
  );
}

function missingAdvice(comparison: SpeechComparison, breaks: readonly Break[]): Advice | null {
  const [first] = breaks;
  if (!first) return null;
  const after = breaks.map(({ word }) => word);
  return advise(
    {
      code: 'missing_pauses',
      evidence: { after },
      importance: POINTS_PER_BREAK * breaks.length,
      text: say('missing_pauses', { words: named(after) }),
    },
    around(comparison, first),
  );
}

/** Both words of the boundary, in both recordings. */
function around({ learner, standard }: SpeechComparison, { afterWord }: Break) {
  return {
    listen: intervalOf(learner.words, afterWord, afterWord + 1),
    listenStandard: intervalOf(standard.words, afterWord, afterWord + 1),
  };
}

function speedAdvice({ speed }: SpeechComparison): Advice | null {
  if (speed === null || (speed.ratio >= SLOW && speed.ratio <= FAST)) return null;
  const code = speed.ratio < SLOW ? 'too_slow' : 'too_fast';
  return advise({
    code,
    evidence: { speedRatio: rounded(speed.ratio, 3) },
    importance: POINTS_PER_OCTAVE_OF_SPEED * Math.abs(Math.log2(speed.ratio)),
    text: say(code, { percent: Math.round(speed.ratio * 100) }),
  });
}

function rhythmAdvice({ rhythm, learner, standard }: SpeechComparison): Advice | null {
  if (rhythm === null || rhythm.similarity >= WEAK_RHYTHM) return null;
  const { word: index, logRatio } = rhythm.furthest;
  const word = learner.words[index]?.text ?? '';
  return advise(
    {
      code: 'rhythm',
      evidence: { rhythmSimilarity: rounded(rhythm.similarity, 3), word },
      importance: POINTS_OF_RHYTHM * (1 - rhythm.similarity),
      text: say(logRatio > 0 ? 'rhythm_shorter' : 'rhythm_longer', { words: named([word]) }),
    },
    { listen: intervalOf(learner.words, index), listenStandard: intervalOf(standard.words, index) },
  );
}

function melodyAdvice({ pitch }: SpeechComparison, { monotone }: Delivery): Advice | null {
  if (pitch === null || (monotone !== true && pitch.similarity >= WEAK_MELODY)) return null;
  const evidence = {
    pitchSimilarity: rounded(pitch.similarity, 3),
    rangeRatio: rounded(pitch.rangeRatio, 2),
  };
  return monotone === true
    ? advise({
        code: 'flat_melody',
        evidence,
        importance: POINTS_OF_MONOTONE,
        text: say('flat_melody', {}),
      })
    : advise({ code: 'melody', evidence, importance: POINTS_OF_MELODY, text: say('melody', {}) });
}
