import scoreModels from './score-models.json' with { type: 'json' };
import { explainWord, sentenceScores, wordValues, type Explained } from './speech-model.ts';
import templates from './templates.json' with { type: 'json' };
import type { Templates } from './measures.ts';
import { deviations } from './measures.ts';
import type { SentenceRows } from './word-features.ts';
import wordModel from './word-model.json' with { type: 'json' };

/** Of the fitted models; changes whenever a weight changes. */
export const MODEL_VERSION = scoreModels.version;

export const scoreNames = ['accuracy', 'fluency', 'prosody', 'overall'] as const;
export type ScoreName = (typeof scoreNames)[number];

/** JSON has lists where the types have pairs. */
const phoneTemplates = templates as unknown as Templates;

export interface SentenceJudgement {
  /** What experts would mark the sentence, 0–10, not limited to it, with the share of each input. */
  scores: Record<ScoreName, Explained>;
  /** Per word: the experts' mark squared, divided by 10, about 0–10. */
  wordValues: number[];
  /** Per phone in order: standard deviations from good speech, −6 to 6; NaN where unknown. */
  phoneDeviations: { goodness: readonly number[]; posterior: readonly number[] };
  /** Why a word's value is what it is: about a millisecond each. */
  explainWord(word: number): Explained;
}

/** Everything the fitted models say of one sentence. */
export function judgeSentence(rows: SentenceRows): SentenceJudgement {
  const measures = deviations(rows.phones, phoneTemplates);
  return {
    scores: sentenceScores(rows, phoneTemplates, wordModel, scoreModels),
    wordValues: wordValues(rows, phoneTemplates, wordModel),
    phoneDeviations: {
      goodness: measures.get('goodness') ?? [],
      posterior: measures.get('lpp') ?? [],
    },
    explainWord: (word) => explainWord(rows, phoneTemplates, wordModel, word),
  };
}
