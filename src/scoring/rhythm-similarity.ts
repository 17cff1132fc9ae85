import type { MatchedSyllable, SyllableInTime } from './match-syllables.ts';

/** Deviation (log duration) at which a similarity falls to exp(-½), for vowels and syllables. */
const VOWEL_SCALE = 0.95;
const SYLLABLE_SCALE = 0.65;
const SHORTEST_S = 0.03;
const FEWEST_UNITS = 3;

export interface RhythmComparison {
  /** 0–1; 1 where all durations have the same proportions. */
  similarity: number;
  /** The matched syllable that is too long or too short by most, in its share of the time. */
  furthest: { word: number; logRatio: number };
}

/**
 * Do the durations of vowels and syllables have the same proportions as in the standard?
 *
 * exp(−½[(Ev/0.95)² + (Es/0.65)²]), where Ev and Es are the RMS over matched vowels and syllables
 * of ln(dL/ΣdL) − ln(dS/ΣdS) with its mean removed; durations are floored at 30 ms. Independent of
 * tempo and pauses. Null for fewer than three matched syllables. Against experts' fluency on
 * speechocean762: Pearson .64 (training), .48 (test).
 */
export function compareRhythm(matched: readonly MatchedSyllable[]): RhythmComparison | null {
  if (matched.length < FEWEST_UNITS) return null;
  const vowels = deviations(matched, ({ vowel }) => vowel.endS - vowel.startS);
  const syllables = deviations(matched, ({ syllable }) => syllable.endS - syllable.startS);
  const error = (rms(vowels) / VOWEL_SCALE) ** 2 + (rms(syllables) / SYLLABLE_SCALE) ** 2;
  return { similarity: Math.exp(-error / 2), furthest: furthestOf(matched, syllables) };
}

function deviations(
  matched: readonly MatchedSyllable[],
  durationOf: (unit: SyllableInTime) => number,
): number[] {
  const learner = logShares(matched.map((unit) => durationOf(unit.learner)));
  const standard = logShares(matched.map((unit) => durationOf(unit.standard)));
  const differences = learner.map((share, index) => share - (standard[index] ?? 0));
  const mean = sum(differences) / differences.length;
  return differences.map((difference) => difference - mean);
}

function logShares(durationsS: number[]): number[] {
  const floored = durationsS.map((duration) => Math.max(SHORTEST_S, duration));
  const total = sum(floored);
  return floored.map((duration) => Math.log(duration / total));
}

function furthestOf(
  matched: readonly MatchedSyllable[],
  logRatios: readonly number[],
): RhythmComparison['furthest'] {
  let furthest = { word: matched[0]?.word ?? 0, logRatio: logRatios[0] ?? 0 };
  for (const [index, unit] of matched.entries()) {
    const logRatio = logRatios[index] ?? 0;
    if (Math.abs(logRatio) > Math.abs(furthest.logRatio)) {
      furthest = { word: unit.word, logRatio };
    }
  }
  return furthest;
}

function rms(values: readonly number[]): number {
  return Math.sqrt(sum(values.map((value) => value * value)) / values.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
