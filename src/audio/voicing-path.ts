/** The candidates of all frames, as far as the path search needs them. */
export interface PathFrame {
  /** Local score of "unvoiced". */
  unvoiced: number;
  /** Local scores of the voiced candidates, and log2 of their frequencies in Hz. */
  scores: Float64Array;
  octaves: Float64Array;
}

/** Praat's `OctaveJumpCost` and `VoicedUnvoicedCost`, for frames 10 ms apart. */
const octaveJumpCost = 0.35;
export const voicedUnvoicedCost = 0.14;

/**
 * The cheapest path through the candidates (Viterbi): for each frame the index of its voiced
 * candidate, or -1 where the path is unvoiced. Source: Boersma (1993), Praat's `Pitch_pathFinder`.
 */
export function findVoicingPath(frames: PathFrame[]): number[] {
  // State 0 is "unvoiced", state c + 1 the voiced candidate c.
  const cameFrom: Uint8Array[] = [];
  let totals = new Float64Array(0);
  let previous: PathFrame | undefined;
  for (const frame of frames) {
    const next = new Float64Array(frame.scores.length + 1);
    const from = new Uint8Array(next.length);
    for (let state = 0; state < next.length; state++) {
      const own = state === 0 ? frame.unvoiced : (frame.scores[state - 1] ?? 0);
      if (previous === undefined) {
        next[state] = own;
        continue;
      }
      const octave = frame.octaves[state - 1] ?? 0;
      let best = (totals[0] ?? 0) - (state === 0 ? 0 : voicedUnvoicedCost);
      let bestState = 0;
      for (let old = 1; old < totals.length; old++) {
        const cost =
          state === 0
            ? voicedUnvoicedCost
            : octaveJumpCost * Math.abs((previous.octaves[old - 1] ?? 0) - octave);
        const total = (totals[old] ?? 0) - cost;
        if (total > best) {
          best = total;
          bestState = old;
        }
      }
      next[state] = best + own;
      from[state] = bestState;
    }
    cameFrom.push(from);
    totals = next;
    previous = frame;
  }

  let state = totals.indexOf(Math.max(...totals));
  const path = new Array<number>(frames.length);
  for (let index = frames.length - 1; index >= 0; index--) {
    path[index] = state - 1;
    state = cameFrom[index]?.[state] ?? 0;
  }
  return path;
}
