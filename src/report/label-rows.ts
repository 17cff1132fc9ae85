/** A text over a stretch of a plot. */
export interface Label {
  text: string;
  /** Middle, px. */
  x: number;
}

const PX_PER_CHARACTER = 7.6;
const APART_PX = 6;

/** A row for each label, from left to right, so that no two in a row touch: the first that is free. */
export function labelRows(labels: readonly Label[]): number[] {
  const ends: number[] = [];
  return labels.map(({ text, x }) => {
    const half = (text.length * PX_PER_CHARACTER) / 2;
    let row = ends.findIndex((end) => end + APART_PX <= x - half);
    if (row === -1) row = ends.length;
    ends[row] = x + half;
    return row;
  });
}
