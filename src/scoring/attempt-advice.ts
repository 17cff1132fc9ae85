import type { Advice } from './advice.ts';
import type { Attempt } from './attempt.ts';
import { rounded } from './rounded.ts';

/** What to do about the recording itself; null where it is fine. */
export function attemptAdvice(attempt: Attempt): Advice | null {
  switch (attempt.kind) {
    case 'ok':
      return null;
    case 'silent':
      return {
        code: 'no_speech',
        text: 'We could not hear you: move closer to the microphone and record again.',
        evidence: { voicedFrames: attempt.voicedFrames },
      };
    case 'too_short':
      return {
        code: 'too_short',
        text: 'The recording is too short: press record, say the whole sentence, then stop.',
        evidence: { durationS: rounded(attempt.durationS, 2) },
      };
    case 'off_script':
      return {
        code: 'off_script',
        text: 'This did not sound like the sentence of the lesson, so the scores say little: read the sentence and record it again.',
        evidence: { frameGoodness: rounded(attempt.frameGoodness ?? 0, 2) },
      };
    case 'clipped':
      return {
        code: 'clipped',
        text: 'Your recording is too loud and distorted: move a little away from the microphone.',
        evidence: { clippedShare: rounded(attempt.clippedShare, 3) },
      };
    case 'noisy':
      return {
        code: 'noisy',
        text: 'There is a lot of noise in your recording: a quieter place will give a fairer score.',
        evidence: { energyRangeDb: rounded(attempt.energyRangeDb ?? 0, 1) },
      };
  }
}
