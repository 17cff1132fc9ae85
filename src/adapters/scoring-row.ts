/** What an outcome looks like in `elocute.scoring`, and in the application's table. */
import type { FinalStatus, SaveFailureInput, SaveScoreInput } from '../contract.ts';
import { storedSequencer } from '../contract/compare-sequencers.ts';
import { isSuperseding, learnerMessage } from '../failures.ts';
import type { Language } from '../scoring/messages/message.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { ApplicationRow } from './application-row.ts';

export type SaveInput = SaveScoreInput | SaveFailureInput;

/** What differs between outcomes; keys are columns of `elocute.scoring`. */
export interface Outcome {
  status: FinalStatus;
  user_id: string;
  sentence: string | null;
  attempt_kind: string | null;
  result: string | null;
  schema_version: number | null;
  formula_version: string | null;
  failure_code: string | null;
  failure_message: string | null;
}

export const MESSAGE_LIMIT = 2000;

export function scoreOutcome(input: SaveScoreInput, result: ScoringResult): Outcome {
  return {
    status: 'completed',
    user_id: input.ids.userId,
    sentence: input.sentence,
    attempt_kind: result.attempt.kind,
    result: JSON.stringify(result),
    schema_version: result.schemaVersion,
    formula_version: result.formulaVersion,
    failure_code: null,
    failure_message: null,
  };
}

export function failureOutcome(input: SaveFailureInput): Outcome {
  return {
    status: isSuperseding(input.code) ? 'superseded' : 'failed',
    user_id: input.ids?.userId ?? input.userId,
    sentence: null,
    attempt_kind: null,
    result: null,
    schema_version: null,
    formula_version: null,
    failure_code: input.code,
    failure_message: input.message.slice(0, MESSAGE_LIMIT),
  };
}

/** The columns that say which upload it is, and which run scored it. */
export function identityColumns(input: SaveInput) {
  const { upload, lesson, ids, objectModifiedAtMs } = input;
  return {
    id: input.scoringId,
    bucket: upload.bucket,
    object_key: upload.key,
    version_id: upload.versionId,
    etag: upload.etag,
    sequencer: storedSequencer(upload.sequencer),
    object_modified_at:
      objectModifiedAtMs == null ? null : new Date(objectModifiedAtMs).toISOString(),
    content_type: lesson.contentType,
    level: lesson.level,
    title: lesson.title,
    line: lesson.line,
    content_type_id: ids?.contentTypeId ?? null,
    object_id: ids?.objectId ?? null,
    workflow_id: input.workflowId,
    run_id: input.runId,
    started_at: new Date(input.startedAtMs).toISOString(),
  };
}

export function applicationScore(
  input: Pick<SaveScoreInput, 'ids' | 'upload'>,
  result: ScoringResult,
  language: Language,
): ApplicationRow {
  return {
    user_id: input.ids.userId,
    content_type_id: input.ids.contentTypeId,
    object_id: input.ids.objectId,
    audio_file: input.upload.key,
    pitch_similarity: result.pitchSimilarity,
    rhythm_similarity: result.rhythmSimilarity,
    speed_ratio: result.speedRatio,
    pause_similarity: result.pauseSimilarity,
    mispronounced_words: JSON.stringify(result.mispronouncedWords),
    mispronounced_ratio: result.mispronouncedRatio,
    feedback: result.feedback.text[language],
    status: 'completed',
  };
}

export function applicationFailure(input: SaveFailureInput, language: Language): ApplicationRow {
  return {
    user_id: input.ids?.userId ?? input.userId,
    content_type_id: input.ids?.contentTypeId ?? null,
    object_id: input.ids?.objectId ?? null,
    audio_file: input.upload.key,
    pitch_similarity: null,
    rhythm_similarity: null,
    speed_ratio: null,
    pause_similarity: null,
    mispronounced_words: '[]',
    mispronounced_ratio: null,
    feedback: learnerMessage(input.code, language),
    status: 'failed',
  };
}
