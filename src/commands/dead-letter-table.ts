/** Dead letters as a table for people, and as JSON lines for scripts; never a key of either. */
import Table from 'cli-table3';
import type { DeadLetter } from '../uploads/dead-letters.ts';
import { describeBody } from '../uploads/describe-body.ts';
import { tableStyle } from './colours.ts';

/** The redrive policy moved it, so the starter could not be asked. */
const NO_REASON = 'received five times without success';

export function deadLetterTable(letters: readonly DeadLetter[], nowMs: number): string {
  const table = new Table({
    head: ['id', 'age', 'received', 'reason', 'what it is now'],
    colAligns: ['left', 'right', 'right', 'left', 'left'],
    style: tableStyle(),
  });
  for (const { id, sentAtMs, receiveCount, reason, body } of letters) {
    const age = ageOf(nowMs - sentAtMs);
    table.push([id, age, `${receiveCount}`, reason ?? NO_REASON, nowOf(body, reason)]);
  }
  return table.toString();
}

/** This version may read what an older one refused. */
function nowOf(body: string, reason: string | null): string {
  const { kind, detail } = describeBody(body);
  if (kind === 'uploads') return detail;
  return kind === 'poison' && detail === reason ? 'still poison' : `${kind}: ${detail}`;
}

export function deadLetterJson(letter: DeadLetter, nowMs: number): Record<string, unknown> {
  const { id, sentAtMs, receiveCount, reason, sourceMessageId, body } = letter;
  return {
    id,
    sentAt: new Date(sentAtMs).toISOString(),
    ageS: Math.max(0, Math.round((nowMs - sentAtMs) / 1000)),
    receiveCount,
    reason,
    sourceMessageId,
    body: describeBody(body),
  };
}

const UNITS: [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
];

/** The largest unit that fits: 3 d, 5 h, 12 min, 40 s. */
export function ageOf(ms: number): string {
  for (const [unit, length] of UNITS) if (ms >= length) return `${Math.floor(ms / length)} ${unit}`;
  return `${Math.max(0, Math.floor(ms / 1000))} s`;
}
