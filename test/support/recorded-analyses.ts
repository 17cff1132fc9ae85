/** Analyses of real lesson recordings, recorded once. */
import type { RecordingToScore } from '../../src/scoring/score.ts';
import recorded from '../fixtures/scoring/analyses.json' with { type: 'json' };

/** The first of them, complete. */
export function recordedAnalyses(): RecordingToScore {
  const [first] = recorded.recordings as RecordingToScore[];
  if (first === undefined) throw new Error('the fixture is empty');
  return first;
}
