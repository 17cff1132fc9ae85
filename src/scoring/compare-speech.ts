import type { Aligned, PitchTrack } from './analyses.ts';
import { matchSyllables } from './match-syllables.ts';
import { pauseSimilarity } from './pause-similarity.ts';
import { comparePitch, type PitchComparison } from './pitch-similarity.ts';
import { compareRhythm, type RhythmComparison } from './rhythm-similarity.ts';
import { compareSpeed, type SpeedComparison } from './speed.ts';
import { timeSpeech, type Timing } from './timing.ts';

/** A recording that holds the sentence. */
export interface Speech {
  pitch: PitchTrack;
  alignment: Aligned;
}

/** Learner against standard; each comparison is null where it is undefined. */
export interface SpeechComparison {
  learner: Timing;
  standard: Timing;
  pitch: PitchComparison | null;
  rhythm: RhythmComparison | null;
  /** 0–1. */
  pauseSimilarity: number | null;
  speed: SpeedComparison | null;
}

/** Times both recordings and compares them; both alignments are of the same sentence. */
export function compareSpeech(learner: Speech, standard: Speech): SpeechComparison {
  const learnerTiming = timeSpeech(learner.alignment, learner.pitch.energyDb);
  const standardTiming = timeSpeech(standard.alignment, standard.pitch.energyDb);
  const matched = matchSyllables(learnerTiming, standardTiming);
  return {
    learner: learnerTiming,
    standard: standardTiming,
    pitch: comparePitch(
      matched,
      { timing: learnerTiming, pitch: learner.pitch },
      { timing: standardTiming, pitch: standard.pitch },
    ),
    rhythm: compareRhythm(matched),
    pauseSimilarity: pauseSimilarity(learnerTiming, standardTiming),
    speed: compareSpeed(learnerTiming, standardTiming),
  };
}
