import { seededRandom } from './seeded-random.ts';

const ROUNDS = 1000;
const SEED = 20_261_124;

/**
 * 95 % interval of a statistic when other speakers had been recorded: whole speakers are drawn with
 * replacement, since recordings of one voice are no independent evidence. The seed is fixed, so that
 * equal data give equal intervals. Null where the statistic is undefined in most draws.
 */
export function speakerInterval<T>(
  items: readonly T[],
  speakerOf: (item: T) => string,
  statistic: (drawn: readonly T[]) => number | null,
): [number, number] | null {
  const bySpeaker = new Map<string, T[]>();
  for (const item of items) {
    const own = bySpeaker.get(speakerOf(item));
    if (own === undefined) bySpeaker.set(speakerOf(item), [item]);
    else own.push(item);
  }
  const groups = [...bySpeaker.values()];
  const random = seededRandom(SEED);
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const drawn = groups.flatMap(() => groups[Math.floor(random() * groups.length)] ?? []);
    const value = statistic(drawn);
    if (value !== null) values.push(value);
  }
  if (values.length < ROUNDS / 2) return null;
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
  return [at(0.025), at(0.975)];
}
