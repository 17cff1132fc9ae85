/** Logistic regression on standardised inputs, with a little shrinkage, by Newton's method. */

export interface Logistic {
  base: number;
  /** Per unit of each input. */
  weights: number[];
}

const STEPS = 50;
const PRECISION = 1e-10;
/** As a prior of one standard deviation on each standardised weight. */
const SHRINKAGE = 1;

/** `labels`: 1 or 0 per row. The problem is convex, so equal rows give equal weights. */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
): Logistic {
  const width = rows[0]?.length ?? 0;
  const column = (at: number) => rows.map((row) => row[at] ?? 0);
  const centres = Array.from({ length: width }, (_, at) => average(column(at)));
  const spreads = centres.map(
    (centre, at) => Math.sqrt(average(column(at).map((value) => (value - centre) ** 2))) || 1,
  );
  const standard = rows.map((row) => [
    1,
    ...row.map((value, at) => (value - (centres[at] ?? 0)) / (spreads[at] ?? 1)),
  ]);
  let weights = Array.from({ length: width + 1 }, () => 0);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = weights.map((weight, at): number => (at === 0 ? 0 : -SHRINKAGE * weight));
    const curvature = weights.map((_, a) =>
      weights.map((_, b): number => (a === b && a > 0 ? SHRINKAGE : 0)),
    );
    for (const [index, row] of standard.entries()) {
      const odds = row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
      const chance = 1 / (1 + Math.exp(-odds));
      for (const [a, value] of row.entries()) {
        gradient[a] = (gradient[a] ?? 0) + value * ((labels[index] ?? 0) - chance);
        const line = curvature[a] ?? [];
        for (const [b, other] of row.entries()) {
          line[b] = (line[b] ?? 0) + value * other * chance * (1 - chance);
        }
      }
    }
    const change = solve(curvature, gradient);
    weights = weights.map((weight, at) => weight + (change[at] ?? 0));
    if (Math.max(...change.map(Math.abs)) < PRECISION) break;
  }
  const [intercept = 0, ...perSd] = weights;
  const perUnit = perSd.map((size, at) => size / (spreads[at] ?? 1));
  const shift = perUnit.reduce((sum, weight, at) => sum + weight * (centres[at] ?? 0), 0);
  return { base: intercept - shift, weights: perUnit };
}

/** Gauss elimination of a positive definite system. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const lines = matrix.map((line, at) => [...line, right[at] ?? 0]);
  for (const [at, pivot] of lines.entries()) {
    for (const [other, line] of lines.entries()) {
      if (other === at) continue;
      const factor = (line[at] ?? 0) / (pivot[at] ?? 1);
      for (let k = at; k < line.length; k += 1) line[k] = (line[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return lines.map((line, at) => (line.at(-1) ?? 0) / (line[at] ?? 1));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
