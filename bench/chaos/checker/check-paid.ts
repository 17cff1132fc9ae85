/** What the speech service has answered, and would bill. */
import type { ProcessEnd } from './world.ts';

/** A call that was answered: the SHA-256 of its audio, when it came, when it was answered. */
export interface PaidCall {
  content: string;
  fromMs: number;
  toMs: number;
}

export interface PaidCalls {
  /** Contents that the speech service recognised. */
  contents: number;
  /** Calls answered beyond the first of each content. */
  repeated: number;
  /** The most calls answered for one content. */
  most: number;
  /** Contents that were paid once more though nothing had ended since. */
  overpaid: string[];
}

/**
 * A content is paid once; once more only where a worker or PostgreSQL ended after the call before
 * had come: its answer may be kept nowhere.
 */
export function checkPaid(calls: readonly PaidCall[], ends: readonly ProcessEnd[]): PaidCalls {
  const byContent = new Map<string, PaidCall[]>();
  for (const call of calls) {
    byContent.set(call.content, [...(byContent.get(call.content) ?? []), call]);
  }
  const overpaid = [...byContent].flatMap(([content, own]) => {
    const inOrder = own.toSorted((one, other) => one.fromMs - other.fromMs);
    const unexplained = inOrder.slice(1).some((call, index) => {
      const before = inOrder[index];
      return before === undefined || !ends.some((end) => lies(end, before.fromMs, call.fromMs));
    });
    return unexplained ? [content] : [];
  });
  return {
    contents: byContent.size,
    repeated: calls.length - byContent.size,
    most: Math.max(0, ...[...byContent.values()].map((own) => own.length)),
    overpaid,
  };
}

/** What has not come back is away for ever. */
function lies({ fromMs, backMs = Infinity }: ProcessEnd, sinceMs: number, untilMs: number) {
  return backMs >= sinceMs && fromMs <= untilMs;
}
