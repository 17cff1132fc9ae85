/** Learner recordings of very different quality, with what five experts said about them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LESSONS } from './seed-lessons.ts';

export interface DemoRecording {
  /** Key in the user bucket. */
  key: string;
  title: string;
  sentence: string;
  /** Median of the experts' total, 0–10. */
  expertTotal: number;
  bytes(): Uint8Array;
}

/** `count` recordings spread evenly over the experts' totals, the worst and the best included. */
export function chooseRecordings(count: number): DemoRecording[] {
  const all = readTable().sort((a, b) => b.expertTotal - a.expertTotal);
  return Array.from({ length: count }, (_, index) => {
    const place = Math.round((index * (all.length - 1)) / (count - 1));
    const recording = all[place];
    if (recording === undefined) throw new Error('the example lessons are incomplete');
    return recording;
  });
}

function readTable(): DemoRecording[] {
  const text = readFileSync(join(LESSONS, 'expert-scores.tsv'), 'utf8');
  const [header = '', ...rows] = text.trim().split('\n');
  const names = header.split('\t');
  return rows.map((row) => {
    const cells = row.split('\t');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const path = cell('learner_wav');
    // buckets/{bucket}/{key}
    const key = path.split('/').slice(2).join('/');
    const [, , contentType = '', , title = '', file = ''] = key.split('/');
    return {
      key,
      title: `${contentType} · ${title.replaceAll('_', ' ')} · ${file.replace(/\D/g, '')}`,
      sentence: cell('text'),
      expertTotal: Number(cell('total')),
      bytes: () => readFileSync(join(LESSONS, path)),
    };
  });
}
