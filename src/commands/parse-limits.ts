/** The limits of a batch as options give them; refused here already where they make no sense. */
import type { LimitChange, Tolerance } from '../batches/batch.ts';
import { limitProblems } from '../batches/limits.ts';
import { UsageError } from './exit-codes.ts';

export interface LimitOptions {
  concurrency?: string;
  tolerate?: string[];
  maxMove?: string;
  chunk?: string;
}

export function parseLimits({ concurrency, tolerate, maxMove, chunk }: LimitOptions): LimitChange {
  const limits: LimitChange = {
    ...(concurrency === undefined ? {} : { concurrency: Number(concurrency) }),
    ...(tolerate === undefined ? {} : { tolerance: parseTolerance(tolerate) }),
    ...(maxMove === undefined ? {} : { maxMove: Number(maxMove) }),
    ...(chunk === undefined ? {} : { chunkSize: Number(chunk) }),
  };
  const problems = limitProblems(limits);
  if (problems.length > 0) throw new UsageError(`${problems.join('; ')}.`);
  return limits;
}

/** `20` is a number of items, `5%` a share of all; both may be given. */
export function parseTolerance(texts: readonly string[]): Tolerance {
  const tolerance: Tolerance = { count: null, percent: null };
  for (const text of texts) {
    const [, amount, sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
    if (amount === undefined) {
      throw new UsageError(
        `--tolerate "${text}" is neither a number nor a percentage. Example: 5%`,
      );
    }
    if (sign === '%') tolerance.percent = Number(amount);
    else tolerance.count = Number(amount);
  }
  return tolerance;
}
