/** Rescores the items of a chunk from kept analyses: no speech call, no signal processing. */
import { isDeepStrictEqual } from 'node:util';
import type {
  BatchItem,
  ChunkOutcome,
  RescoreChunkInput,
  RescoredFigures,
} from '../batches/batch.ts';
import { scoreMove } from '../batches/score-move.ts';
import { ElocuteError, failureOf } from '../failures.ts';
import { scoreRecording } from '../scoring/score.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { StoredScoringResult } from './batch-ports.ts';
import type { ActivityDependencies } from './ports.ts';
import { recordingToScore } from './recording-to-score.ts';
import { resultSummary } from './result-summary.ts';
import { createScoreRecording, scoreOrBlame } from './score-recording.ts';
import { standardKeyOf } from './standard-key.ts';

type Dependencies = Pick<ActivityDependencies, 'analyses' | 'lexicon' | 'batches' | 'settings'>;

export function createRescoreFromAnalyses(
  deps: Dependencies,
  score: typeof scoreRecording = scoreRecording,
) {
  const { ledger, rescoring } = deps.batches;
  const keepScore = createScoreRecording(deps);

  async function compute(item: BatchItem, signal: AbortSignal) {
    const scoring = await rescoring.find(item.scoringId);
    if (scoring === null) {
      throw new ElocuteError(
        'SCORING_UNKNOWN',
        'no completed scoring that may be rescored has this id',
      );
    }
    const { standardBucket: bucket, keyRoot } = deps.settings;
    const key = standardKeyOf(scoring.lesson, keyRoot);
    const found = await rescoring.analysesOf(scoring, { bucket, key });
    if ('missing' in found) throw new ElocuteError('ANALYSES_MISSING', found.missing);
    const input = await recordingToScore(found.keys, deps, signal);
    return { scoring, keys: found.keys, result: asStored(scoreOrBlame(input, score)) };
  }

  async function plan(item: BatchItem, signal: AbortSignal): Promise<void> {
    const { scoring, result } = await compute(item, signal);
    const [before, after] = [figuresOf(scoring.result), figuresOf(result)];
    await ledger.planned(
      item,
      isDeepStrictEqual(scoring.result, result)
        ? { state: 'unchanged', before, after }
        : { state: 'changed', before, after, move: scoreMove(before, after) },
    );
  }

  async function write(item: BatchItem, signal: AbortSignal): Promise<void> {
    const { scoring, keys, result } = await compute(item, signal);
    const isPlanned =
      isDeepStrictEqual(item.before, figuresOf(scoring.result)) &&
      isDeepStrictEqual(item.after, figuresOf(result));
    // Kept as every score is: by it the next rescoring knows which analyses these were.
    if (isPlanned) await keepScore(keys, signal);
    if (isPlanned && (await rescoring.write(item, scoring, result)) === 'written') return;
    throw new ElocuteError('BATCH_PLAN_STALE', 'the score or the formula changed since the plan');
  }

  return async function rescoreFromAnalyses(
    { batchId, phase, first, last }: RescoreChunkInput,
    signal: AbortSignal,
  ): Promise<ChunkOutcome> {
    const [todo, run] =
      phase === 'plan' ? (['waiting', plan] as const) : (['changed', write] as const);
    for (const item of await ledger.items(batchId, first, last)) {
      signal.throwIfAborted();
      // A chunk that is run again goes on where it stopped.
      if (item.state !== todo) continue;
      try {
        await run(item, signal);
      } catch (error) {
        if (signal.aborted || isOutage(error)) throw error;
        const code = error instanceof ElocuteError ? error.code : 'INTERNAL';
        await ledger.failed(item, code, error instanceof Error ? error.message : String(error));
      }
    }
    return ledger.outcome(batchId, phase, first, last);
  };
}

/** Hits all items alike: the chunk waits for its end instead of failing them one by one. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof ElocuteError)) return false;
  const { retryable, maxAttempts } = failureOf(error.code);
  return retryable && maxAttempts === undefined;
}

/** As it comes back from the database: what JSON does not know is gone. */
function asStored(result: ScoringResult): ScoringResult {
  return JSON.parse(JSON.stringify(result)) as ScoringResult;
}

function figuresOf(result: StoredScoringResult): RescoredFigures {
  return {
    ...resultSummary(result),
    formula: result.formulaVersion,
    model: result.versions?.model ?? null,
  };
}
