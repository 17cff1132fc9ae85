/** The catalogue's words for learners, in Korean. */
import type { FailureCode } from '../failures.ts';

const RECORD_AGAIN_KO = '문장을 다시 녹음해 주세요.';
const OUR_FAULT_KO =
  '저희 쪽에 문제가 생겼어요. 녹음은 안전하게 보관되어 있고, 곧 점수를 매겨 드릴게요.';
const LESSON_FAULT_KO =
  '이 문장의 학습 자료에 문제가 있어요. 녹음은 안전하게 보관되어 있고, 곧 점수를 매겨 드릴게요.';
const SCORE_THERE_KO = '점수가 나왔어요. 화면에 보일 때까지 시간이 조금 걸릴 수 있어요.';
const SCORE_STAYS_KO = '이전 점수는 그대로 유지돼요.';

/** What the learner reads, in Korean. */
export const learnerKo: Readonly<Record<FailureCode, string>> = {
  KEY_MALFORMED: OUR_FAULT_KO,
  UPLOAD_GONE: `점수를 매기기 전에 녹음이 삭제되었어요. ${RECORD_AGAIN_KO}`,
  UPLOAD_REPLACED: '이 문장의 새 녹음이 있어서 이 녹음은 사용하지 않아요.',
  STANDARD_MISSING: LESSON_FAULT_KO,
  STANDARD_UNUSABLE: LESSON_FAULT_KO,
  SENTENCE_UNKNOWN: LESSON_FAULT_KO,
  SENTENCE_INVALID: LESSON_FAULT_KO,
  WORD_UNPRONOUNCEABLE: LESSON_FAULT_KO,
  AUDIO_UNSUPPORTED: `이런 형식의 파일은 읽을 수 없었어요. ${RECORD_AGAIN_KO}`,
  AUDIO_DAMAGED: `녹음이 손상된 채로 도착했어요. ${RECORD_AGAIN_KO}`,
  AUDIO_EMPTY: `녹음에 소리가 없어요. 마이크가 켜져 있는지 확인해 주세요. ${RECORD_AGAIN_KO}`,
  AUDIO_TOO_LARGE: '녹음 파일이 너무 커요. 문장만 녹음해 주세요.',
  AUDIO_TOO_LONG: '녹음이 너무 길어요. 문장만 녹음해 주세요.',
  SPEECH_REJECTED: OUR_FAULT_KO,
  SPEECH_UNAVAILABLE: OUR_FAULT_KO,
  SPEECH_QUOTA: OUR_FAULT_KO,
  SPEECH_DENIED: OUR_FAULT_KO,
  STORAGE_UNAVAILABLE: OUR_FAULT_KO,
  STORAGE_DENIED: OUR_FAULT_KO,
  DATABASE_UNAVAILABLE: OUR_FAULT_KO,
  DATABASE_REJECTED: OUR_FAULT_KO,
  TEMPORAL_UNAVAILABLE: OUR_FAULT_KO,
  ANALYSIS_CRASHED: OUR_FAULT_KO,
  ANALYSES_MISSING: SCORE_STAYS_KO,
  SCORING_UNKNOWN: SCORE_STAYS_KO,
  BATCH_PLAN_STALE: SCORE_STAYS_KO,
  BATCH_ITEMS_INVALID: SCORE_STAYS_KO,
  BATCH_MOVES_TOO_FAR: SCORE_STAYS_KO,
  BATCH_TOLERANCE_EXCEEDED: SCORE_STAYS_KO,
  NOTIFY_UNAVAILABLE: SCORE_THERE_KO,
  NOTIFY_REFUSED: SCORE_THERE_KO,
  CANCELLED: '이 녹음의 점수 매기기가 취소되었어요.',
  TIMED_OUT: OUR_FAULT_KO,
  INTERNAL: OUR_FAULT_KO,
};
