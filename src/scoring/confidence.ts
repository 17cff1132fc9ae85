import { ATTEMPT_LIMITS } from './attempt.ts';
import { rounded } from './rounded.ts';
import type { ScoringResult } from './scoring-result.ts';

/**
 * How far the scores can be taken, 0–1; null where there are none. No probability: an order in which
 * a teacher looks at them first. The product of four factors, each 1 where nothing speaks against:
 *
 * - fit: how far the recording is from being refused as another sentence. 0.31 at the refusal's own
 *   border plus 1.4 nats, 0.9 seven nats away, where average learners are.
 * - length: 0.6 for one word, 0.1 more for each further one: single words carry little prosody.
 * - noise: from 25 dB between loud and soft down to the refusal's 15 dB it falls to 0.7.
 * - standard: 0.8 where something was found wrong with the recording that was compared with.
 *
 * The learner's age is not known here, so it counts only as it makes the fit worse.
 */
export function confidenceOf(
  result: Pick<ScoringResult, 'overall' | 'attempt' | 'words' | 'standardFindings'>,
): number | null {
  if (result.overall === null) return null;
  const spoken = result.words.filter(({ kind }) => kind !== 'inserted').length;
  const length = Math.min(1, 0.6 + 0.1 * Math.max(0, spoken - 1));
  const standard = result.standardFindings.length > 0 ? 0.8 : 1;
  return rounded(fitOf(result.attempt) * length * noiseOf(result.attempt) * standard, 2);
}

function fitOf({ offScriptOdds, phoneGoodness }: ScoringResult['attempt']): number {
  if (offScriptOdds !== null)
    return logistic((ATTEMPT_LIMITS.offScriptOdds - offScriptOdds - 3) / 2);
  if (phoneGoodness === null) return 0;
  return logistic((phoneGoodness - ATTEMPT_LIMITS.offScriptGoodness - 1) / 0.7);
}

function noiseOf({ energyRangeDb }: ScoringResult['attempt']): number {
  if (energyRangeDb === null) return 1;
  const above = Math.max(0, energyRangeDb - ATTEMPT_LIMITS.noisyRangeDb);
  return Math.min(1, 0.7 + 0.03 * above);
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
