import { seededRandom } from '../seeded-random.ts';

/**
 * Deals recordings to `count` folds so that no speaker is in two: a voice that the models were fitted
 * to is easier to judge. Gives the fold of each entry; equal seeds give equal folds.
 */
export function speakerFolds(speakers: readonly string[], count: number, seed: number): number[] {
  const order = [...new Set(speakers)].sort();
  const random = seededRandom(seed);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a = '', b = ''] = [order[last], order[other]];
    order[last] = b;
    order[other] = a;
  }
  const foldOf = new Map(order.map((speaker, at) => [speaker, at % count]));
  return speakers.map((speaker) => foldOf.get(speaker) ?? 0);
}
