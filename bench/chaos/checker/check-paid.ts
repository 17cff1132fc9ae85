import { existsSync, readFileSync } from 'node:fs';

export interface PaidCalls {
  /** Contents that the speech service recognised. */
  contents: number;
  /** Calls answered beyond the first of each content. */
  repeated: number;
  /** The most calls answered for one content. */
  most: number;
  /** Contents that were paid more often than kills explain. */
  overpaid: string[];
}

/**
 * A content is paid once; each end of a process while its call is answered but not yet kept may cost
 * it one call more.
 */
export function checkPaid(answered: readonly string[], ends: number): PaidCalls {
  const counts = new Map<string, number>();
  for (const content of answered) counts.set(content, (counts.get(content) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return {
    contents: counts.size,
    repeated: answered.length - counts.size,
    most,
    overpaid: [...counts].flatMap(([content, count]) => (count > 1 + ends ? [content] : [])),
  };
}

export function readPaidLog(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[0-9a-f]{64}$/.test(line));
}
