/** The words that were heard laid over the words of the sentence. */
import { isHesitation } from './inserted-reason.ts';
import { letterDistance, soundDistance } from './phone-distance.ts';
import { sameWords, SHAPES, type SoundedWord } from './same-words.ts';

export interface MatchableWord extends SoundedWord {
  /** Where it lies in the recording, seconds; null where that is not known. */
  startS: number | null;
  endS: number | null;
}

/** `words[from .. to)`. */
export interface WordSpan {
  from: number;
  to: number;
}

/**
 * One step of laying a transcript over the sentence. `same`: 1–3 words on both sides; `substituted`:
 * one on both sides; `omitted`: one of the sentence; `inserted`: one that was heard.
 */
export interface WordMatch {
  kind: 'same' | 'substituted' | 'omitted' | 'inserted';
  sentence: WordSpan;
  heard: WordSpan;
}

/** Omission and insertion cost 1. Even the most alike other word is more than half an error … */
const CHEAPEST_SUBSTITUTION = 0.6;
/** … and one without a common sound is cheaper than an omission with an insertion. */
const DIFFERENCE_SHARE = 0.8;
/** All distances in time together cost less than the cheapest edit: they only break ties. */
const TIME_BUDGET = 0.4;
const FAR_S = 1;

/** Steps of the dynamic programme: the shapes of sameWords come first, by their index. */
const SUBSTITUTED = SHAPES.length;
const OMITTED = SUBSTITUTED + 1;
const INSERTED = SUBSTITUTED + 2;
const MOVES = [...SHAPES, [1, 1], [1, 0], [0, 1]] as const;
const KINDS = [...SHAPES.map(() => 'same' as const), 'substituted', 'omitted', 'inserted'] as const;

/**
 * Lays the words that were heard over the words of the sentence with the fewest edits. The same
 * speech costs nothing, whether written as one word or as several (`sameWords`); an omission and an
 * insertion cost 1, another word 0.6 to 1.4 by how different it sounds (`soundDistance` of the most
 * usual pronunciations, letters where one has none), a hesitation is never taken for another word.
 * Of equally cheap ways the one whose words lie nearest in time wins, then the one with the later
 * words: of `the the cat` the second `the` is the sentence's. Returns the steps in order; every
 * word of both lists lies in exactly one. Time and memory grow with the product of the lengths.
 */
export function matchWords(
  sentence: readonly MatchableWord[],
  heard: readonly MatchableWord[],
): WordMatch[] {
  const steps = cheapestSteps(sentence, heard);
  const width = heard.length + 1;
  const matches: WordMatch[] = [];
  let i = sentence.length;
  let j = heard.length;
  while (i > 0 || j > 0) {
    const step = steps[i * width + j] ?? INSERTED;
    const [down = 0, along = 1] = MOVES[step] ?? [];
    matches.push({
      kind: KINDS[step] ?? 'inserted',
      sentence: { from: i - down, to: i },
      heard: { from: j - along, to: j },
    });
    i -= down;
    j -= along;
  }
  return matches.reverse();
}

/** For every beginning of both lists, the last step of the cheapest way to lay one over the other. */
function cheapestSteps(
  sentence: readonly MatchableWord[],
  heard: readonly MatchableWord[],
): Uint8Array {
  const width = heard.length + 1;
  const costs = new Float64Array((sentence.length + 1) * width);
  const steps = new Uint8Array(costs.length);
  const flags = sameWords(sentence, heard);
  const substitutionCost = substitutionCosts(sentence, heard);
  const timeWeight = TIME_BUDGET / (sentence.length + 1);
  for (let i = 0; i <= sentence.length; i += 1) {
    for (let j = i === 0 ? 1 : 0; j <= heard.length; j += 1) {
      let best = Infinity;
      let bestStep = INSERTED;
      const consider = (step: number, down: number, along: number, cost: number) => {
        const total = (costs[(i - down) * width + j - along] ?? 0) + cost;
        if (total >= best) return;
        best = total;
        bestStep = step;
      };
      for (const [shape, [down, along]] of SHAPES.entries()) {
        if (i < down || j < along) continue;
        const flag = flags[(i - down) * heard.length + j - along] ?? 0;
        if ((flag & (1 << shape)) === 0) continue;
        const apartS = secondsApart(sentence, [i - down, i], heard, [j - along, j]);
        // By words of the sentence, so that taking words together makes nothing nearer.
        consider(shape, down, along, timeWeight * down * Math.min(1, apartS / FAR_S));
      }
      if (i > 0 && j > 0) consider(SUBSTITUTED, 1, 1, substitutionCost(i - 1, j - 1));
      if (i > 0) consider(OMITTED, 1, 0, 1);
      if (j > 0) consider(INSERTED, 0, 1, 1);
      costs[i * width + j] = best;
      steps[i * width + j] = bestStep;
    }
  }
  return steps;
}

/** Between the edges of two stretches of speech, on average; 0 where a time is not known. */
function secondsApart(
  sentence: readonly MatchableWord[],
  [from, to]: readonly [number, number],
  heard: readonly MatchableWord[],
  [heardFrom, heardTo]: readonly [number, number],
): number {
  const startS = sentence[from]?.startS ?? null;
  const endS = sentence[to - 1]?.endS ?? null;
  const heardStartS = heard[heardFrom]?.startS ?? null;
  const heardEndS = heard[heardTo - 1]?.endS ?? null;
  if (startS === null || endS === null || heardStartS === null || heardEndS === null) return 0;
  return (Math.abs(heardStartS - startS) + Math.abs(heardEndS - endS)) / 2;
}

/** Pairs of words recur: each is compared once. */
function substitutionCosts(
  sentence: readonly MatchableWord[],
  heard: readonly MatchableWord[],
): (i: number, j: number) => number {
  const known = new Map<string, Map<string, number>>();
  const rows = sentence.map((word) => {
    const row = known.get(word.text) ?? new Map<string, number>();
    known.set(word.text, row);
    return row;
  });
  return (i, j) => {
    const [word, other, row] = [sentence[i], heard[j], rows[i]];
    if (!word || !other || !row) return Infinity;
    let cost = row.get(other.text);
    if (cost === undefined) {
      cost = isHesitation(other.text)
        ? Infinity
        : CHEAPEST_SUBSTITUTION + DIFFERENCE_SHARE * difference(word, other);
      row.set(other.text, cost);
    }
    return cost;
  };
}

function difference(word: SoundedWord, other: SoundedWord): number {
  const [said, heard] = [word.ways[0] ?? [], other.ways[0] ?? []];
  return said.length > 0 && heard.length > 0
    ? soundDistance(said, heard)
    : letterDistance(word.text, other.text);
}
