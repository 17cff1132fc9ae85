/** One step of laying a transcript over the sentence. Indices point into the two word lists. */
export type WordMatch =
  | { kind: 'same' | 'substituted'; sentence: number; heard: number }
  | { kind: 'omitted'; sentence: number }
  | { kind: 'inserted'; heard: number };

/** A substitution costs more the less the words look alike, so that similar ones are paired. */
const CHEAPEST_SUBSTITUTION = 0.6;
const LETTER_SHARE = 0.8;

interface Step {
  cost: number;
  match: WordMatch | null;
}

/**
 * Lays the words that were heard over the words of the sentence with the fewest edits (Levenshtein;
 * omission and insertion cost 1, a substitution 0.6–1.4 by how many letters differ). Returns the
 * steps in order; every word of both lists occurs exactly once. Words must be normalised.
 */
export function matchWords(sentence: readonly string[], heard: readonly string[]): WordMatch[] {
  const table = editTable(sentence, heard);
  const matches: WordMatch[] = [];
  let i = sentence.length;
  let j = heard.length;
  for (let match = table[i]?.[j]?.match; match; match = table[i]?.[j]?.match) {
    matches.unshift(match);
    if (match.kind !== 'inserted') i -= 1;
    if (match.kind !== 'omitted') j -= 1;
  }
  return matches;
}

/** `table[i][j]`: the cheapest way to lay `j` heard words over `i` words, and its last step. */
function editTable(sentence: readonly string[], heard: readonly string[]): Step[][] {
  const table: Step[][] = [];
  const at = (i: number, j: number): number => table[i]?.[j]?.cost ?? Infinity;
  for (let i = 0; i <= sentence.length; i += 1) {
    const row: Step[] = [];
    table.push(row);
    for (let j = 0; j <= heard.length; j += 1) {
      const cost = substitutionCost(sentence[i - 1] ?? '', heard[j - 1] ?? '');
      const kind = cost === 0 ? 'same' : 'substituted';
      const steps: Step[] = [
        { cost: at(i - 1, j - 1) + cost, match: { kind, sentence: i - 1, heard: j - 1 } },
        { cost: at(i - 1, j) + 1, match: { kind: 'omitted', sentence: i - 1 } },
        { cost: at(i, j - 1) + 1, match: { kind: 'inserted', heard: j - 1 } },
      ];
      row.push(
        i === 0 && j === 0
          ? { cost: 0, match: null }
          : steps.reduce((best, step) => (step.cost < best.cost ? step : best)),
      );
    }
  }
  return table;
}

function substitutionCost(expected: string, heard: string): number {
  if (expected === heard) return 0;
  return CHEAPEST_SUBSTITUTION + LETTER_SHARE * letterDifference(expected, heard);
}

/** Edit distance over letters divided by the longer length, 0–1. */
function letterDifference(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substituted, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return (previous[b.length] ?? 0) / Math.max(1, a.length, b.length);
}
