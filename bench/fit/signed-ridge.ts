/** Ridge regression in which no weight may point against its input's direction. */

export interface SignedRidge {
  /** Of each input. */
  mean: number[];
  sd: number[];
  /** Per target: its mean, and what one standard deviation of each input adds. */
  targets: { base: number; perSd: number[] }[];
}

const PRECISION = 1e-12;
const MOST_SWEEPS = 100_000;

/**
 * `signs`: 1 or −1 per input. `shrinkage`: as a share of the number of rows, how much is added to
 * each standardised input's sum of squares. Solved by coordinate descent, which converges to the one
 * minimum of this convex problem.
 */
export function signedRidge(
  rows: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
  signs: readonly number[],
  shrinkage: number,
): SignedRidge {
  const columns = signs.map((_, column) => rows.map((row) => row[column] ?? 0));
  const means = columns.map(average);
  const sds = columns.map((values, at) => {
    const centre = means[at] ?? 0;
    // An input that never changes gets the weight 0, not one divided by 0.
    return Math.sqrt(average(values.map((value) => (value - centre) ** 2))) || 1;
  });
  const standard = columns.map((values, at) =>
    values.map((value) => ((value - (means[at] ?? 0)) / (sds[at] ?? 1)) * (signs[at] ?? 1)),
  );
  const gram = standard.map((a) => standard.map((b) => dot(a, b)));
  return {
    mean: means,
    sd: sds,
    targets: targets.map((values) => {
      const base = average(values);
      const centred = values.map((value) => value - base);
      const sizes = solve(
        gram,
        standard.map((column) => dot(column, centred)),
        shrinkage * rows.length,
      );
      return { base, perSd: sizes.map((size, at) => size * (signs[at] ?? 1)) };
    }),
  };
}

/** Minimises ½wᵀ(G + penalty·I)w − cᵀw over w ≥ 0. */
function solve(gram: readonly number[][], cross: readonly number[], penalty: number): number[] {
  const weights = cross.map(() => 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    let change = 0;
    for (const [at, line] of gram.entries()) {
      const own = weights[at] ?? 0;
      const square = line[at] ?? 0;
      const rest = (cross[at] ?? 0) - dot(line, weights) + square * own;
      const next = Math.max(0, rest / (square + penalty));
      change = Math.max(change, Math.abs(next - own));
      weights[at] = next;
    }
    if (change < PRECISION) return weights;
  }
  throw new Error('The weights did not converge.');
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
