import type { PitchTracker } from '../src/adapters/essentia.ts';
import type { PitchContour } from '../src/scoring/analyses.ts';
import type { ReferenceRecording } from './pitch-table.ts';

/** How a tracker's first pass differs from a reference, over all frames of all recordings. */
export interface PitchComparison {
  files: number;
  /** Share of the reference's frames that only one of the two calls voiced. */
  voicingDifferencePercent: number;
  /** Share of the frames both call voiced that lie more than 20 % apart. */
  grossErrorPercent: number;
  /** Median distance over the frames both call voiced. */
  medianAbsoluteCents: number;
  /** CPU time of the whole process per second of sound, both passes and energy included. */
  cpuSPerAudioS: number;
}

const grossShare = 0.2;

/** Tracks every recording and compares at the reference's frame times. Files are not empty. */
export function comparePitch(
  tracker: PitchTracker,
  recordings: ReferenceRecording[],
): PitchComparison {
  let audioS = 0;
  let frames = 0;
  let voicingDifferences = 0;
  let grossErrors = 0;
  const cents: number[] = [];
  // Compiling the code is not what is measured.
  for (const { samples } of recordings.slice(0, 1)) tracker.track(samples);

  const cpuBefore = process.cpuUsage();
  const contours = recordings.map(({ samples }) => tracker.track(samples).contour);
  const { user, system } = process.cpuUsage(cpuBefore);

  recordings.forEach(({ samples, reference }, at) => {
    audioS += samples.length / 16_000;
    reference.hz.forEach((expected, frame) => {
      const found = pitchAt(contours[at], reference.t0 + frame * reference.dt);
      frames++;
      if (found > 0 !== expected > 0) voicingDifferences++;
      if (found === 0 || expected === 0) return;
      if (Math.abs(found / expected - 1) > grossShare) grossErrors++;
      cents.push(Math.abs(1200 * Math.log2(found / expected)));
    });
  });
  return {
    files: recordings.length,
    voicingDifferencePercent: percent(voicingDifferences, frames),
    grossErrorPercent: percent(grossErrors, cents.length),
    medianAbsoluteCents: median(cents),
    cpuSPerAudioS: audioS === 0 ? 0 : (user + system) / 1e6 / audioS,
  };
}

/** The frame nearest to a time; unvoiced beyond the ends. */
function pitchAt(contour: PitchContour | undefined, timeS: number): number {
  if (contour === undefined) return 0;
  return contour.hz[Math.round((timeS - contour.startS) / contour.stepS)] ?? 0;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}
