/** Statistics of lists in which NaN stands for a missing value; NaN where nothing is left. */
import { percentile as percentileOf } from '../percentile.ts';

export function present(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value));
}

export function mean(values: readonly number[]): number {
  const known = present(values);
  return known.reduce((sum, value) => sum + value, 0) / (known.length || NaN);
}

/** Root of the mean square. */
export function rms(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}

/** Population standard deviation. */
export function spread(values: readonly number[]): number {
  const centre = mean(values);
  return rms(values.map((value) => value - centre));
}

export function least(values: readonly number[]): number {
  const known = present(values);
  return known.length === 0 ? NaN : Math.min(...known);
}

export function most(values: readonly number[]): number {
  const known = present(values);
  return known.length === 0 ? NaN : Math.max(...known);
}

/** With linear interpolation, as numpy; `percent` is 0–100. */
export function percentile(values: readonly number[], percent: number): number {
  return percentileOf(present(values), percent) ?? NaN;
}

/** 0–1, ½ at 0. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** NaN for null. */
export function known(value: number | null | undefined): number {
  return value ?? NaN;
}
