import { inputsOf, type ScoreModels } from '../../src/scoring/model/speech-model.ts';
import type { Features } from '../../src/scoring/model/word-features.ts';
import { markNames, type MarkName } from '../rating-table.ts';
import { fitInputs } from './fit-inputs.ts';
import { scoreInputSigns } from './score-inputs.ts';
import { signedRidge } from './signed-ridge.ts';
import { significant } from './significant.ts';

/** Chosen by cross-validation; anything from half to double does as well. */
const SHRINKAGE = 0.5;
const DIGITS = 9;

interface FittedScore {
  base: number;
  /** Marks per unit of each input. */
  weights: number[];
  /** Marks per standard deviation of each input, for readers. */
  perSd: number[];
}

export interface FittedScores extends ScoreModels<MarkName> {
  scores: Record<MarkName, FittedScore>;
}

/** One record of features and of marks per recording. Inputs without any weight are left out. */
export function fitScores(
  features: readonly Features[],
  marks: readonly Record<MarkName, number>[],
): FittedScores {
  const names = [...scoreInputSigns.keys()];
  const inputs = fitInputs(names, features);
  const ridge = signedRidge(
    features.map((row) => inputsOf(inputs, row)),
    markNames.map((score) => marks.map((own) => own[score])),
    names.map((name) => scoreInputSigns.get(name) ?? 1),
    SHRINKAGE,
  );
  const isUsed = (_: unknown, at: number): boolean =>
    ridge.targets.some(({ perSd }) => perSd[at] !== 0);
  const scores = markNames.map((score, target): [MarkName, FittedScore] => {
    const { base = 0, perSd = [] } = ridge.targets[target] ?? {};
    const weights = perSd.map((size, at) => significant(size / (ridge.sd[at] ?? 1), DIGITS));
    return [
      score,
      {
        base,
        weights: weights.filter(isUsed),
        perSd: perSd.map((size) => significant(size, 4)).filter(isUsed),
      },
    ];
  });
  return {
    inputs: inputs.map((input, at) => ({ ...input, mean: ridge.mean[at] ?? 0 })).filter(isUsed),
    scores: Object.fromEntries(scores) as Record<MarkName, FittedScore>,
  };
}
