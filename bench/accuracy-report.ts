/** What scored recordings say about agreement with the experts. */
import type { ScoringResult } from '../src/scoring/scoring-result.ts';
import { auc, meanAbsoluteError, pearson, spearman } from './agreement.ts';
import type { Rated } from './rate-recording.ts';
import { markNames, type MarkName, type RatedRecording } from './rating-table.ts';
import { speakerInterval } from './speaker-bootstrap.ts';

type PerMark<T> = Record<MarkName, T>;

export interface AccuracyReport {
  n: number;
  speakers: number;
  /** Recordings without a score; they count in no figure below. */
  unscored: number;
  /** How many for which reason: attempt kind or failure code. */
  unscoredWhy: Record<string, number>;
  pearson: PerMark<number | null>;
  spearman: PerMark<number | null>;
  /** Mean absolute error in the experts' marks of 0–10. */
  mae: PerMark<number | null>;
  /** 95 % intervals of Pearson's r, speakers drawn with replacement. */
  ci: PerMark<[number, number] | null>;
  /** Word scores against the experts' word accuracy; AUC tells marks of at most 5 from at least 9. */
  word: { n: number; pearson: number | null; ci: [number, number] | null; auc: number | null };
  versions: ScoringResult['versions'] | null;
}

interface Scored {
  recording: RatedRecording;
  result: ScoringResult;
}

interface WordPair {
  speaker: string;
  mark: number;
  score: number;
}

const BAD_WORD = 5;
const GOOD_WORD = 9;

export function accuracyReport(rated: readonly Rated[]): AccuracyReport {
  const scored = rated.filter((one): one is Rated & Scored => one.result !== null);
  const unscoredWhy: Record<string, number> = {};
  for (const { why } of rated) {
    if (why !== null) unscoredWhy[why] = (unscoredWhy[why] ?? 0) + 1;
  }
  const marks = (name: MarkName, of: readonly Scored[]) => of.map((s) => s.recording.marks[name]);
  const scores = (name: MarkName, of: readonly Scored[]) =>
    of.map((s) => (s.result[name] ?? 0) / 10);
  const perMark = <T>(figure: (name: MarkName) => T) =>
    Object.fromEntries(markNames.map((name) => [name, figure(name)])) as PerMark<T>;
  const r = (name: MarkName, of: readonly Scored[]) => pearson(scores(name, of), marks(name, of));
  const words = scored.flatMap(wordPairs);
  const wordR = (of: readonly WordPair[]) =>
    pearson(
      of.map(({ score }) => score),
      of.map(({ mark }) => mark),
    );
  const wordScores = (keep: (mark: number) => boolean) =>
    words.filter(({ mark }) => keep(mark)).map(({ score }) => score);
  return {
    n: rated.length,
    speakers: new Set(rated.map(({ recording }) => recording.speaker)).size,
    unscored: rated.length - scored.length,
    unscoredWhy,
    pearson: perMark((name) => r(name, scored)),
    spearman: perMark((name) => spearman(scores(name, scored), marks(name, scored))),
    mae: perMark((name) => meanAbsoluteError(scores(name, scored), marks(name, scored))),
    ci: perMark((name) =>
      speakerInterval(
        scored,
        (s) => s.recording.speaker,
        (drawn) => r(name, drawn),
      ),
    ),
    word: {
      n: words.length,
      pearson: wordR(words),
      ci: speakerInterval(words, ({ speaker }) => speaker, wordR),
      auc: auc(
        wordScores((mark) => mark >= GOOD_WORD),
        wordScores((mark) => mark <= BAD_WORD),
      ),
    },
    versions: scored[0]?.result.versions ?? null,
  };
}

/** Only where sentence and table have the same number of words: "25" is one there and two here. */
function wordPairs({ recording, result }: Scored): WordPair[] {
  const words = result.words.filter(({ kind }) => kind !== 'inserted');
  const marks = recording.wordMarks;
  if (marks?.length !== words.length) return [];
  return words.flatMap(({ score }, at) => {
    const mark = marks[at];
    return score === null || mark === undefined
      ? []
      : [{ speaker: recording.speaker, mark, score }];
  });
}

/** For people. */
export function reportText(report: AccuracyReport): string {
  const show = (value: number | null | undefined) => (value == null ? '–' : value.toFixed(3));
  const interval = (ci: [number, number] | null) =>
    ci === null ? '–' : `${ci[0].toFixed(3)} to ${ci[1].toFixed(3)}`;
  const rows = markNames.map((name) =>
    [
      name.padEnd(10),
      show(report.pearson[name]).padStart(8),
      interval(report.ci[name]).padStart(18),
      show(report.spearman[name]).padStart(9),
      show(report.mae[name]).padStart(7),
    ].join(''),
  );
  const { word } = report;
  const why = Object.entries(report.unscoredWhy).map(([code, count]) => `${code} ${count}`);
  return [
    `${report.n} recordings of ${report.speakers} speakers, ${report.unscored} unscored${why.length > 0 ? ` (${why.join(', ')})` : ''}`,
    '',
    'score      Pearson      95 % interval Spearman    MAE (marks of 10)',
    ...rows,
    `words      ${show(word.pearson)} ${interval(word.ci).padStart(18)}   AUC ${show(word.auc)} (${word.n} words)`,
  ].join('\n');
}
