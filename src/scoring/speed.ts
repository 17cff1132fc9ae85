import { pausesOf, type Timing, PAUSE_S } from './timing.ts';

export interface SpeedComparison {
  /** Learner's articulation rate over the standard's; > 0, 1 for the same. */
  ratio: number;
  /** log2 of the ratio of the overall rates, pauses included; 0 for the same. */
  overallLog2Ratio: number;
}

export interface FluencyFigures {
  /** Syllables per second from first to last phone, pauses included. */
  speechRate: number;
  /** Syllables per second without pauses. */
  articulationRate: number;
  /** Silences of at least 0.2 s between words. */
  pauseCount: number;
  pauseTotalS: number;
  longestPauseS: number;
  /** Syllables spoken between two pauses, on average. */
  meanRunLength: number;
}

/**
 * How fast the learner speaks against the standard. Null where one of them has no syllable. The
 * articulation rate tells the tempo, the overall rate agrees better with experts (fluency:
 * Pearson .61 and .72 on speechocean762's training split).
 */
export function compareSpeed(learner: Timing, standard: Timing): SpeedComparison | null {
  if (learner.syllableCount === 0 || standard.syllableCount === 0) return null;
  return {
    ratio:
      learner.syllableCount /
      learner.articulationS /
      (standard.syllableCount / standard.articulationS),
    overallLog2Ratio: Math.log2(
      learner.syllableCount / learner.spanS / (standard.syllableCount / standard.spanS),
    ),
  };
}

/** Rates and pauses of one recording. */
export function fluencyFiguresOf(timing: Timing): FluencyFigures {
  const pauses = pausesOf(timing.gapsS);
  return {
    speechRate: timing.syllableCount / timing.spanS,
    articulationRate: timing.syllableCount / timing.articulationS,
    pauseCount: pauses.length,
    pauseTotalS: pauses.reduce((sum, pause) => sum + pause, 0),
    longestPauseS: Math.max(0, ...pauses),
    meanRunLength: timing.syllableCount / runCount(timing),
  };
}

/** Stretches between pauses that hold at least one syllable; at least 1. */
function runCount(timing: Timing): number {
  let runs = 0;
  let inRun = false;
  for (const [index, word] of timing.words.entries()) {
    if (index > 0 && (timing.gapsS[index - 1] ?? 0) >= PAUSE_S) inRun = false;
    if (!inRun && word.syllables.length > 0) {
      runs += 1;
      inRun = true;
    }
  }
  return Math.max(1, runs);
}
