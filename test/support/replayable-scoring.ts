import type { ReplayableScoring } from '../../src/operate/failed-scorings.ts';

/** A failed scoring that a replay can help; `index` tells it from others. */
export function replayable(
  index: number,
  changes: Partial<ReplayableScoring> = {},
): ReplayableScoring {
  const scoringId = String(index).padStart(64, '0');
  const lesson = { contentType: 'novel', level: 2, title: 'T', line: index };
  const upload = { bucket: 'b', key: 'k', versionId: null, etag: 'e', sequencer: null };
  return {
    scoringId,
    workflowId: `score-${index}`,
    runId: 'old',
    status: 'failed',
    code: 'SPEECH_DENIED',
    lesson,
    attempts: 1,
    finishedAt: '2026-11-01T00:00:00.000Z',
    input: { scoringId, upload, userId: '7', lesson },
    ...changes,
  };
}
