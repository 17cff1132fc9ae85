import type { Timing } from '../timing.ts';
import { phoneRows } from './phone-rows.ts';
import { utteranceRow } from './utterance-rows.ts';
import type { SentenceRows } from './word-features.ts';
import { wordRows } from './word-rows.ts';

export interface TimedRecording {
  timing: Timing;
  /** One per 10 ms, dB. */
  energyDb: readonly number[];
}

/** Everything that the models are computed from; nothing in it is fitted. */
export function sentenceRows(learner: TimedRecording, standard: TimedRecording): SentenceRows {
  const levels = { learner: learner.energyDb, standard: standard.energyDb };
  return {
    phones: phoneRows(learner.timing, standard.timing),
    words: wordRows(learner.timing, standard.timing, levels),
    utterance: utteranceRow(learner.timing, standard.timing),
  };
}
