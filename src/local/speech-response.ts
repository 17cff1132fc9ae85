/** A transcript as google.cloud.speech.v1.RecognizeResponse. */
import type { Transcript } from '../scoring/analyses.ts';
import type { RecognitionConfig } from './speech-request.ts';

/** Google bills in steps of 15 s. */
const BILLING_STEP_S = 15;

/** No words: OK without results, as Google answers silence. */
export function toResponse(
  { text, words }: Transcript,
  config: RecognitionConfig,
  durationS: number,
): object {
  const totalBilledTime = toDuration(Math.ceil(durationS / BILLING_STEP_S) * BILLING_STEP_S);
  if (words.length === 0) return { results: [], totalBilledTime };
  const confidences = words.map(({ confidence }) => confidence ?? 0);
  const withWords = config.enableWordTimeOffsets || config.enableWordConfidence;
  const alternative = {
    transcript: text,
    confidence: confidences.reduce((sum, one) => sum + one, 0) / words.length,
    words: withWords
      ? words.map(({ text: word, startS, endS, confidence }) => ({
          word,
          ...(config.enableWordTimeOffsets
            ? { startTime: toDuration(startS), endTime: toDuration(endS) }
            : {}),
          ...(config.enableWordConfidence ? { confidence: confidence ?? 0 } : {}),
        }))
      : [],
  };
  const result = {
    alternatives: [alternative],
    resultEndTime: toDuration(durationS),
    languageCode: 'en-us',
  };
  return { results: [result], totalBilledTime };
}

/** google.protobuf.Duration. */
function toDuration(seconds: number): { seconds: number; nanos: number } {
  const nanos = Math.round(seconds * 1e9);
  return { seconds: Math.floor(nanos / 1e9), nanos: nanos % 1e9 };
}
