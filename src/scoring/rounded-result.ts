/** Figures as they are stored: rounded, finite, without -0. */
import type { Attempt } from './attempt.ts';
import type { Contributions, Evidence } from './explanation.ts';
import { rounded } from './rounded.ts';
import type { FluencyFigures } from './speed.ts';

export function roundedAttempt(attempt: Attempt): Attempt {
  return {
    kind: attempt.kind,
    durationS: rounded(attempt.durationS, 2),
    voicedFrames: attempt.voicedFrames,
    clippedShare: rounded(attempt.clippedShare, 4),
    energyRangeDb: rounded(attempt.energyRangeDb, 1),
    frameGoodness: rounded(attempt.frameGoodness, 2),
    phoneGoodness: rounded(attempt.phoneGoodness, 2),
    offScriptOdds: rounded(attempt.offScriptOdds, 2),
    heardShare: rounded(attempt.heardShare, 2),
  };
}

export function roundedFigures(figures: FluencyFigures): FluencyFigures {
  return {
    speechRate: rounded(figures.speechRate, 2),
    articulationRate: rounded(figures.articulationRate, 2),
    pauseCount: figures.pauseCount,
    pauseTotalS: rounded(figures.pauseTotalS, 2),
    longestPauseS: rounded(figures.longestPauseS, 2),
    meanRunLength: rounded(figures.meanRunLength, 2),
  };
}

/** To a hundredth of a point, so that the parts still add up to the score's one decimal. */
export function roundedContributions({ base, parts, limit }: Contributions): Contributions {
  return {
    base: rounded(base, 2),
    parts: parts.map(({ part, points, evidence }) => ({
      part,
      points: rounded(points, 2),
      evidence: roundedEvidence(evidence),
    })),
    limit: rounded(limit, 2),
  };
}

function roundedEvidence(evidence: Evidence): Evidence {
  switch (evidence.kind) {
    case 'sounds':
    case 'words':
      return evidence;
    case 'rhythm':
      return { ...evidence, similarity: rounded(evidence.similarity, 3) };
    case 'speed':
      return {
        kind: 'speed',
        learnerRate: rounded(evidence.learnerRate, 2),
        standardRate: rounded(evidence.standardRate, 2),
      };
    case 'pauses':
      return {
        kind: 'pauses',
        gaps: evidence.gaps.map(({ afterWord, durationS }) => ({
          afterWord,
          durationS: rounded(durationS, 2),
        })),
      };
  }
}
