import { FRAME_S, type PitchTrack } from './analyses.ts';
import type { MatchedSyllable } from './match-syllables.ts';
import { melodyOf } from './melody.ts';
import { silenceLevel } from './silence-level.ts';
import type { Timing } from './timing.ts';

const POINTS_PER_SYLLABLE = 10;
const FEWEST_SYLLABLES = 3;
const FEWEST_JOINT_POINTS = 15;
/** From this share of the standard's range on, a smaller range costs nothing. */
const FULL_RANGE_SHARE = 0.6;
const SMALLEST_RANGE_SEMITONES = 0.3;

export interface SpokenPitch {
  timing: Timing;
  pitch: PitchTrack;
}

export interface PitchComparison {
  /** 0–1; 1 for the same melody in any register. */
  similarity: number;
  /** Learner's pitch range over the standard's (standard deviations in semitones). */
  rangeRatio: number;
}

/** One of ten equally spaced points of a matched syllable, in both recordings. */
interface JointPoint {
  learner: number;
  standard: number;
  /** 0 where one of them is unvoiced there. */
  weight: number;
}

/**
 * Is this the melody of the standard? Says only that: against experts' prosody it has no useful
 * correlation (.13 on speechocean762), and it must carry no weight in an overall score.
 *
 * min(1, (σL / max(σS, 0.3)) / 0.6) · (1 + r) / 2 with r and σ the weighted Pearson correlation and
 * standard deviations, in semitones, over ten points per matched syllable of the `refined` contours;
 * weight = √(aL·aS) where both are voiced, a the amplitude relative to the loudest speech.
 * Null for fewer than 3 matched syllables, fewer than 3 with 2 jointly voiced points, fewer than 15
 * such points, or a standard without melody (σS < 0.18 st: the formula would not give 1 for
 * identical recordings).
 */
export function comparePitch(
  matched: readonly MatchedSyllable[],
  learner: SpokenPitch,
  standard: SpokenPitch,
): PitchComparison | null {
  if (matched.length < FEWEST_SYLLABLES) return null;
  const points = jointPoints(matched, learner, standard);
  if (points === null || !enough(points)) return null;
  const { r, learnerSd, standardSd } = weightedCorrelation(points);
  if (standardSd < FULL_RANGE_SHARE * SMALLEST_RANGE_SEMITONES) return null;
  const range = learnerSd / Math.max(standardSd, SMALLEST_RANGE_SEMITONES) / FULL_RANGE_SHARE;
  return {
    similarity: (Math.min(1, range) * (1 + r)) / 2,
    rangeRatio: learnerSd / standardSd,
  };
}

function jointPoints(
  matched: readonly MatchedSyllable[],
  learner: SpokenPitch,
  standard: SpokenPitch,
): JointPoint[] | null {
  const readLearner = reader(learner);
  const readStandard = reader(standard);
  if (readLearner === null || readStandard === null) return null;
  return matched.flatMap((unit) =>
    Array.from({ length: POINTS_PER_SYLLABLE }, (_, point) => {
      const share = (point + 0.5) / POINTS_PER_SYLLABLE;
      const a = readLearner(unit.learner.syllable, share);
      const b = readStandard(unit.standard.syllable, share);
      const weight = a.voiced && b.voiced ? Math.sqrt(a.amplitude * b.amplitude) : 0;
      return { learner: a.semitones, standard: b.semitones, weight };
    }),
  );
}

interface PitchPoint {
  semitones: number;
  voiced: boolean;
  /** Relative to the 97th percentile of the recording. */
  amplitude: number;
}

type PitchReader = (interval: { startS: number; endS: number }, share: number) => PitchPoint;

/** Reads pitch and amplitude at a share (0–1) of an interval. Null where there is no melody. */
function reader({ timing, pitch }: SpokenPitch): PitchReader | null {
  const level = silenceLevel(pitch.energyDb);
  const melody = melodyOf(pitch.refined, timing.words, pitch.energyDb.length);
  if (level === null || melody === null) return null;
  return ({ startS, endS }, share) => {
    const at = Math.floor((startS + (endS - startS) * share) / FRAME_S);
    const frame = Math.min(Math.max(at, 0), pitch.energyDb.length - 1);
    return {
      semitones: melody.semitones[frame] ?? 0,
      voiced: melody.voiced[frame] ?? false,
      amplitude: 10 ** (((pitch.energyDb[frame] ?? 0) - level.loudDb) / 20),
    };
  };
}

function enough(points: readonly JointPoint[]): boolean {
  const voiced = points.flatMap((point, index) => (point.weight > 0 ? [index] : []));
  const perSyllable = new Map<number, number>();
  for (const index of voiced) {
    const syllable = Math.floor(index / POINTS_PER_SYLLABLE);
    perSyllable.set(syllable, (perSyllable.get(syllable) ?? 0) + 1);
  }
  const syllables = [...perSyllable.values()].filter((count) => count >= 2).length;
  return voiced.length >= FEWEST_JOINT_POINTS && syllables >= FEWEST_SYLLABLES;
}

/** Weighted Pearson correlation (0 where undefined) and standard deviations. */
function weightedCorrelation(points: readonly JointPoint[]): {
  r: number;
  learnerSd: number;
  standardSd: number;
} {
  const total = points.reduce((sum, point) => sum + point.weight, 0);
  const mean = (value: (point: JointPoint) => number): number =>
    points.reduce((sum, point) => sum + point.weight * value(point), 0) / total;
  const learnerMean = mean((point) => point.learner);
  const standardMean = mean((point) => point.standard);
  const learnerVar = mean((point) => (point.learner - learnerMean) * (point.learner - learnerMean));
  const standardVar = mean(
    (point) => (point.standard - standardMean) * (point.standard - standardMean),
  );
  const both = mean((point) => (point.learner - learnerMean) * (point.standard - standardMean));
  const r = both / Math.sqrt(learnerVar * standardVar);
  return {
    r: Number.isFinite(r) ? Math.min(1, Math.max(-1, r)) : 0,
    learnerSd: Math.sqrt(learnerVar),
    standardSd: Math.sqrt(standardVar),
  };
}
