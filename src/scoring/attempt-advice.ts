import { advise, type Advice } from './advice.ts';
import type { Attempt } from './attempt.ts';
import { say } from './messages/message.ts';
import { rounded } from './rounded.ts';

/** What to do about the recording itself; null where it is fine. */
export function attemptAdvice(attempt: Attempt): Advice | null {
  const importance = 100;
  switch (attempt.kind) {
    case 'ok':
      return null;
    case 'silent':
      return advise({
        code: 'no_speech',
        evidence: { voicedFrames: attempt.voicedFrames },
        importance,
        text: say('no_speech', {}),
      });
    case 'too_short':
      return advise({
        code: 'too_short',
        evidence: { durationS: rounded(attempt.durationS, 2) },
        importance,
        text: say('too_short', {}),
      });
    case 'off_script':
      return advise({
        code: 'off_script',
        evidence:
          attempt.phoneGoodness === null
            ? { voicedFrames: attempt.voicedFrames }
            : { phoneGoodness: rounded(attempt.phoneGoodness, 2) },
        importance,
        text: say('off_script', {}),
      });
    case 'clipped':
      return advise({
        code: 'clipped',
        evidence: { clippedShare: rounded(attempt.clippedShare, 3) },
        importance,
        text: say('clipped', {}),
      });
    case 'noisy':
      return advise({
        code: 'noisy',
        evidence: { energyRangeDb: rounded(attempt.energyRangeDb ?? 0, 1) },
        importance,
        text: say('noisy', {}),
      });
  }
}
