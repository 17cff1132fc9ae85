import type { Input } from '../../src/scoring/model/speech-model.ts';
import { percentile } from '../../src/scoring/model/statistics.ts';
import type { Features } from '../../src/scoring/model/word-features.ts';

/** Percentiles beyond which a value says no more. */
const LOW = 0.5;
const HIGH = 99.5;
/** The trees' grid, see tree-fitter.ts: limits that lie on it keep inputs on it. */
const DECIMALS = 6;

/** Median and limits of each feature, from one record per row of the training data. */
export function fitInputs(names: readonly string[], rows: readonly Features[]): Input[] {
  return names.map((name) => {
    const values = rows.map((row) => row[name] ?? NaN);
    const median = percentile(values, 50);
    if (Number.isNaN(median)) throw new Error(`The feature ${name} is missing everywhere.`);
    const filled = values.map((value) => (Number.isNaN(value) ? median : value));
    return {
      name,
      median: onGrid(median),
      low: onGrid(percentile(filled, LOW)),
      high: onGrid(percentile(filled, HIGH)),
    };
  });
}

function onGrid(value: number): number {
  return Number(value.toFixed(DECIMALS));
}
