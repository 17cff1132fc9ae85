/** A line of what the original state machine gave out: figures of one recording, by its key. */
export const COMPARED_FIGURES = [
  'pitchSimilarity',
  'rhythmSimilarity',
  'speedRatio',
  'pauseSimilarity',
  'mispronouncedRatio',
] as const;

export type ComparedFigure = (typeof COMPARED_FIGURES)[number];

export interface OriginalLine {
  key: string;
  figures: Record<ComparedFigure, number | null>;
  /** Null where the line has none. */
  mispronouncedWords: string[] | null;
}

/** The original's names, which are the columns of the application's table. */
const COLUMN: Record<ComparedFigure, string> = {
  pitchSimilarity: 'pitch_similarity',
  rhythmSimilarity: 'rhythm_similarity',
  speedRatio: 'speed_ratio',
  pauseSimilarity: 'pause_similarity',
  mispronouncedRatio: 'mispronounced_ratio',
};

/** What is wrong with a line; never repeats its text, which names a learner. */
export class MalformedLine extends Error {
  override readonly name = 'MalformedLine';
}

/** @throws MalformedLine */
export function parseOriginalLine(text: string): OriginalLine {
  const line = objectOf(text);
  const key = line['audio_file'];
  if (typeof key !== 'string' || key === '') throw new MalformedLine('audio_file is missing');
  if (key.includes('\0')) throw new MalformedLine('audio_file is no key');
  const figures = Object.fromEntries(
    COMPARED_FIGURES.map((figure) => [figure, figureOf(COLUMN[figure], line[COLUMN[figure]])]),
  ) as OriginalLine['figures'];
  return { key, figures, mispronouncedWords: wordsOf(line['mispronounced_words']) };
}

function objectOf(text: string): Record<string, unknown> {
  const value = parse(text) ?? parse(withoutNan(text));
  if (value === undefined) throw new MalformedLine('not JSON');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedLine('not an object');
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Python writes what JSON has no word for: the cosine of silence, for instance. */
function withoutNan(text: string): string {
  return text.replace(/([:[,]\s*)-?(?:NaN|Infinity)(?=\s*[,}\]])/g, '$1null');
}

/** Decimals may come as text, and PostgreSQL writes NaN as such. */
function figureOf(name: string, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const isText = typeof value === 'string' && value.trim() !== '';
  if (isText && /^(NaN|-?Infinity)$/.test(value)) return null;
  const number = isText ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new MalformedLine(`${name} is no number`);
}

/** A list, or a list as text, as it stands in a text column. */
function wordsOf(value: unknown): string[] | null {
  const list = typeof value === 'string' ? parse(value) : value;
  if (list === undefined || list === null) {
    if (typeof value !== 'string') return null;
  } else if (Array.isArray(list) && list.every((word) => typeof word === 'string')) {
    return list;
  }
  throw new MalformedLine('mispronounced_words is no list of words');
}
