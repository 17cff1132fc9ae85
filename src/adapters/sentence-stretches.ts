/** Long sentences in parts: a skip grammar takes memory and time by the square of its words. */

/** 20 words over 13 s take 0.15 GB; 48 over 27 s 0.8 GB; 75 over 40 s no longer fit in 2 GB. */
const MAX_WORDS = 16;
const USUAL_WORDS = 12;
/** How many words a cut may move to reach a longer pause. */
const REACH = 3;

export interface Span {
  startS: number;
  endS: number;
}

export interface Stretch extends Span {
  words: string[];
}

/**
 * Cuts a sentence of more than 16 words into stretches of 5 to 18, in the longest pauses nearby.
 * `spans` are where its words lie, one each; without them words are taken as equally long.
 */
export function sentenceStretches(
  words: readonly string[],
  spans: readonly Span[],
  durationS: number,
): Stretch[] {
  const where = spans.length === words.length ? spans : evenSpans(words.length, durationS);
  const count = words.length > MAX_WORDS ? Math.ceil(words.length / USUAL_WORDS) : 1;
  const inner = Array.from({ length: count - 1 }, (_, index) =>
    bestCut(where, Math.round((words.length * (index + 1)) / count)),
  );
  const cuts = [{ word: 0, atS: 0 }, ...inner, { word: words.length, atS: durationS }];
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? { word: 0, atS: 0 };
    return { words: words.slice(start.word, end.word), startS: start.atS, endS: end.atS };
  });
}

export function needsStretches(words: readonly string[]): boolean {
  return words.length > MAX_WORDS;
}

function evenSpans(count: number, durationS: number): Span[] {
  return Array.from({ length: count }, (_, index) => ({
    startS: (durationS * index) / count,
    endS: (durationS * (index + 1)) / count,
  }));
}

/** The word boundary with the longest pause within reach of the one before word `ideal`. */
function bestCut(spans: readonly Span[], ideal: number): { word: number; atS: number } {
  const nearby = Array.from({ length: 2 * REACH + 1 }, (_, index) => ideal - REACH + index)
    .sort((a, b) => Math.abs(a - ideal) - Math.abs(b - ideal))
    .map((word) => {
      const endS = spans[word - 1]?.endS ?? 0;
      const startS = spans[word]?.startS ?? endS;
      return { word, atS: (endS + startS) / 2, pauseS: startS - endS };
    });
  return nearby.reduce((best, cut) => (cut.pauseS > best.pauseS + 1e-9 ? cut : best));
}
