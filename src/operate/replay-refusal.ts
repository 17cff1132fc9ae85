/** Why a scoring is not replayed; null where it may be. */
import { failureOf, failures, isFailureCode, type FailureCode } from '../failures.ts';
import type { ReplayableScoring } from './failed-scorings.ts';
import type { ReplayFrom } from './replay-ports.ts';

/** Codes that a replay cannot help; `force` replays these too. */
export function helplessCodes(force: boolean): FailureCode[] {
  if (force) return [];
  return Object.keys(failures)
    .filter(isFailureCode)
    .filter((code) => !failureOf(code).replayable);
}

/** `force`: also where the catalogue says that a replay cannot help, as after a mended bug. */
export function replayRefusal({ status, code }: ReplayableScoring, force: boolean): string | null {
  switch (status) {
    case 'completed':
      return 'it is scored already; `elocute rescore --ids` computes its scores anew';
    case 'superseded':
      return 'a newer recording counts, or this one is gone; `elocute rescore` is for scores';
    case 'failed':
      if (force || !isFailureCode(code) || failureOf(code).replayable) return null;
      return helpless(code);
  }
}

export function helpless(code: FailureCode): string {
  return `a replay cannot help with ${code} (--force does it all the same)`;
}

/** What was mended is read by the first step alone: sentence and standard come from there. */
const READ_BY_FIRST_STEP: readonly FailureCode[] = [
  'STANDARD_MISSING',
  'STANDARD_UNUSABLE',
  'SENTENCE_UNKNOWN',
  'SENTENCE_INVALID',
  'WORD_UNPRONOUNCEABLE',
  // The offline recogniser is given the sentence, and refuses an empty one so.
  'SPEECH_REJECTED',
];

/** Where a scoring with this failure goes on, unless somebody asked for the first step anyway. */
export function replayFrom({ code }: ReplayableScoring, wish: ReplayFrom): ReplayFrom {
  return isFailureCode(code) && READ_BY_FIRST_STEP.includes(code) ? 'lesson' : wish;
}
