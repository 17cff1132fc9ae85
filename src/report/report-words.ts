import type { Interval } from '../scoring/advice.ts';
import type { ScoredWord } from '../scoring/scoring-result.ts';
import { gradeOf, type Grade } from './grades.ts';
import type { Piece } from './pieces.ts';
import type { ReportData } from './report-data.ts';
import { wordLabels } from './word-labels.ts';

/** A word as the page shows it. */
export interface ReportWord extends Pick<
  ScoredWord,
  'kind' | 'score' | 'heard' | 'reason' | 'phones' | 'syllables'
> {
  /** As the sentence writes it. */
  label: string;
  grade: Grade;
  /** Among the sentence's words; null for inserted ones. */
  index: number | null;
  learner: Interval | null;
  standard: Interval | null;
}

/** The words of the result in order; empty where there is none, or it was not scored. */
export function reportWords({ scoring, result, speech }: ReportData): ReportWord[] {
  const words = result?.words ?? [];
  const spoken = words.filter(({ kind }) => kind !== 'inserted').map(({ text }) => text);
  const labels = wordLabels(scoring.sentence ?? '', spoken);
  let next = 0;
  return words.map((word) => {
    const index = word.kind === 'inserted' ? null : next++;
    const twin = index === null ? undefined : speech?.standard.words[index];
    return {
      kind: word.kind,
      score: word.score,
      heard: word.heard,
      ...(word.reason === undefined ? {} : { reason: word.reason }),
      phones: word.phones,
      syllables: word.syllables,
      label: index === null ? word.text : (labels[index] ?? word.text),
      grade: gradeOf(word),
      index,
      learner: intervalOf(word),
      standard: twin?.text === word.text ? intervalOf(twin) : null,
    };
  });
}

function intervalOf({ startS, endS }: { startS: number | null; endS: number | null }) {
  return startS === null || endS === null ? null : { startS, endS };
}

/** What can be heard of a word or advice: the learner first, then the standard. */
export function piecesOf(
  { learner, standard }: { learner: Interval | null; standard: Interval | null },
  { recordings }: Pick<ReportData, 'recordings'>,
): Piece[] {
  const pieces: Piece[] = [];
  if (learner !== null && recordings.learner !== null) {
    pieces.push({ role: 'learner', interval: learner });
  }
  if (standard !== null && recordings.standard !== null) {
    pieces.push({ role: 'standard', interval: standard });
  }
  return pieces;
}
