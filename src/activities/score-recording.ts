/** Joins the analyses of learner and standard into the result; pure, kept by its inputs. */
import { createHash } from 'node:crypto';
import { lessonAttribute, type ScoredRecording, type ScoreRecordingInput } from '../contract.ts';
import type { ReviewWanted } from '../contract/review.ts';
import { ElocuteError } from '../failures.ts';
import {
  FORMULA_VERSION,
  scoreRecording as score,
  type RecordingToScore,
} from '../scoring/score.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import { MODEL_VERSION, scoreEngineOf } from '../scoring/scoring-versions.ts';
import { StandardUnusableError } from '../scoring/standard-unusable-error.ts';
import { wantedReview } from '../scoring/wanted-review.ts';
import type { ActivityDependencies } from './ports.ts';
import { recordingToScore } from './recording-to-score.ts';
import { resultSummary } from './result-summary.ts';

type Dependencies = Pick<ActivityDependencies, 'analyses' | 'lexicon'> &
  Partial<Pick<ActivityDependencies, 'reviews'>>;

export function createScoreRecording(deps: Dependencies) {
  return async function scoreRecording(
    input: ScoreRecordingInput,
    signal: AbortSignal,
  ): Promise<ScoredRecording> {
    const { sentence, learner, standard } = input;
    const keys = [
      learner.transcript,
      learner.pitch,
      learner.alignment,
      standard.pitch,
      standard.alignment,
    ] as const;
    const kept = await deps.analyses.once<ScoringResult>(
      {
        kind: 'score',
        engine: scoreEngineOf(FORMULA_VERSION, MODEL_VERSION),
        sha256: createHash('sha256').update(keys.join(' ')).digest('hex'),
        sentence,
      },
      async () => scoreOrBlame(await recordingToScore(input, deps, signal)),
      signal,
    );
    const review = reviewOf(deps.reviews, input, kept.value);
    return {
      analysis: { key: kept.key, cached: kept.cached },
      summary: resultSummary(kept.value),
      ...(review === null ? {} : { review }),
    };
  };
}

/** Asked of every run anew, and not kept with the score: the policy may have changed. */
function reviewOf(
  reviews: Dependencies['reviews'],
  { lesson }: ScoreRecordingInput,
  result: ScoringResult,
): ReviewWanted | null {
  if (reviews === undefined || lesson === undefined) return null;
  const wanted = wantedReview(reviews.rules, lessonAttribute(lesson), result);
  return wanted === null ? null : { ...wanted, timeoutMs: reviews.timeoutMs };
}

export function scoreOrBlame(
  input: RecordingToScore,
  scoring: typeof score = score,
): ScoringResult {
  try {
    return scoring(input);
  } catch (cause) {
    if (!(cause instanceof StandardUnusableError)) throw cause;
    throw new ElocuteError('STANDARD_UNUSABLE', cause.message, { cause });
  }
}
