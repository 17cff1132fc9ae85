import type { OverallFeatures } from './overall-features.ts';
import model from './overall-model.json' with { type: 'json' };

export type ScoreName = 'accuracy' | 'fluency' | 'prosody' | 'overall';

/** Why a score is what it is: `base + Σ points + limit` is the score. */
export interface Contributions {
  /** The score of a typical learner: every feature at its training median. */
  base: number;
  parts: Contribution[];
  /** What keeping the score within 0–100 added or took away. */
  limit: number;
}

export interface Contribution {
  feature: keyof OverallFeatures;
  /** As the model read it: the median where it was undefined, clipped to the training range. */
  value: number;
  /** Points gained or lost against a typical learner. */
  points: number;
}

export interface ModelScore {
  /** 0–100. */
  score: number;
  contributions: Contributions;
}

const featureKeys = [
  'worstPhonesGoodness',
  'meanGoodness',
  'rhythmSimilarity',
  'overallRateLog2Ratio',
  'pauseCount',
  'phoneDurationDeviation',
] as const satisfies readonly (keyof OverallFeatures)[];

/** From the experts' scale of 0–10. */
const POINTS_PER_MARK = 10;

/**
 * Predicts one of the experts' four scores, 0–100, with the ridge model T6: a weighted sum of six
 * features, each clipped to the 0.5–99.5 percentiles seen in training. Pearson with the median
 * expert, speaker-grouped cross-validation on speechocean762's training split: accuracy .751,
 * fluency .802, prosody .781, overall .776; on its test split .688, .756, .752, .731.
 */
export function modelScore(name: ScoreName, features: OverallFeatures): ModelScore {
  let base = model.intercepts[name] * POINTS_PER_MARK;
  const parts: Contribution[] = [];
  for (const feature of featureKeys) {
    const { median, low, high, weights } = model.features[feature];
    const weight = weights[name] * POINTS_PER_MARK;
    const value = Math.min(high, Math.max(low, features[feature] ?? median));
    base += weight * median;
    parts.push({ feature, value, points: weight * (value - median) });
  }
  const sum = parts.reduce((total, part) => total + part.points, base);
  const score = Math.min(100, Math.max(0, sum));
  return { score, contributions: { base, parts, limit: score - sum } };
}
