/** Between S3 and the queue: events are doubled, delayed, reordered and lost, as planned. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Deliver } from '../../src/local/s3-notifier.ts';
import { eventFate, type EventWeather } from './event-fate.ts';
import { uploadIdOf } from './upload-id.ts';

export interface RelayOptions {
  seed: number;
  weather: EventWeather;
  /** One line for every event and every copy of one; read by the harness. */
  relayLog: string;
  send: Deliver;
}

export interface EventRelay {
  deliver: Deliver;
  /** Copies that have not been sent yet are lost, like messages in a queue that ends. */
  stop(): void;
}

type LogLine =
  | { event: 'received'; id: string; delaysMs: number[] }
  | { event: 'sent'; id: string; sequencer: string; copy: number; late: boolean };

interface CreationRecord {
  s3: {
    bucket: { name: string };
    object: { key: string; eTag: string; versionId?: string; sequencer: string };
  };
}

export function createEventRelay(options: RelayOptions): EventRelay {
  const { seed, weather, relayLog, send } = options;
  const timers = new Set<NodeJS.Timeout>();
  const note = (line: LogLine) => appendFileSync(relayLog, `${JSON.stringify(line)}\n`);
  return {
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
    async deliver(message, queueUrl, signal) {
      const [record] = (message['Records'] ?? []) as CreationRecord[];
      if (record === undefined) return send(message, queueUrl, signal);
      const { bucket, object } = record.s3;
      const content = {
        bucket: bucket.name,
        key: decodeURIComponent(object.key.replaceAll('+', ' ')),
        etag: object.eTag,
      };
      const id = uploadIdOf({ ...content, versionId: object.versionId ?? null });
      // By content: version ids differ from run to run.
      const fateOf = uploadIdOf({ ...content, versionId: null });
      const { delaysMs } = eventFate(seed, fateOf, weather);
      note({ event: 'received', id, delaysMs });
      delaysMs.forEach((delayMs, copy) => {
        const timer = setTimeout(() => {
          timers.delete(timer);
          const { sequencer } = object;
          send(message, queueUrl, signal).then(
            () => note({ event: 'sent', id, sequencer, copy, late: delayMs > 0 }),
            // As lost as if the queue had ended a moment later.
            () => undefined,
          );
        }, delayMs);
        timers.add(timer);
      });
    },
  };
}

export interface RelayCounts {
  events: number;
  duplicates: number;
  delayed: number;
  reordered: number;
  lost: number;
  /** Ids of uploads whose event never left. */
  lostIds: Set<string>;
}

/** What the relay has done, over all its lives. */
export function readRelayLog(relayLog: string): RelayCounts {
  const counts: RelayCounts = {
    events: 0,
    duplicates: 0,
    delayed: 0,
    reordered: 0,
    lost: 0,
    lostIds: new Set(),
  };
  const seen = new Set<string>();
  let newest = '';
  for (const text of existsSync(relayLog) ? readFileSync(relayLog, 'utf8').split('\n') : []) {
    const line = parsed(text);
    if (line === null) continue;
    if (line.event === 'received') {
      counts.events += 1;
      if (line.delaysMs.length > 0) continue;
      counts.lost += 1;
      counts.lostIds.add(line.id);
      continue;
    }
    if (line.late) counts.delayed += 1;
    if (seen.has(line.id)) counts.duplicates += 1;
    seen.add(line.id);
    if (line.sequencer < newest) counts.reordered += 1;
    else newest = line.sequencer;
  }
  return counts;
}

/** A killed process may have left half a line. */
function parsed(text: string): LogLine | null {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
}
