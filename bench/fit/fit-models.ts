/** Templates, then the word model, then the score models: each reads what the one before gives. */
import type { Templates } from '../../src/scoring/model/measures.ts';
import { inputsOf, type WordModel } from '../../src/scoring/model/speech-model.ts';
import { predictTrees } from '../../src/scoring/model/tree-ensemble.ts';
import { utteranceFeatures } from '../../src/scoring/model/utterance-features.ts';
import { wordFeatures, type Features } from '../../src/scoring/model/word-features.ts';
import { fitInputs } from './fit-inputs.ts';
import { fitScores, type FittedScores } from './fit-scores.ts';
import { fitTemplates } from './fit-templates.ts';
import type { FitRecording } from './read-recordings.ts';
import { speakerFolds } from './speaker-folds.ts';
import type { TreeFitter } from './tree-fitter.ts';

export interface FittedModels {
  templates: Templates;
  words: WordModel;
  scores: FittedScores;
}

interface RatedWords {
  features: readonly Features[];
  marks: readonly number[];
}

const INNER_FOLDS = 5;

/**
 * The score models are fitted to words that the word model has not seen: its predictions of words
 * that it was fitted to are too good, and would be trusted too much.
 */
export async function fitModels(
  recordings: readonly FitRecording[],
  fitter: TreeFitter,
  seed: number,
): Promise<FittedModels> {
  const templates = fitTemplates(recordings);
  const words = recordings.map(({ rows, wordMarks }): RatedWords => {
    return { features: wordFeatures(rows, templates), marks: wordMarks };
  });
  const speakers = recordings.map(({ speaker }) => speaker);
  const folds = speakerFolds(speakers, INNER_FOLDS, 1000 + seed);
  const unseen: number[][] = [];
  for (let fold = 0; fold < INNER_FOLDS; fold += 1) {
    const others = words.filter((_, at) => folds[at] !== fold);
    const model = await fitWords(others, fitter, fold);
    for (const [at, { features }] of words.entries()) {
      if (folds[at] === fold) unseen[at] = features.map((row) => valueOf(model, row));
    }
  }
  const features = recordings.map(({ rows }, at) =>
    utteranceFeatures(rows, templates, unseen[at] ?? []),
  );
  return {
    templates,
    words: await fitWords(words, fitter, 0),
    scores: fitScores(
      features,
      recordings.map(({ marks }) => marks),
    ),
  };
}

/** To squared marks / 10, so that the many good words do not hide the difference between them. */
async function fitWords(
  words: readonly RatedWords[],
  fitter: TreeFitter,
  seed: number,
): Promise<WordModel> {
  const features = words.flatMap((own) => own.features);
  const marks = words.flatMap((own) => own.marks);
  const inputs = fitInputs(Object.keys(features[0] ?? {}), features);
  const rows = features.map((row) => inputsOf(inputs, row));
  const targets = marks.map((mark) => mark ** 2 / 10);
  return { inputs, ...(await fitter.fit(rows, targets, seed)) };
}

function valueOf(model: WordModel, features: Features): number {
  return predictTrees(model, inputsOf(model.inputs, features));
}
