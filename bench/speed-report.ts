import type { OriginalStage } from './speed-original.ts';

export const ownStageNames = [
  'decode',
  'resample',
  'pitch, one pass',
  'pitch, two passes',
  'pitch, one pass, essentia',
  'energy',
  'alignment',
  'recognition',
  'compare',
] as const;
export type OwnStage = (typeof ownStageNames)[number];

/** CPU seconds per second of audio, one entry a repetition. */
export interface SpeedMeasurements {
  own: Record<OwnStage, number[]>;
  original: Record<OriginalStage, number[]>;
}

export interface SpeedRatio {
  what: string;
  own: number;
  /** The original's, or 1 for real time. */
  original: number;
  ratio: number;
  /** The most it may be; null where nothing is demanded. */
  bound: number | null;
}

export interface SpeedReport {
  /** Medians of the repetitions. */
  own: Record<OwnStage, number>;
  original: Record<OriginalStage, number>;
  ratios: SpeedRatio[];
}

/** Medians, and what the bounds are about, from the medians. Every list has an entry. */
export function reportSpeed(measured: SpeedMeasurements): SpeedReport {
  const own = medians(measured.own);
  const original = medians(measured.original);
  const ratio = (what: string, ours: number, theirs: number, bound: number | null): SpeedRatio => ({
    what,
    own: significant(ours),
    original: significant(theirs),
    ratio: significant(ours / theirs),
    bound,
  });
  const before = own.decode + own.resample;
  const whole = before + own['pitch, two passes'] + own.energy + own.compare;
  const originalWhole = original.load + original.pitch + original.compare;
  return {
    own,
    original,
    ratios: [
      ratio("pitch, one pass : Praat's", own['pitch, one pass'], original.pitch, 1),
      ratio("pitch as used, two passes : Praat's one", own['pitch, two passes'], original.pitch, 1),
      ratio('decode, resample, pitch as used, energy, compare : all', whole, originalWhole, 1.5),
      ratio('alignment with goodness and evidence : real time', own.alignment, 1, 0.15),
      ratio(
        "pitch, one pass, with essentia.js : Praat's",
        own['pitch, one pass, essentia'],
        original.pitch,
        null,
      ),
      ratio("decode and resample : librosa's load", before, original.load, null),
      ratio('compare : cosine of two contours', own.compare, original.compare, null),
    ],
  };
}

export function toTable({ own, original, ratios }: SpeedReport): string {
  const line = (name: string, value: number) => `${name.padEnd(28)}${milliseconds(value)}`;
  const ratioLine = ({ what, ratio, bound }: SpeedRatio) => {
    const verdict = bound === null ? '' : `  at most ${bound}${ratio <= bound ? '' : ': EXCEEDED'}`;
    return `${what.padEnd(58)}${ratio.toFixed(2).padStart(8)}${verdict}`;
  };
  return [
    'CPU milliseconds per second of audio',
    ...Object.entries(own).map(([name, value]) => line(name, value)),
    ...Object.entries(original).map(([name, value]) => line(`original: ${name}`, value)),
    '',
    ...ratios.map(ratioLine),
  ].join('\n');
}

function milliseconds(seconds: number): string {
  return (1000 * seconds).toFixed(3).padStart(9);
}

function medians<Stage extends string>(lists: Record<Stage, number[]>): Record<Stage, number> {
  const entries = Object.entries<number[]>(lists);
  return Object.fromEntries(
    entries.map(([stage, values]) => [stage, significant(median(values))]),
  ) as Record<Stage, number>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

function significant(value: number): number {
  return Number(value.toPrecision(4));
}
