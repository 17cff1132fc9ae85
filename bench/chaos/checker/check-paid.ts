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
  /** Contents that were paid once more though nothing explains it. */
  overpaid: string[];
}

/** What its caller waits for an answer. */
export const CALLER_WAITS_MS = 8000;
/** On its way to the service, and back to a caller that is busy. */
const UNDER_WAY_MS = 2000;

/**
 * A content is paid once; once more only where the answer before may be kept nowhere: a worker or
 * PostgreSQL ended after that call had come, or it came when its caller was just giving up.
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
      if (before === undefined || cameLate(before)) return false;
      return !ends.some((end) => lies(end, before.fromMs, call.fromMs));
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

function cameLate({ fromMs, toMs }: PaidCall): boolean {
  return toMs - fromMs >= CALLER_WAITS_MS - UNDER_WAY_MS;
}

/** What has not come back is away for ever. */
function lies({ fromMs, backMs = Infinity }: ProcessEnd, sinceMs: number, untilMs: number) {
  return backMs >= sinceMs && fromMs <= untilMs;
}
