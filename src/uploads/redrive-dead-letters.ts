import type { DeadLetter, DeadLetters } from './dead-letters.ts';

export interface RedriveOptions {
  /** Empty: all of them. */
  ids: readonly string[];
  /** How many letters are looked at, at most. */
  max: number;
  /** Says what would be sent, and sends nothing. */
  dryRun: boolean;
  /** Letters that came later are left: poison comes back, and would go round for ever. */
  startedAtMs: number;
}

export interface Redriven {
  /** Sent to the upload queue (or would be) and deleted here. */
  sent: DeadLetter[];
  /** Sent, but still here: it will be sent again, and start nothing twice. */
  doubled: DeadLetter[];
  /** Asked for, and not found. */
  missing: string[];
  /** Why it ended early, where it did; what was not sent is still here. */
  problem: string | null;
}

/** A letter is hidden while it is sent; should that break off, it shows itself after this. */
const REDRIVE_HIDES_S = 60;

/** Sends before it deletes: a crash in between leaves a duplicate, never a loss. */
export async function redriveDeadLetters(
  deadLetters: DeadLetters,
  send: (body: string) => Promise<void>,
  { ids, max, dryRun, startedAtMs }: RedriveOptions,
): Promise<Redriven> {
  const wanted = new Set(ids);
  const result: Redriven = { sent: [], doubled: [], missing: [], problem: null };
  const held: DeadLetter[] = [];
  const seen = new Set<string>();
  const isAsked = ({ id, sentAtMs }: DeadLetter): boolean =>
    ids.length === 0 ? sentAtMs <= startedAtMs : wanted.has(id);
  const isWell = (): boolean => result.problem === null;
  try {
    while (seen.size < max && (ids.length === 0 || wanted.size > 0) && isWell()) {
      const batch = await receive();
      if (batch.every(({ id }) => seen.has(id))) {
        held.push(...batch);
        break;
      }
      for (const letter of batch) {
        const isNew = !seen.has(letter.id) && seen.size < max;
        if (isNew) seen.add(letter.id);
        if (isNew && isAsked(letter) && isWell()) {
          wanted.delete(letter.id);
          if (await redrive(letter)) continue;
        }
        held.push(letter);
      }
    }
  } finally {
    // Those that cannot be released show themselves again; what was sent is told all the same.
    await deadLetters.release(held).catch(() => undefined);
  }
  return { ...result, missing: [...wanted] };

  /** Rejects only where nothing was done yet: what was sent has to be told. */
  async function receive(): Promise<DeadLetter[]> {
    try {
      return await deadLetters.receive(REDRIVE_HIDES_S);
    } catch (error) {
      if (seen.size === 0) throw error;
      result.problem = `receiving failed: ${messageOf(error)}`;
      return [];
    }
  }

  /** True where the letter is gone from here. */
  async function redrive(letter: DeadLetter): Promise<boolean> {
    if (dryRun) {
      result.sent.push(letter);
      return false;
    }
    try {
      await send(letter.body);
    } catch (error) {
      result.problem = `sending failed: ${messageOf(error)}`;
      return false;
    }
    try {
      await deadLetters.delete(letter);
    } catch (error) {
      result.doubled.push(letter);
      result.problem = `deleting failed: ${messageOf(error)}`;
      return false;
    }
    result.sent.push(letter);
    return true;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
