/**
 * What the process of S3 and the queue did with events, over all its lives. Each line is on disk
 * before anybody is answered, so that a kill takes none of it along: what the store held when it was
 * killed is what it had received, and no starter had acknowledged.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { EventOutcome } from './checker/world.ts';

export type EventLine =
  /** A new life: whatever an earlier one held is lost. */
  | { event: 'began' }
  /** S3 has announced it; empty: no copy of it is sent. */
  | { event: 'received'; id: string; delaysMs: number[] }
  /** A copy has reached the queue. */
  | { event: 'sent'; id: string; sequencer: string; copy: number; late: boolean }
  /** A starter has deleted a copy: from then on it answers for the upload. */
  | { event: 'taken'; id: string }
  /** A starter has put a message among the dead letters. */
  | { event: 'dead' };

export type NoteEvent = (line: EventLine) => void;

export function openEventLog(file: string): NoteEvent {
  return (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
}

export interface EventCounts {
  events: number;
  duplicates: number;
  delayed: number;
  reordered: number;
  /** Never sent, by plan. */
  lost: number;
  /** Sent or about to be, and lost with the store. */
  lostWithStore: number;
  deadLetters: number;
  /** By the id of the upload; one that is absent was never announced. */
  outcomes: Map<string, EventOutcome>;
}

export function readEventLog(file: string): EventCounts {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return countEvents(text.split('\n').flatMap((line) => parsed(line) ?? []));
}

export function countEvents(lines: readonly EventLine[]): EventCounts {
  const counts = { events: 0, duplicates: 0, delayed: 0, reordered: 0, lost: 0, deadLetters: 0 };
  const outcomes = new Map<string, EventOutcome>();
  const seen = new Set<string>();
  let newest = '';
  for (const line of lines) {
    switch (line.event) {
      case 'began':
        for (const [id, outcome] of outcomes) {
          if (outcome === 'held') outcomes.set(id, 'lost with the store');
        }
        break;
      case 'received':
        counts.events += 1;
        if (line.delaysMs.length === 0) counts.lost += 1;
        if (outcomes.get(line.id) === 'taken') break;
        outcomes.set(line.id, line.delaysMs.length === 0 ? 'lost by plan' : 'held');
        break;
      case 'sent':
        if (line.late) counts.delayed += 1;
        if (seen.has(line.id)) counts.duplicates += 1;
        seen.add(line.id);
        if (line.sequencer < newest) counts.reordered += 1;
        else newest = line.sequencer;
        break;
      case 'taken':
        outcomes.set(line.id, 'taken');
        break;
      case 'dead':
        counts.deadLetters += 1;
        break;
    }
  }
  const withStore = [...outcomes.values()].filter((outcome) => outcome === 'lost with the store');
  return { ...counts, lostWithStore: withStore.length, outcomes };
}

/** A killed process may have left half a line. */
function parsed(text: string): EventLine | null {
  try {
    return JSON.parse(text) as EventLine;
  } catch {
    return null;
  }
}
