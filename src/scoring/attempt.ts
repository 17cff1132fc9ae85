import type { Alignment, PitchTrack } from './analyses.ts';
import { FRAME_S } from './analyses.ts';
import { percentile } from './percentile.ts';

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
  /** 97th minus 5th percentile of the frame energies, dB; null without frames. */
  energyRangeDb: number | null;
  /** Goodness per 10 ms frame over all phones, nats, ≤ 0; null without alignment. */
  frameGoodness: number | null;
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
  /** Nats per frame: below it is another sentence, or none. */
  offScriptGoodness: -8.5,
} as const;

/**
 * Sorts a learner's recording; the first that fits: `too_short` (under 0.3 s), `silent` (fewer than
 * 10 voiced frames, or the sentence could not be aligned), `clipped` (1 % of the samples at full
 * scale), `noisy` (too little between loud and soft frames), `off_script` (mean frame goodness of
 * another sentence), else `ok`. Damage comes before `off_script`, because it lowers goodness too.
 *
 * Only `ok` is scored: the models would give silence 50–80, and noise or distortion another score
 * than the same voice has without.
 */
export function judgeAttempt(pitch: PitchTrack, alignment: Alignment): Attempt {
  const figures = recordingFigures(pitch, alignment);
  return { kind: kindOf(figures), ...figures };
}

export function recordingFigures(pitch: PitchTrack, alignment: Alignment): RecordingFigures {
  return {
    durationS: pitch.durationS,
    voicedFrames: pitch.contour.hz.filter((hz) => hz > 0).length,
    clippedShare: pitch.clippedShare,
    energyRangeDb: energyRange(pitch.energyDb),
    frameGoodness: alignment.kind === 'aligned' ? frameGoodness(alignment.words) : null,
  };
}

function kindOf(figures: RecordingFigures): AttemptKind {
  const { durationS, voicedFrames, clippedShare, energyRangeDb, frameGoodness } = figures;
  if (durationS < ATTEMPT_LIMITS.shortestS) return 'too_short';
  if (voicedFrames < ATTEMPT_LIMITS.fewestVoicedFrames || frameGoodness === null) return 'silent';
  if (clippedShare >= ATTEMPT_LIMITS.clippedShare) return 'clipped';
  if (energyRangeDb !== null && energyRangeDb < ATTEMPT_LIMITS.noisyRangeDb) return 'noisy';
  if (frameGoodness < ATTEMPT_LIMITS.offScriptGoodness) return 'off_script';
  return 'ok';
}

function energyRange(energyDb: readonly number[]): number | null {
  const loud = percentile(energyDb, 97);
  const soft = percentile(energyDb, 5);
  return loud === null || soft === null ? null : loud - soft;
}

/** Weighted by each phone's frames; null without phones. */
function frameGoodness(words: Extract<Alignment, { kind: 'aligned' }>['words']): number | null {
  let frames = 0;
  let sum = 0;
  for (const phone of words.flatMap((word) => word.phones)) {
    const count = Math.max(1, Math.round((phone.endS - phone.startS) / FRAME_S));
    frames += count;
    sum += count * phone.goodness;
  }
  return frames === 0 ? null : sum / frames;
}
