import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** One recording of a speech corpus. */
export interface SpeechRow {
  utt: string;
  speaker: string;
  text: string;
  /** Absolute path. */
  wav: string;
}

/** A table that cannot be used; the message says what is expected. */
export class SpeechTableError extends Error {
  override readonly name = 'SpeechTableError';
}

/**
 * Reads a tab-separated table with a header line and at least the columns utt, speaker, text and
 * wav; relative paths are relative to the table. Throws a SpeechTableError.
 */
export function readSpeechTable(path: string): SpeechRow[] {
  const [header = '', ...lines] = readOrExplain(path)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const columns = header.split('\t');
  const missing = ['utt', 'speaker', 'text', 'wav'].filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new SpeechTableError(`${path}: the header lacks the column(s) ${missing.join(', ')}.`);
  }
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    return {
      utt: cell('utt'),
      speaker: cell('speaker'),
      text: cell('text'),
      wav: resolve(dirname(path), cell('wav')),
    };
  });
}

/** `count` rows spread evenly over the table; all of them where it has no more. */
export function spread<Row>(rows: readonly Row[], count: number): Row[] {
  if (rows.length <= count) return [...rows];
  return Array.from(
    { length: count },
    (_, index) => rows.slice(Math.floor((index * rows.length) / count))[0],
  ).filter((row) => row !== undefined);
}

function readOrExplain(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SpeechTableError(`Cannot read ${path}: ${why}`, { cause });
  }
}
