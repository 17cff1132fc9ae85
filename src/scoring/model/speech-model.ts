/** Predicts what experts would mark, word by word and for the sentence, and says why. */
import type { Templates } from './measures.ts';
import { contributionsOfTrees } from './tree-contributions.ts';
import { expectedOfTrees, predictTrees, type TreeEnsemble } from './tree-ensemble.ts';
import { utteranceFeatures } from './utterance-features.ts';
import { wordFeatures, type Features, type SentenceRows } from './word-features.ts';

/** Missing values become the training median; all are limited to the training 0.5–99.5 percentiles. */
export interface Input {
  name: string;
  median: number;
  low: number;
  high: number;
}

export interface WordModel extends TreeEnsemble {
  inputs: readonly Input[];
}

export interface ScoreModels<Score extends string> {
  /** `mean`: of the training recordings. */
  inputs: readonly (Input & { mean: number })[];
  scores: Readonly<Record<Score, { base: number; weights: readonly number[] }>>;
}

export interface Explained {
  /** On the experts' scale of 0–10, not limited to it. */
  value: number;
  /** What the average training recording gets: `base` plus all parts is `value`. */
  base: number;
  parts: Record<string, number>;
}

/** Squared marks divided by ten, as the trees were fitted; what the score models read. */
export function wordValues(rows: SentenceRows, templates: Templates, model: WordModel): number[] {
  return wordFeatures(rows, templates).map((features) =>
    predictTrees(model, inputsOf(model.inputs, features)),
  );
}

/** The value of one word and where it comes from, on the scale of `wordValues`. */
export function explainWord(
  rows: SentenceRows,
  templates: Templates,
  model: WordModel,
  word: number,
): Explained {
  const inputs = inputsOf(model.inputs, wordFeatures(rows, templates)[word] ?? {});
  const shares = contributionsOfTrees(model, inputs);
  const parts = model.inputs.map(({ name }, at): [string, number] => [name, shares[at] ?? 0]);
  return {
    value: predictTrees(model, inputs),
    base: expectedOfTrees(model),
    parts: Object.fromEntries(parts),
  };
}

/** The experts' scores for the sentence, by name. */
export function sentenceScores<Score extends string>(
  rows: SentenceRows,
  templates: Templates,
  words: WordModel,
  models: ScoreModels<Score>,
): Record<Score, Explained> {
  const features = utteranceFeatures(rows, templates, wordValues(rows, templates, words));
  const inputs = inputsOf(models.inputs, features);
  const names = Object.keys(models.scores) as Score[];
  const explained = names.map((score): [Score, Explained] => {
    const { base, weights } = models.scores[score];
    const parts = models.inputs.map(({ name, mean }, at): [string, number] => [
      name,
      (weights[at] ?? 0) * ((inputs[at] ?? mean) - mean),
    ]);
    const value = parts.reduce((sum, [, points]) => sum + points, base);
    return [score, { value, base, parts: Object.fromEntries(parts) }];
  });
  return Object.fromEntries(explained) as Record<Score, Explained>;
}

/** The features that a model reads, in its order. */
export function inputsOf(inputs: readonly Input[], features: Features): number[] {
  return inputs.map(({ name, median, low, high }) => {
    const value = features[name] ?? NaN;
    return Math.min(high, Math.max(low, Number.isNaN(value) ? median : value));
  });
}
