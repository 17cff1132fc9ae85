import { named, type Advice } from './advice.ts';
import type { SpeechComparison } from './compare-speech.ts';
import type { PitchComparison } from './pitch-similarity.ts';
import { rounded } from './rounded.ts';
import { PAUSE_S, type Timing } from './timing.ts';

// Between what good (>= 9) and weak (<= 5.5) learners of speechocean762 reach: pauses 1.0 and .20,
// rhythm .76 and .31. Speed: the median learner speaks at .65 of a synthesised standard.
const WEAK_PAUSES = 0.7;
const WEAK_RHYTHM = 0.5;
const SLOW = 0.6;
const FAST = 1.4;
// The melody tells good and weak learners hardly apart (.71 and .66): only clear cases.
const WEAK_MELODY = 0.4;
const FLAT_RANGE = 0.35;

/** Advice about pauses, speed, rhythm and melody, in that order: as experts weigh them. */
export function deliveryAdvice(comparison: SpeechComparison): Advice[] {
  return [
    pauseAdvice(comparison),
    speedAdvice(comparison.speed?.ratio ?? null),
    rhythmAdvice(comparison),
    melodyAdvice(comparison.pitch),
  ].filter((advice) => advice !== null);
}

function pauseAdvice({ learner, standard, pauseSimilarity }: SpeechComparison): Advice | null {
  if (pauseSimilarity === null || pauseSimilarity >= WEAK_PAUSES) return null;
  const extra = wordsBeforePauses(learner, standard);
  const missing = wordsBeforePauses(standard, learner);
  const evidence = { pauseSimilarity: rounded(pauseSimilarity, 3) };
  if (extra.length > 0) {
    const times = ['once', 'twice'][extra.length - 1] ?? `${extra.length} times`;
    return {
      code: 'extra_pauses',
      text: `You paused ${times} where the standard does not, after ${named(extra)}: try to say these words in one breath.`,
      evidence: { ...evidence, after: extra },
    };
  }
  if (missing.length === 0) return null;
  return {
    code: 'missing_pauses',
    text: `Take a short pause after ${named(missing)}, as the standard does.`,
    evidence: { ...evidence, after: missing },
  };
}

/** Words of `one` followed by a pause where `other` has none. */
function wordsBeforePauses(one: Timing, other: Timing): string[] {
  return one.gapsS.flatMap((gap, index) =>
    gap >= PAUSE_S && (other.gapsS[index] ?? 0) < PAUSE_S ? [one.words[index]?.text ?? ''] : [],
  );
}

function speedAdvice(ratio: number | null): Advice | null {
  if (ratio === null || (ratio >= SLOW && ratio <= FAST)) return null;
  const percent = Math.round(ratio * 100);
  const evidence = { speedRatio: rounded(ratio, 3) };
  return ratio < SLOW
    ? {
        code: 'too_slow',
        text: `You spoke at about ${percent} % of the standard's speed: join the words and speak a little faster.`,
        evidence,
      }
    : {
        code: 'too_fast',
        text: `You spoke at about ${percent} % of the standard's speed: take your time with each word.`,
        evidence,
      };
}

function rhythmAdvice({ rhythm, learner }: SpeechComparison): Advice | null {
  if (rhythm === null || rhythm.similarity >= WEAK_RHYTHM) return null;
  const word = learner.words[rhythm.furthest.word]?.text ?? '';
  const change = rhythm.furthest.logRatio > 0 ? 'shorter' : 'longer';
  return {
    code: 'rhythm',
    text: `Follow the rhythm of the standard: make ${named([word])} ${change}, and stress the same syllables.`,
    evidence: { rhythmSimilarity: rounded(rhythm.similarity, 3), word },
  };
}

function melodyAdvice(pitch: PitchComparison | null): Advice | null {
  if (pitch === null || pitch.similarity >= WEAK_MELODY) return null;
  const evidence = {
    pitchSimilarity: rounded(pitch.similarity, 3),
    rangeRatio: rounded(pitch.rangeRatio, 2),
  };
  return pitch.rangeRatio < FLAT_RANGE
    ? {
        code: 'flat_melody',
        text: 'Your voice stayed rather flat: let it rise and fall as in the standard.',
        evidence,
      }
    : {
        code: 'melody',
        text: 'Listen to where the voice of the standard rises and falls, and follow its melody.',
        evidence,
      };
}
