import { createHash } from 'node:crypto';
import { seededRandom } from '../seeded-random.ts';

export interface Dice {
  between(least: number, most: number): number;
  whole(least: number, most: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

/** Equal names, equal throws: each use has dice of its own, so that none shifts another's. */
export function diceOf(...names: (string | number)[]): Dice {
  const digest = createHash('sha256').update(JSON.stringify(names)).digest();
  const random = seededRandom(digest.readInt32LE(0));
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return {
    between: (least, most) => least + random() * (most - least),
    whole,
    chance: (share) => random() < share,
    pick: <T>(list: readonly T[]) => {
      if (list.length === 0) throw new Error('There is nothing to pick from.');
      return list[whole(0, list.length - 1)] as T;
    },
    shuffled: <T>(list: readonly T[]) => {
      const all = [...list];
      for (let at = all.length - 1; at > 0; at--) {
        const other = whole(0, at);
        [all[at], all[other]] = [all[other] as T, all[at] as T];
      }
      return all;
    },
  };
}
