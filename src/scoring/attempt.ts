import type { Aligned, Alignment, PitchTrack } from './analyses.ts';
import { FRAME_S } from './analyses.ts';
import { OFF_SCRIPT_ODDS, offScriptOdds } from './model/script-fit.ts';
import { percentile } from './percentile.ts';
import { soundingFrames } from './silence-level.ts';

export type AttemptKind = 'ok' | 'silent' | 'too_short' | 'clipped' | 'noisy' | 'off_script';

/** What kind of recording this is, and the figures that say so. */
export interface Attempt extends RecordingFigures {
  kind: AttemptKind;
}

export interface RecordingFigures {
  durationS: number;
  voicedFrames: number;
  /** Share of samples at full scale, 0–1. */
  clippedShare: number;
  /** 97th minus 5th percentile of the energies of frames that hold something, dB; null without frames. */
  energyRangeDb: number | null;
  /** Goodness per 10 ms frame over all phones, nats, ≤ 0; null without alignment. */
  frameGoodness: number | null;
  /** The same with every phone counting once, however long. */
  phoneGoodness: number | null;
  /**
   * Log odds that another sentence was said than this one (model/script-fit.ts); null without the
   * acoustic model's evidence.
   */
  offScriptOdds: number | null;
  /** Share of the sentence's words that a free recogniser heard, 0–1; null as `heardShare`. */
  heardShare: number | null;
}

/**
 * Where a recording is refused. docs/attempts.md has the receiver operating figures behind each
 * (`npm run bench:attempts`): together they refuse at most 1 % of learners' genuine recordings.
 */
export const ATTEMPT_LIMITS = {
  /** Seconds: nothing shorter holds a sentence. */
  shortestS: 0.3,
  /** 0.1 s of voice, one short vowel. */
  fewestVoicedFrames: 10,
  clippedShare: 0.01,
  noisyRangeDb: 15,
  /** From here on it is another sentence, or none. */
  offScriptOdds: OFF_SCRIPT_ODDS,
  /**
   * Less is enough where a recogniser that does not know the sentence heard under a third of its
   * words: every lesson recording laid over another line has odds above this, and four in five over
   * its own line have odds below it, whatever was heard. Reasoned, not fitted: Google's output for
   * rated recordings is not at hand. A learner whom neither understands is refused wrongly.
   */
  doubtfulOdds: -4,
  leastHeardShare: 1 / 3,
  /** The same for alignments without the acoustic model's evidence, by `phoneGoodness`. */
  offScriptGoodness: -9.4,
} as const;

/**
 * Sorts a learner's recording; the first that fits: `too_short` (under 0.3 s), `silent` (fewer than
 * 10 voiced frames), `clipped` (1 % of the samples at full scale), `noisy` (less than 15 dB between
 * loud and soft frames), `off_script` (the sentence fits nowhere, as where only its beginning was
 * said, or no better than another sentence), else `ok`. `heard` is `heardShare`'s. Damage comes before `off_script`, because it
 * lowers goodness too.
 *
 * Only `ok` is scored: the models would give silence 50–80, and noise or distortion another score
 * than the same voice has without.
 */
export function judgeAttempt(
  pitch: PitchTrack,
  alignment: Alignment,
  heard: number | null = null,
): Attempt {
  const figures = recordingFigures(pitch, alignment, heard);
  return { kind: attemptKind(figures), ...figures };
}

export function recordingFigures(
  pitch: PitchTrack,
  alignment: Alignment,
  heard: number | null = null,
): RecordingFigures {
  return {
    durationS: pitch.durationS,
    voicedFrames: pitch.contour.hz.filter((hz) => hz > 0).length,
    clippedShare: pitch.clippedShare,
    energyRangeDb: energyRange(pitch.energyDb),
    ...(alignment.kind === 'aligned'
      ? goodnessOf(alignment.words)
      : { frameGoodness: null, phoneGoodness: null, offScriptOdds: null }),
    heardShare: heard,
  };
}

export function attemptKind(figures: RecordingFigures): AttemptKind {
  const { durationS, voicedFrames, clippedShare, energyRangeDb } = figures;
  if (durationS < ATTEMPT_LIMITS.shortestS) return 'too_short';
  if (voicedFrames < ATTEMPT_LIMITS.fewestVoicedFrames) return 'silent';
  if (clippedShare >= ATTEMPT_LIMITS.clippedShare) return 'clipped';
  if (energyRangeDb !== null && energyRangeDb < ATTEMPT_LIMITS.noisyRangeDb) return 'noisy';
  return fits(figures) ? 'ok' : 'off_script';
}

function fits({ phoneGoodness, offScriptOdds: odds, heardShare }: RecordingFigures): boolean {
  const isUnheard = heardShare !== null && heardShare < ATTEMPT_LIMITS.leastHeardShare;
  const { doubtfulOdds, offScriptOdds } = ATTEMPT_LIMITS;
  if (odds !== null) return odds < (isUnheard ? doubtfulOdds : offScriptOdds);
  return phoneGoodness !== null && phoneGoodness >= ATTEMPT_LIMITS.offScriptGoodness;
}

function energyRange(energyDb: readonly number[]): number | null {
  const sounding = soundingFrames(energyDb);
  const loud = percentile(sounding, 97);
  const soft = percentile(sounding, 5);
  return loud === null || soft === null ? null : loud - soft;
}

/** Null without phones. */
function goodnessOf(
  words: Aligned['words'],
): Pick<RecordingFigures, 'frameGoodness' | 'phoneGoodness' | 'offScriptOdds'> {
  const phones = words.flatMap((word) => word.phones);
  if (phones.length === 0) return { frameGoodness: null, phoneGoodness: null, offScriptOdds: null };
  const frames = phones.map(({ startS, endS }) =>
    Math.max(1, Math.round((endS - startS) / FRAME_S)),
  );
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const phoneGoodness = sum(phones.map(({ goodness }) => goodness)) / phones.length;
  return {
    offScriptOdds: offScriptOdds({ words }),
    phoneGoodness,
    frameGoodness:
      sum(phones.map(({ goodness }, index) => goodness * (frames[index] ?? 1))) / sum(frames),
  };
}
