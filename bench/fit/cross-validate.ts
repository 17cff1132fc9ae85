/** How well models fitted to some speakers judge the others, with the evaluators of the product. */
import { sentenceScores, wordValues } from '../../src/scoring/model/speech-model.ts';
import { mean, spread } from '../../src/scoring/model/statistics.ts';
import { auc, pearson } from '../agreement.ts';
import { markNames, type MarkName } from '../rating-table.ts';
import { fitModels } from './fit-models.ts';
import type { FitRecording } from './read-recordings.ts';
import { significant } from './significant.ts';
import { speakerFolds } from './speaker-folds.ts';
import type { TreeFitter } from './tree-fitter.ts';

/** Over the repeats. */
interface Figure {
  mean: number;
  sd: number;
}

export interface CrossValidation {
  repeats: number;
  folds: number;
  /** Pearson's r with the experts' marks, by group of recordings. */
  groups: Record<string, { recordings: number } & Record<MarkName, Figure>>;
  /** `auc`: of words marked 9 or more against those marked 5 or less. */
  words: { count: number; pearson: Figure; auc: Figure };
}

export const REPEATS = 3;
export const FOLDS = 5;
const GOOD_WORD = 9;
const BAD_WORD = 5;

/** Recordings without an age are in none of the groups of an age. */
const groups: Readonly<Record<string, (recording: FitRecording) => boolean>> = {
  all: () => true,
  'age 12 or less': ({ age }) => age !== null && age <= 12,
  'age over 12': ({ age }) => age !== null && age > 12,
  '4 words or fewer': ({ rows }) => rows.words.length <= 4,
  '8 words or more': ({ rows }) => rows.words.length >= 8,
};

interface Judged {
  recording: FitRecording;
  scores: Record<MarkName, number>;
  words: number[];
}

/** `step` is called after each of `REPEATS` × `FOLDS` fits. */
export async function crossValidate(
  recordings: readonly FitRecording[],
  fitter: TreeFitter,
  step: () => void,
): Promise<CrossValidation> {
  const repeats: Judged[][] = [];
  const speakers = recordings.map(({ speaker }) => speaker);
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const folds = speakerFolds(speakers, FOLDS, repeat);
    const judged: Judged[] = [];
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const others = recordings.filter((_, at) => folds[at] !== fold);
      const { templates, words, scores } = await fitModels(others, fitter, fold);
      for (const [at, recording] of recordings.entries()) {
        if (folds[at] !== fold) continue;
        const explained = sentenceScores(recording.rows, templates, words, scores);
        const values = markNames.map((name) => [name, explained[name].value]);
        judged.push({
          recording,
          scores: Object.fromEntries(values) as Record<MarkName, number>,
          words: wordValues(recording.rows, templates, words),
        });
      }
      step();
    }
    repeats.push(judged);
  }
  return {
    repeats: REPEATS,
    folds: FOLDS,
    groups: Object.fromEntries(
      Object.entries(groups)
        .map(([name, isIn]) => [name, repeats.map((all) => ofGroup(all, isIn))] as const)
        .filter(([, all]) => (all[0]?.length ?? 0) > 1)
        .map(([name, all]) => [name, groupFigures(all)]),
    ),
    words: {
      count: recordings.reduce((sum, { wordMarks }) => sum + wordMarks.length, 0),
      pearson: figure(repeats.map((judged) => pearson(values(judged), marks(judged)))),
      auc: figure(repeats.map(wordAuc)),
    },
  };
}

function ofGroup(judged: Judged[], isIn: (recording: FitRecording) => boolean): Judged[] {
  return judged.filter(({ recording }) => isIn(recording));
}

function groupFigures(repeats: Judged[][]): { recordings: number } & Record<MarkName, Figure> {
  const figures = markNames.map((name): [MarkName, Figure] => {
    const agreements = repeats.map((judged) =>
      pearson(
        judged.map(({ scores }) => scores[name]),
        judged.map(({ recording }) => recording.marks[name]),
      ),
    );
    return [name, figure(agreements)];
  });
  const byName = Object.fromEntries(figures) as Record<MarkName, Figure>;
  return { recordings: repeats[0]?.length ?? 0, ...byName };
}

function wordAuc(judged: Judged[]): number | null {
  const [value, mark] = [values(judged), marks(judged)];
  return auc(
    value.filter((_, at) => (mark[at] ?? NaN) >= GOOD_WORD),
    value.filter((_, at) => (mark[at] ?? NaN) <= BAD_WORD),
  );
}

function values(judged: Judged[]): number[] {
  return judged.flatMap(({ words }) => words);
}

function marks(judged: Judged[]): number[] {
  return judged.flatMap(({ recording }) => recording.wordMarks);
}

function figure(repeats: (number | null)[]): Figure {
  const known = repeats.map((value) => value ?? NaN);
  return { mean: significant(mean(known), 4), sd: significant(spread(known), 2) };
}
