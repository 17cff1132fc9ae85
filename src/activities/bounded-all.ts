export interface BoundedOptions {
  /** So many at once. */
  limit: number;
  signal: AbortSignal;
  /** Asked before each; `inHand` have begun and not ended. Default: yes. */
  mayBegin?: (inHand: number) => boolean;
}

/**
 * Runs `run` for the items in order, several at once; resolves to how many were not begun. The first
 * error lets those in hand end, begins no other, and is thrown.
 */
export async function boundedAll<T>(
  items: readonly T[],
  { limit, signal, mayBegin = () => true }: BoundedOptions,
  run: (item: T) => Promise<void>,
): Promise<number> {
  let next = 0;
  let inHand = 0;
  let failed = false;
  const runner = async (): Promise<void> => {
    // Whoever may not begin ends; those in hand ask again when theirs has ended.
    while (next < items.length && !failed && mayBegin(inHand)) {
      signal.throwIfAborted();
      const item = items[next] as T;
      next += 1;
      inHand += 1;
      try {
        await run(item);
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        inHand -= 1;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: limit }, runner));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return items.length - next;
}
