/** How well two lists of numbers agree. Lists are of equal length; results are null where undefined. */

/** Pearson's r, −1 to 1; null where a list is constant or has fewer than two entries. */
export function pearson(a: readonly number[], b: readonly number[]): number | null {
  const meanA = mean(a);
  const meanB = mean(b);
  let cross = 0;
  let squareA = 0;
  let squareB = 0;
  for (let at = 0; at < a.length; at++) {
    const dA = (a[at] ?? 0) - meanA;
    const dB = (b[at] ?? 0) - meanB;
    cross += dA * dB;
    squareA += dA * dA;
    squareB += dB * dB;
  }
  return squareA === 0 || squareB === 0 ? null : cross / Math.sqrt(squareA * squareB);
}

/** Spearman's rank correlation; ties share their mean rank. */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  return pearson(ranks(a), ranks(b));
}

/** Mean absolute difference, in the unit of the lists. */
export function meanAbsoluteError(a: readonly number[], b: readonly number[]): number | null {
  if (a.length === 0) return null;
  return mean(a.map((value, at) => Math.abs(value - (b[at] ?? 0))));
}

/** Chance that a random good one scores higher than a random bad one; ties count half. */
export function auc(good: readonly number[], bad: readonly number[]): number | null {
  if (good.length === 0 || bad.length === 0) return null;
  const rank = ranks([...good, ...bad]).slice(0, good.length);
  const sum = rank.reduce((total, value) => total + value, 0);
  return (sum - (good.length * (good.length + 1)) / 2) / (good.length * bad.length);
}

/** From 1; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (let at = start; at < end; at++) result[order[at] ?? 0] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
