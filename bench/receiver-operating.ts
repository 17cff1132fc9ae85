/**
 * Area under the receiver operating curve, 0–1: the chance that a positive has a higher value than a
 * negative (ties count half). Null where one of them is empty. Source: Mann and Whitney, 1947.
 */
export function areaUnderCurve(
  positives: readonly number[],
  negatives: readonly number[],
): number | null {
  if (positives.length === 0 || negatives.length === 0) return null;
  let wins = 0;
  for (const positive of positives) {
    for (const negative of negatives) {
      wins += positive > negative ? 1 : positive === negative ? 0.5 : 0;
    }
  }
  return wins / (positives.length * negatives.length);
}

/** Share of `values` (0–1) above `threshold`; null for none. */
export function shareAbove(values: readonly number[], threshold: number): number | null {
  if (values.length === 0) return null;
  return values.filter((value) => value > threshold).length / values.length;
}
