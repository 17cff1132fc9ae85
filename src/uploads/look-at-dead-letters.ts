import type { DeadLetter, DeadLetters } from './dead-letters.ts';

/** Long enough to look at all of them; should the look break off, they show themselves after it. */
export const LOOK_HIDES_S = 30;

/**
 * Up to `max` letters, oldest first, all visible to others again at once. `isEnough` ends it early.
 * Every look counts as a receive, which moves nothing: a dead-letter queue has no redrive policy.
 */
export async function lookAtDeadLetters(
  deadLetters: DeadLetters,
  max: number,
  isEnough: (letter: DeadLetter) => boolean = () => false,
): Promise<DeadLetter[]> {
  const held: DeadLetter[] = [];
  const seen = new Map<string, DeadLetter>();
  try {
    while (seen.size < max) {
      const batch = await deadLetters.receive(LOOK_HIDES_S);
      held.push(...batch);
      // Nothing, or only what has been seen and came back: that was all.
      if (batch.every(({ id }) => seen.has(id))) break;
      for (const letter of batch) seen.set(letter.id, letter);
      if (batch.some(isEnough)) break;
    }
  } finally {
    await deadLetters.release(held);
  }
  return [...seen.values()].sort((a, b) => a.sentAtMs - b.sentAtMs).slice(0, max);
}
