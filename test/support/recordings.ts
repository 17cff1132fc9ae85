/** The lesson recordings that the project ships. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LESSONS = fileURLToPath(new URL('../../examples/lessons/', import.meta.url));

export interface LessonPair {
  sentence: string;
  learner: string;
  standard: string;
  learnerKey: string;
  standardKey: string;
  total: number;
}

/** All thirty lines of expert-scores.tsv, in order. */
export function lessonPairs(): LessonPair[] {
  const [header = '', ...rows] = readFileSync(join(LESSONS, 'expert-scores.tsv'), 'utf8')
    .trim()
    .split('\n');
  const names = header.split('\t');
  return rows.map((row) => {
    const cells = row.split('\t');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const keyOf = (path: string) => path.split('/').slice(2).join('/');
    return {
      sentence: cell('text'),
      learner: join(LESSONS, cell('learner_wav')),
      standard: join(LESSONS, cell('standard_wav')),
      learnerKey: keyOf(cell('learner_wav')),
      standardKey: keyOf(cell('standard_wav')),
      total: Number(cell('total')),
    };
  });
}

export function lessonPair(index: number): LessonPair {
  const pair = lessonPairs()[index];
  if (pair === undefined) throw new Error(`there is no lesson line ${index}`);
  return pair;
}
