import type { Aligned, PitchTrack } from './analyses.ts';
import { ATTEMPT_LIMITS, recordingFigures } from './attempt.ts';
import { say, type Text } from './messages/message.ts';
import { rounded } from './rounded.ts';
import { fluencyFiguresOf } from './speed.ts';
import { timeSpeech } from './timing.ts';

export type StandardFindingCode =
  'silent' | 'clipped' | 'noisy' | 'wrong_sentence' | 'too_slow' | 'unusable';

/** What is wrong with a standard recording, for whoever edits the lessons. */
export interface StandardFinding {
  code: StandardFindingCode;
  /** What it rests on. */
  figures: Record<string, number>;
  /** What is wrong and what to do. */
  message: Text;
}

/** A model recording is held to more than a learner's: 0.1 % clipped samples can be heard. */
const CLIPPED_SHARE = 0.001;
/** Nats, mean over phones: 24 synthesised standards had -5.6 or better, learners go down to -9.4. */
const WRONG_SENTENCE_GOODNESS = -7.5;
/** Every one of 300 learners' recordings had 27 dB or more, the standards 54. */
const NOISY_RANGE_DB = 25;
/**
 * Syllables per second, pauses included. Teachers speak to learners at 3.2 on average, radio and
 * conversation have 4.2 to 4.3 (Tauroza and Allison, 1990, British English).
 */
const TOO_SLOW_BELOW = 2.5;
/** Single words are drawn out even at a natural speed. */
const FEWEST_SYLLABLES = 5;

/**
 * Is the standard fit to be compared with? Findings in order of gravity, none for a sound recording:
 * `silent` (fewer than 10 voiced frames), `wrong_sentence` (mean phone goodness below -7.5),
 * `clipped` (0.1 % of the samples at full scale), `noisy` (less than 25 dB between loud and soft
 * frames), `too_slow` (below 2.5 syllables a second in at least 5 syllables). Scorings go on, with
 * these marks.
 */
export function checkStandard(pitch: PitchTrack, alignment: Aligned): StandardFinding[] {
  const { voicedFrames, clippedShare, energyRangeDb, phoneGoodness } = recordingFigures(
    pitch,
    alignment,
  );
  const timing = timeSpeech(alignment, pitch.energyDb);
  const { speechRate } = fluencyFiguresOf(timing);
  const findings: StandardFinding[] = [];
  if (voicedFrames < ATTEMPT_LIMITS.fewestVoicedFrames) {
    findings.push({
      code: 'silent',
      figures: { voicedFrames },
      message: say('standard_silent', { voicedFrames }),
    });
  }
  if (phoneGoodness !== null && phoneGoodness < WRONG_SENTENCE_GOODNESS) {
    const goodness = rounded(phoneGoodness, 2);
    findings.push({
      code: 'wrong_sentence',
      figures: { phoneGoodness: goodness },
      message: say('standard_wrong_sentence', { goodness }),
    });
  }
  if (clippedShare >= CLIPPED_SHARE) {
    findings.push({
      code: 'clipped',
      figures: { clippedShare: rounded(clippedShare, 4) },
      message: say('standard_clipped', { percent: rounded(100 * clippedShare, 1) }),
    });
  }
  if (energyRangeDb !== null && energyRangeDb < NOISY_RANGE_DB) {
    const rangeDb = rounded(energyRangeDb, 1);
    findings.push({
      code: 'noisy',
      figures: { energyRangeDb: rangeDb },
      message: say('standard_noisy', { rangeDb }),
    });
  }
  if (timing.syllableCount >= FEWEST_SYLLABLES && speechRate < TOO_SLOW_BELOW) {
    const rate = rounded(speechRate, 1);
    findings.push({
      code: 'too_slow',
      figures: { speechRate: rounded(speechRate, 2) },
      message: say('standard_too_slow', { rate }),
    });
  }
  return findings;
}

/** The finding about a standard that nothing can be compared with. */
export function unusableStandard(): StandardFinding {
  return { code: 'unusable', figures: {}, message: say('standard_unusable', {}) };
}
