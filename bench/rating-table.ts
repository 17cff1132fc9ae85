import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** One recording with the experts' marks, each 0–10. */
export interface RatedRecording {
  utt: string;
  speaker: string;
  /** Years; null where the table has no column `age`. */
  age: number | null;
  text: string;
  wav: string;
  standard: string;
  marks: Record<MarkName, number>;
  /** Experts' accuracy mark of each word of the sentence, 0–10; null where there is no word table. */
  wordMarks: number[] | null;
}

export const markNames = ['accuracy', 'fluency', 'prosody', 'overall'] as const;
export type MarkName = (typeof markNames)[number];

/** The corpus's names of the columns. */
const columnOf: Record<MarkName, string> = {
  accuracy: 'accuracy',
  fluency: 'fluency',
  prosody: 'prosodic',
  overall: 'total',
};

/** A table that cannot be used; the message says which part and what is expected. */
export class RatingTableError extends Error {
  override readonly name = 'RatingTableError';
}

/**
 * Reads a tab-separated table with the columns utt, speaker, text, wav, accuracy, fluency, prosodic
 * and total, and may have age (any order, others are ignored); `wav` is relative to the table. Standards are
 * `<standards>/<utt>.wav`. Word marks come from `words.tsv` beside it (utt, idx, accuracy), if any.
 * Throws a RatingTableError.
 */
export function readRatingTable(path: string, standards?: string): RatedRecording[] {
  const folder = dirname(resolve(path));
  const standardFolder = standards ?? join(folder, 'standard');
  const words = readWordMarks(join(folder, 'words.tsv'));
  const needed = ['utt', 'speaker', 'text', 'wav', ...Object.values(columnOf)];
  return readRows(path, needed).map((row, index) => {
    const marks = Object.fromEntries(
      markNames.map((name) => [name, markOf(row, columnOf[name], `${path}, row ${index + 2}`)]),
    ) as Record<MarkName, number>;
    const utt = row['utt'] ?? '';
    return {
      utt,
      speaker: row['speaker'] ?? '',
      age: row['age'] === undefined || row['age'] === '' ? null : Number(row['age']),
      text: row['text'] ?? '',
      wav: resolve(folder, row['wav'] ?? ''),
      standard: join(standardFolder, `${utt}.wav`),
      marks,
      wordMarks: words?.get(utt) ?? null,
    };
  });
}

function readWordMarks(path: string): Map<string, number[]> | null {
  let rows: Record<string, string>[];
  try {
    rows = readRows(path, ['utt', 'idx', 'accuracy']);
  } catch (error) {
    if (error instanceof RatingTableError && /ENOENT/.test(error.message)) return null;
    throw error;
  }
  const marks = new Map<string, number[]>();
  for (const row of rows) {
    const utt = row['utt'] ?? '';
    const own = marks.get(utt) ?? [];
    own[Number(row['idx'])] = markOf(row, 'accuracy', path);
    marks.set(utt, own);
  }
  return marks;
}

function readRows(path: string, needed: string[]): Record<string, string>[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RatingTableError(`Cannot read ${path}: ${String(cause)}`, { cause });
  }
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = header.split('\t');
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new RatingTableError(`${path} lacks the column(s) ${missing.join(', ')}.`);
  }
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  });
}

function markOf(row: Record<string, string>, column: string, where: string): number {
  const text = row[column] ?? '';
  const mark = Number(text);
  if (text === '' || !(mark >= 0 && mark <= 10)) {
    throw new RatingTableError(`${where}: ${column} is "${text}", expected a mark of 0 to 10.`);
  }
  return mark;
}
