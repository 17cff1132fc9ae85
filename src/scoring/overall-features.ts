import { percentile } from './percentile.ts';
import { phoneDeviations } from './phone-goodness.ts';
import type { Timing } from './timing.ts';

/** The model counts shorter silences than the pause figures do; it was fitted so. */
const COUNTED_GAP_S = 0.15;
const MOST_COUNTED = 8;

/** What the score model reads; null where undefined, then the training median stands in. */
export interface OverallFeatures {
  /** 10th percentile of the phones' goodness z-scores: the worst sounds. */
  worstPhonesGoodness: number | null;
  /** Mean of the phones' goodness z-scores. */
  meanGoodness: number | null;
  /** 0–1. */
  rhythmSimilarity: number | null;
  /** log2 of the ratio of syllable rates, pauses included, learner to standard. */
  overallRateLog2Ratio: number | null;
  /** Silences of at least 0.15 s between words, at most 8. */
  pauseCount: number | null;
  /** RMS of the phones' log duration z-scores, recording edges trimmed. */
  phoneDurationDeviation: number | null;
}

/** The learner's six features; goodness and durations need no standard. */
export function overallFeatures(
  learner: Timing,
  compared: { rhythmSimilarity: number | null; overallRateLog2Ratio: number | null },
): OverallFeatures {
  const deviations = learner.words.flatMap(phoneDeviations);
  const goodness = deviations.map((deviation) => deviation.goodness);
  const squared = deviations.map((deviation) => deviation.duration * deviation.duration);
  const durationSquare = mean(squared);
  return {
    worstPhonesGoodness: percentile(goodness, 10),
    meanGoodness: mean(goodness),
    rhythmSimilarity: compared.rhythmSimilarity,
    overallRateLog2Ratio: compared.overallRateLog2Ratio,
    pauseCount: Math.min(MOST_COUNTED, learner.gapsS.filter((gap) => gap >= COUNTED_GAP_S).length),
    phoneDurationDeviation: durationSquare === null ? null : Math.sqrt(durationSquare),
  };
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
