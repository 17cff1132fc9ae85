/** A meter that remembers, for tests of what is counted where. */
import type { Meter } from '../../src/observe/meter.ts';

export interface RecordingMeter extends Meter {
  counts: Record<string, number>;
  records: Record<string, number[]>;
  /** What the sources say now, by metric and labels. */
  readings(): Promise<Record<string, number>>;
}

export function recordingMeter(): RecordingMeter {
  const counts: Record<string, number> = {};
  const records: Record<string, number[]> = {};
  type Readings = { labels: object; value: number }[];
  type Source = () => Readings | Promise<Readings>;
  const sources = new Map<string, Source>();
  const keyOf = (name: string, labels: object) =>
    [name, ...(Object.values(labels) as string[])].join(' ');
  return {
    counts,
    records,
    count(name, labels, by = 1) {
      const key = keyOf(name, labels);
      counts[key] = (counts[key] ?? 0) + by;
    },
    record: (name, labels, value) => void (records[keyOf(name, labels)] ??= []).push(value),
    read: (name, source) => void sources.set(name, source),
    async readings() {
      const all: Record<string, number> = {};
      for (const [name, source] of sources) {
        for (const { labels, value } of await source()) all[keyOf(name, labels)] = value;
      }
      return all;
    },
  };
}
