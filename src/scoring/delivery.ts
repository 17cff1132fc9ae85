import type { SpeechComparison } from './compare-speech.ts';
import { clauseEnds } from './clause-ends.ts';
import { rounded } from './rounded.ts';
import type { Timing } from './timing.ts';

/**
 * A silence from here on is heard as a break, seconds: the threshold that best tells the fluency of
 * second-language speech (de Jong and Bosker, 2013; Goldman-Eisler, 1968).
 */
const BREAK_S = 0.25;
/** A silence up to here is the closure of a stop, seconds: no break. Between the two, no verdict. */
const NO_BREAK_S = 0.1;
/** A melody with less than this share of the standard's range is a monotone; good learners have .9. */
const MONOTONE_RANGE_RATIO = 0.35;

/** A silence after a word. */
export interface Break {
  /** Index of the word in the sentence. */
  afterWord: number;
  word: string;
  /** Of the silence: the learner's, for a missing break the standard's. */
  durationS: number;
}

export interface Delivery {
  /** Silences of the learner where the standard goes on, and no clause ends. */
  unexpectedBreaks: Break[];
  /** Silences of the standard where the learner goes on. */
  missingBreaks: Break[];
  /** Null where there is no melody to compare. */
  monotone: boolean | null;
}

/**
 * Names the learner's breaks that do not belong, those that are missing, and a monotone.
 *
 * An unexpected break lasts 0.25 s or more where the standard has at most 0.1 s and the text no
 * punctuation; a missing break is one of the standard's of 0.25 s or more where the learner has at
 * most 0.1 s. A monotone has less than .35 of the standard's pitch range (standard deviations in
 * semitones). `sentence` is the text as written; both timings are of its words.
 */
export function deliveryOf(sentence: string, comparison: SpeechComparison): Delivery {
  const { learner, standard, pitch } = comparison;
  const clauses = clauseEnds(
    sentence,
    learner.words.map((word) => word.text),
  );
  return {
    unexpectedBreaks: breaks(learner, standard).filter(({ afterWord }) => !clauses.has(afterWord)),
    missingBreaks: breaks(standard, learner),
    monotone: pitch === null ? null : pitch.rangeRatio < MONOTONE_RANGE_RATIO,
  };
}

/** Where `one` breaks off and `other` goes on. */
function breaks(one: Timing, other: Timing): Break[] {
  if (one.gapsS.length !== other.gapsS.length) return [];
  return one.gapsS.flatMap((gap, index) =>
    gap >= BREAK_S && (other.gapsS[index] ?? 0) <= NO_BREAK_S
      ? [{ afterWord: index, word: one.words[index]?.text ?? '', durationS: rounded(gap, 2) }]
      : [],
  );
}
