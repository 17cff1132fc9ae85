/** The figures of the lesson recordings under one version of formula and model. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FORMULA_VERSION, scoreRecording, type RecordingToScore } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { MODEL_VERSION } from '../../src/scoring/scoring-versions.ts';

export const GOLDEN_FILE = fixture('golden.json');
export const LESSON_ANALYSES_FILE = fixture('lesson-analyses.json');

export interface Golden {
  formulaVersion: string;
  modelVersion: string;
  recordings: GoldenFigures[];
}

const FIGURES = [
  'overall',
  'accuracy',
  'fluency',
  'prosody',
  'pitchSimilarity',
  'rhythmSimilarity',
  'pauseSimilarity',
  'speedRatio',
  'mispronouncedWords',
] as const satisfies readonly (keyof ScoringResult)[];

export type GoldenFigures = Pick<ScoringResult, (typeof FIGURES)[number]> & { sentence: string };

/** All thirty pairs, in the order of expert-scores.tsv. */
export function lessonAnalyses(): RecordingToScore[] {
  const { recordings } = JSON.parse(readFileSync(LESSON_ANALYSES_FILE, 'utf8')) as {
    recordings: RecordingToScore[];
  };
  return recordings;
}

/** As the code of now scores them. */
export function goldenOf(score: typeof scoreRecording = scoreRecording): Golden {
  return {
    formulaVersion: FORMULA_VERSION,
    modelVersion: MODEL_VERSION,
    recordings: lessonAnalyses().map((input) => {
      const result = score(input);
      const figures = Object.fromEntries(FIGURES.map((name) => [name, result[name]]));
      return { sentence: input.sentence, ...figures } as GoldenFigures;
    }),
  };
}

/** What has moved, and what to do about it; empty where nothing has. */
export function goldenProblems(golden: Golden, now: Golden): string[] {
  const { formulaVersion, modelVersion } = golden;
  if (now.formulaVersion !== formulaVersion || now.modelVersion !== modelVersion) {
    return [
      `golden.json is of formula ${formulaVersion} and model ${modelVersion}, the code has ${now.formulaVersion} and ${now.modelVersion}: run npm run golden, and look at what moved before you commit it`,
    ];
  }
  const moved = now.recordings.flatMap((figures, index) =>
    FIGURES.flatMap((name) => {
      const [before, after] = [golden.recordings[index]?.[name], figures[name]].map((value) =>
        JSON.stringify(value),
      );
      return before === after ? [] : [`"${figures.sentence}": ${name} was ${before}, is ${after}`];
    }),
  );
  if (moved.length === 0) return [];
  return [
    `figures moved while formula ${formulaVersion} and model ${modelVersion} stayed. If that is meant, raise FORMULA_VERSION in src/scoring/score.ts (where the weights changed, npm run fit gave the model a new version) and run npm run golden`,
    ...moved,
  ];
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/scoring/${name}`, import.meta.url));
}
