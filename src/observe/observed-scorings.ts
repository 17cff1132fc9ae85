/** Counts outcomes once they are stored, and how long an upload took to get there. */
import type { ScoringStore } from '../activities/ports.ts';
import type { FinalStatus, SaveFailureInput, SavedScoring, SaveScoreInput } from '../contract.ts';
import type { Meter } from './meter.ts';

/** The queue keeps its messages for four days: what starts later is a replay of old recordings. */
const REPLAYED_AFTER_MS = 4 * 86_400_000;

type Timed = Pick<SaveScoreInput | SaveFailureInput, 'upload' | 'startedAtMs'> & {
  reviewed: boolean;
};

export function observedScorings(
  scorings: ScoringStore,
  meter: Meter,
  nowMs: () => number = Date.now,
): ScoringStore {
  const stored = (
    expected: FinalStatus,
    { upload, startedAtMs, reviewed }: Timed,
    { changed, status = expected }: SavedScoring,
  ) => {
    // A retry after the commit found its own row: it was counted then.
    if (!changed) return;
    meter.count('elocute_scorings_total', { status });
    const { eventAtMs } = upload;
    // The weeks that a teacher took say nothing about us.
    if (reviewed) return;
    if (eventAtMs === undefined || startedAtMs - eventAtMs > REPLAYED_AFTER_MS) return;
    // Clocks of two machines may disagree by a little.
    const seconds = Math.max(0, nowMs() - eventAtMs) / 1000;
    meter.record('elocute_upload_to_row_seconds', { status }, seconds);
  };
  return {
    ...scorings,
    async saveScore(input, result) {
      const saved = await scorings.saveScore(input, result);
      stored('completed', { ...input, reviewed: input.review !== undefined }, saved);
      return saved;
    },
    async saveFailure(input) {
      const saved = await scorings.saveFailure(input);
      stored('failed', { ...input, reviewed: false }, saved);
      const failed = (saved.status ?? 'failed') === 'failed';
      if (saved.changed && failed)
        meter.count('elocute_scoring_failures_total', { code: input.code });
      return saved;
    },
  };
}
