import { FRAME_S, type AlignedWord } from './analyses.ts';
import { silenceLevel } from './silence-level.ts';

/**
 * Silence at each boundary between two words, seconds ≥ 0; one value fewer than words.
 *
 * Takes the longer of what the aligner left between the words and the contiguous silent run (30 dB
 * below the 97th percentile) that touches the boundary, because neighbouring consonants swallow
 * pauses. `words` are trimmed at the edges of the recording, so leading and trailing silence does
 * not count.
 */
export function boundaryGaps(words: readonly AlignedWord[], energyDb: readonly number[]): number[] {
  const silenceDb = silenceLevel(energyDb)?.silenceDb ?? -Infinity;
  const silent = energyDb.map((db) => db < silenceDb);
  const last = silent.length - 1;
  const from = Math.max(0, Math.floor((words[0]?.startS ?? 0) / FRAME_S));
  const to = Math.min(silent.length, Math.floor((words.at(-1)?.endS ?? 0) / FRAME_S));
  return words.slice(1).map((next, index) => {
    const before = words[index] ?? next;
    let start = Math.min(Math.round(before.endS / FRAME_S), last);
    let end = Math.min(Math.round(next.startS / FRAME_S), last);
    while (start > from && silent[start - 1]) start -= 1;
    while (end < to && silent[end]) end += 1;
    const run = silent.slice(Math.max(0, start), Math.max(0, end));
    const mostlySilent = run.filter(Boolean).length > run.length / 2;
    const aligned = next.startS - before.endS;
    return wholeMs(Math.max(0, aligned, mostlySilent ? run.length * FRAME_S : 0));
  });
}

/** 1.3 − 1.1 is a hair below 0.2: without this a pause of exactly the threshold would not count. */
function wholeMs(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
