import type { RecordingRef } from '../contract.ts';
import { ElocuteError, type FailureCode } from '../failures.ts';

/** Troubles of the recording itself: in a learner's they are the learner's news. */
const RECORDING_FAULTS: readonly FailureCode[] = [
  'AUDIO_UNSUPPORTED',
  'AUDIO_DAMAGED',
  'AUDIO_EMPTY',
  'AUDIO_TOO_LARGE',
  'AUDIO_TOO_LONG',
  'UPLOAD_GONE',
  'UPLOAD_REPLACED',
];

/** For `catch`: the same trouble in a standard is the content editor's, and says so. */
export function blameRecording(recording: RecordingRef): (error: unknown) => never {
  return (error) => {
    const ours = recording.role === 'standard' && error instanceof ElocuteError;
    if (!ours || !RECORDING_FAULTS.includes(error.code)) throw error;
    throw new ElocuteError('STANDARD_UNUSABLE', `the standard: ${error.message}`, {
      cause: error,
    });
  };
}
