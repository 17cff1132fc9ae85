/** Why a score is what it is: named parts that add up to it, each with where to look. */
import type { SpeechComparison } from './compare-speech.ts';
import type { ScoreName } from './model/judge-sentence.ts';
import type { Explained } from './model/speech-model.ts';
import type { ScoredWord } from './scoring-result.ts';

export type PartName = 'sounds' | 'words' | 'rhythm' | 'speed' | 'pauses';

/** `base + Σ points + limit` is the score. */
export interface Contributions {
  /** What the average recording that the model was fitted on gets. */
  base: number;
  parts: Contribution[];
  /** What keeping the score within 0–100 added or took away. */
  limit: number;
}

export interface Contribution {
  part: PartName;
  /** Points gained or lost against the average recording. */
  points: number;
  evidence: Evidence;
}

/** What a part rests on; indices point into the sentence's words. */
export type Evidence =
  /** The sounds that fit worst, and when they were said. */
  | { kind: 'sounds'; phones: { word: number; phone: string; startS: number; endS: number }[] }
  /** The words with the lowest scores. */
  | { kind: 'words'; words: { word: number; score: number }[] }
  /** The word whose syllables are furthest from the standard's; `longer` than there, or shorter. */
  | { kind: 'rhythm'; word: number | null; longer: boolean; similarity: number | null }
  /** Syllables per second, pauses included. */
  | { kind: 'speed'; learnerRate: number; standardRate: number }
  /** Silences after words, seconds. */
  | { kind: 'pauses'; gaps: { afterWord: number; durationS: number }[] };

/** Null where the score is not the sum of anything: a teacher has set it. */
export type Explanations = Record<ScoreName, Contributions | null>;

/** From the experts' scale of 0–10. */
const POINTS_PER_MARK = 10;
const MOST_NAMED = 3;
/** As the models count pauses. */
const PAUSE_S = 0.15;

/** Which part an input of the score models belongs to; every input belongs to one. */
const INPUTS: readonly (readonly [PartName, RegExp])[] = [
  ['words', /^(wmean|wmin|w2|wp25|wlo|wsd|wwmean)$/],
  ['rhythm', /^(rhythm|vowelDeviation|syllableDeviation|Ep|d[a-z]+)$/],
  ['speed', /^(overallRate|rateSquare|syllableRate|phoneSpanRate)$/],
  ['pauses', /^(pause[A-Z]\w+|pausesPerGap|longestPause|softPauses(PerGap)?)$/],
  ['sounds', /^((lpp|px|goodness)(\.\w+)?|wrong|ent|gop)$/],
];

/** @throws Error for an input that no part knows: then this table must be told. */
export function partOf(input: string): PartName {
  const found = INPUTS.find(([, pattern]) => pattern.test(input));
  if (found === undefined) throw new Error(`no part of the explanation holds the input ${input}`);
  return found[0];
}

/** The score, 0–100, and its parts in the order of `PartName`. */
export function explain(
  { value, base, parts }: Explained,
  evidence: Record<PartName, Evidence>,
): { score: number; contributions: Contributions } {
  const points: Record<PartName, number> = { sounds: 0, words: 0, rhythm: 0, speed: 0, pauses: 0 };
  for (const [input, marks] of Object.entries(parts)) {
    points[partOf(input)] += marks * POINTS_PER_MARK;
  }
  const sum = value * POINTS_PER_MARK;
  const score = Math.min(100, Math.max(0, sum));
  return {
    score,
    contributions: {
      base: base * POINTS_PER_MARK,
      parts: (['sounds', 'words', 'rhythm', 'speed', 'pauses'] as const).map((part) => ({
        part,
        points: points[part],
        evidence: evidence[part],
      })),
      limit: score - sum,
    },
  };
}

/** Where to look for each part; the same for all four scores. */
export function evidenceOf(
  { learner, standard, rhythm }: SpeechComparison,
  words: readonly ScoredWord[],
): Record<PartName, Evidence> {
  const sentence = words.filter(({ kind }) => kind !== 'inserted');
  const phones = sentence.flatMap(({ phones: own }, word) =>
    own.map(({ phone, startS, endS, score }) => ({ word, phone, startS, endS, score })),
  );
  const scores = sentence.flatMap(({ score }, word) => (score === null ? [] : [{ word, score }]));
  return {
    sounds: {
      kind: 'sounds',
      phones: lowest(phones).map(({ word, phone, startS, endS }) => ({
        word,
        phone,
        startS,
        endS,
      })),
    },
    words: { kind: 'words', words: lowest(scores) },
    rhythm: {
      kind: 'rhythm',
      word: rhythm?.furthest.word ?? null,
      longer: (rhythm?.furthest.logRatio ?? 0) > 0,
      similarity: rhythm?.similarity ?? null,
    },
    speed: {
      kind: 'speed',
      learnerRate: learner.syllableCount / learner.spanS,
      standardRate: standard.syllableCount / standard.spanS,
    },
    pauses: {
      kind: 'pauses',
      gaps: learner.gapsS.flatMap((durationS, afterWord) =>
        durationS >= PAUSE_S ? [{ afterWord, durationS }] : [],
      ),
    },
  };
}

function lowest<T extends { score: number }>(values: readonly T[]): T[] {
  return values.toSorted((a, b) => a.score - b.score).slice(0, MOST_NAMED);
}
