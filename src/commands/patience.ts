/** Asking again and again: one failed answer is no reason to end, a minute without any is. */

/** As long as a worker may take to be rolled, and a database to fail over. */
const GIVE_UP_MS = 60_000;

export interface Patience {
  /** Null where it failed; throws what it threw once nothing has been answered for so long. */
  attempt: <T>(ask: () => Promise<T>) => Promise<T | null>;
}

export function patience(giveUpMs = GIVE_UP_MS): Patience {
  let answeredAt = performance.now();
  return {
    async attempt(ask) {
      try {
        const answer = await ask();
        answeredAt = performance.now();
        return answer;
      } catch (error) {
        if (performance.now() - answeredAt > giveUpMs) throw error;
        return null;
      }
    },
  };
}
