/** Timing of a whole sentence against the standard, before anything fitted is used. */
import { matchSyllables } from '../match-syllables.ts';
import { pauseSimilarity } from '../pause-similarity.ts';
import { compareRhythm } from '../rhythm-similarity.ts';
import { compareSpeed } from '../speed.ts';
import type { Timing } from '../timing.ts';
import { logistic, spread } from './statistics.ts';

const SHORTEST_S = 0.03;
type Values = Record<string, number | null>;

/** Seconds up to which a silence counts by half in `softPauses`, and how gradually. */
const HALF_PAUSE_S = 0.15;
const PAUSE_SLOPE_S = 0.03;

/** Timing of the sentence against the standard; null where undefined. */
export function utteranceRow(learner: Timing, standard: Timing): Values {
  const matched = matchSyllables(learner, standard);
  const gaps = learner.gapsS;
  const boundaries = Math.max(1, gaps.length);
  const counted = gaps.filter((gap) => gap >= 0.15).length;
  const soft = sum(gaps.map((gap) => logistic((gap - HALF_PAUSE_S) / PAUSE_SLOPE_S)));
  const phones = sum(learner.words.map((word) => word.phones.length));
  const syllables = learner.syllableCount;
  return {
    rhythm: compareRhythm(matched)?.similarity ?? null,
    vowelDeviation: deviation(matched.map((m) => logRatio(m.learner.vowel, m.standard.vowel))),
    syllableDeviation: deviation(
      matched.map((m) => logRatio(m.learner.syllable, m.standard.syllable)),
    ),
    pauseSimilarity: pauseSimilarity(learner, standard),
    overallRate: compareSpeed(learner, standard)?.overallLog2Ratio ?? null,
    pauseCount: counted,
    pauseShare: sum(gaps.filter((gap) => gap >= 0.1)) / learner.spanS,
    pausesPerGap: counted / boundaries,
    longestPause: Math.log(0.1 + Math.max(0, ...gaps)),
    softPauses: soft,
    softPausesPerGap: soft / boundaries,
    syllableRate: syllables === 0 ? null : Math.log(syllables / learner.spanS),
    phoneSpanRate: Math.log(phones / learner.spanS),
  };
}

interface Timed {
  startS: number;
  endS: number;
}

function logRatio(learner: Timed, standard: Timed): number {
  const length = (unit: Timed): number => Math.max(SHORTEST_S, unit.endS - unit.startS);
  return Math.log(length(learner) / length(standard));
}

function deviation(values: readonly number[]): number | null {
  return values.length < 2 ? null : spread(values);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
