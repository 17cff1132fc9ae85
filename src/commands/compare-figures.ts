/** Compares two series of figures in one pass: what is kept does not grow with their number. */
import { COMPARED_FIGURES, type ComparedFigure } from './original-line.ts';

export interface ComparedPair {
  scoringId: string;
  original: PairSide;
  ours: PairSide;
}

export interface PairSide {
  figures: Record<ComparedFigure, number | null>;
  mispronouncedWords: string[] | null;
}

export interface FigureComparison {
  figure: ComparedFigure;
  /** Pairs that have it on both sides; the others follow. */
  n: number;
  onlyOriginal: number;
  onlyOurs: number;
  /** Null below two pairs, or where one side never varies. */
  correlation: number | null;
  meanOriginal: number | null;
  meanOurs: number | null;
  /** Ours less the original's. */
  meanDifference: number | null;
  /** The farthest first. */
  largest: { scoringId: string; original: number; ours: number; difference: number }[];
}

export interface WordsComparison {
  n: number;
  /** Pairs with the same words, order and repeats aside, which the original lost. */
  same: number;
  /** Mean of shared words over all words of a pair; 1 where both have none. */
  meanOverlap: number | null;
}

export interface Comparison {
  pairs: number;
  figures: FigureComparison[];
  mispronouncedWords: WordsComparison;
}

export interface Comparing {
  add: (pair: ComparedPair) => void;
  result: () => Comparison;
}

/** `largest`: how many of the largest differences of each figure are kept. */
export function comparing(largest: number): Comparing {
  const running = COMPARED_FIGURES.map((figure) => ({ figure, ...runningFigure(largest) }));
  const words = { n: 0, same: 0, overlap: 0 };
  let pairs = 0;
  return {
    add({ scoringId, original, ours }) {
      pairs += 1;
      for (const { figure, add } of running) {
        add(scoringId, original.figures[figure], ours.figures[figure]);
      }
      if (original.mispronouncedWords === null || ours.mispronouncedWords === null) return;
      const overlap = overlapOf(original.mispronouncedWords, ours.mispronouncedWords);
      words.n += 1;
      words.overlap += overlap;
      if (overlap === 1) words.same += 1;
    },
    result: () => ({
      pairs,
      figures: running.map(({ figure, result }) => ({ figure, ...result() })),
      mispronouncedWords: {
        n: words.n,
        same: words.same,
        meanOverlap: words.n === 0 ? null : words.overlap / words.n,
      },
    }),
  };
}

/** Means and co-moments by Welford's updates: sums of squares would lose digits in long series. */
function runningFigure(most: number) {
  let n = 0;
  let onlyOriginal = 0;
  let onlyOurs = 0;
  let [meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0];
  let largest: FigureComparison['largest'] = [];
  return {
    add: (scoringId: string, original: number | null, ours: number | null) => {
      if (original === null || ours === null) {
        if (original !== null) onlyOriginal += 1;
        if (ours !== null) onlyOurs += 1;
        return;
      }
      n += 1;
      const [dx, dy] = [original - meanX, ours - meanY];
      meanX += dx / n;
      meanY += dy / n;
      xx += dx * (original - meanX);
      yy += dy * (ours - meanY);
      xy += dx * (ours - meanY);
      const difference = ours - original;
      const least = largest.at(-1)?.difference ?? 0;
      if (difference === 0) return;
      if (largest.length >= most && Math.abs(difference) <= Math.abs(least)) return;
      largest = [...largest, { scoringId, original, ours, difference }]
        .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
        .slice(0, most);
    },
    result: (): Omit<FigureComparison, 'figure'> => {
      const some = n > 0;
      return {
        n,
        onlyOriginal,
        onlyOurs,
        correlation: n > 1 && xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null,
        meanOriginal: some ? meanX : null,
        meanOurs: some ? meanY : null,
        meanDifference: some ? meanY - meanX : null,
        largest,
      };
    },
  };
}

function overlapOf(one: readonly string[], other: readonly string[]): number {
  const a = new Set(one.map((word) => word.toLowerCase()));
  const b = new Set(other.map((word) => word.toLowerCase()));
  const all = new Set([...a, ...b]).size;
  if (all === 0) return 1;
  return [...a].filter((word) => b.has(word)).length / all;
}
