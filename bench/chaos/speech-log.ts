/** What the speech service did: every call that it failed as it was told to, and its bill. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { PaidCall } from './checker/check-paid.ts';
import type { SpeechFault } from './plan-faults.ts';

export type SpeechLine = { paid: PaidCall } | { struck: SpeechFault['trouble'] };

export function openSpeechLog(file: string): (line: SpeechLine) => void {
  return (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
}

export interface SpeechCounts {
  paid: PaidCall[];
  /** Calls that failed as planned, by trouble. */
  struck: Record<string, number>;
}

/** Nobody kills the service, so that every line is whole. */
export function readSpeechLog(file: string): SpeechCounts {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const counts: SpeechCounts = { paid: [], struck: {} };
  for (const written of text === '' ? [] : text.split('\n')) {
    const line = JSON.parse(written) as SpeechLine;
    if ('paid' in line) counts.paid.push(line.paid);
    else counts.struck[line.struck] = (counts.struck[line.struck] ?? 0) + 1;
  }
  return counts;
}
