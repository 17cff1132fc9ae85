import { UsageError } from './exit-codes.ts';

const PER_SECOND = { s: 1, m: 1 / 60, h: 1 / 3600 } as const;

/** `5`, `5/s`, `0.5/s`, `30/m`, `100/h`, as starts a second. */
export function parseRate(text: string): number {
  const [, amount = '', unit = 's'] = /^(\d{1,5}(?:\.\d{1,3})?)(?:\/([smh]))?$/.exec(text) ?? [];
  const rate = Number(amount) * PER_SECOND[unit as keyof typeof PER_SECOND];
  if (amount !== '' && rate > 0) return rate;
  throw new UsageError(`--rate ${text} is no rate. Examples: 5/s, 30/m, 0.5`);
}
