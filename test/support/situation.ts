/** What the advice is given on, for a learner of four words whose every figure can be set. */
import type { Attempt, AttemptKind } from '../../src/scoring/attempt.ts';
import { compareSpeech } from '../../src/scoring/compare-speech.ts';
import { deliveryOf } from '../../src/scoring/delivery.ts';
import type { FeedbackInput } from '../../src/scoring/feedback.ts';
import type { ScoredWord } from '../../src/scoring/scoring-result.ts';
import { makeSpeech, sentence, type SpeechPlan } from './made-speech.ts';

export interface Situation {
  attempt?: AttemptKind;
  learner?: Partial<SpeechPlan>;
  standard?: Partial<SpeechPlan>;
  text?: string;
  /** Mispronounced words of the sentence with their scores. */
  wrong?: Record<string, number>;
  /** What the recogniser heard instead of a wrong word. */
  heard?: Record<string, string>;
  omitted?: string[];
  inserted?: string[];
  overall?: number | null;
  accuracy?: number;
  fluency?: number;
  prosody?: number;
  /** Null: not known. */
  completeness?: number | null;
  rhythm?: number;
  pitch?: number;
}

/** A good learner (80 in each score, rhythm and melody middling) unless the situation says more. */
export function feedbackInput(situation: Situation): FeedbackInput {
  const learner = makeSpeech({ words: sentence, ...situation.learner });
  const standard = makeSpeech({ words: sentence, ...situation.standard });
  const compared = compareSpeech(learner, standard);
  const { rhythm, pitch } = compared;
  const comparison = {
    ...compared,
    rhythm: rhythm && {
      ...rhythm,
      similarity: situation.learner?.phoneS ? rhythm.similarity : (situation.rhythm ?? 0.6),
    },
    pitch: pitch && { ...pitch, similarity: situation.pitch ?? 0.6 },
  };
  const kind = situation.attempt ?? 'ok';
  const unscored = kind !== 'ok';
  const score = (value: number | undefined) => (unscored ? null : (value ?? 80));
  return {
    attempt: attemptOf(kind),
    words: unscored ? [] : wordsOf(situation),
    comparison: unscored ? null : comparison,
    delivery: unscored ? null : deliveryOf(situation.text ?? 'Tom likes Layla today.', comparison),
    scores: {
      overall: unscored || situation.overall === null ? null : (situation.overall ?? 80),
      accuracy: score(situation.accuracy),
      fluency: score(situation.fluency),
      prosody: score(situation.prosody),
      completeness: situation.completeness === undefined ? 100 : situation.completeness,
    },
  };
}

function attemptOf(kind: AttemptKind): Attempt {
  return {
    kind,
    durationS: 2,
    voicedFrames: 120,
    clippedShare: 0,
    energyRangeDb: 60,
    frameGoodness: -4,
    phoneGoodness: -4,
    offScriptOdds: -8,
    heardShare: null,
  };
}

function wordsOf({ wrong = {}, heard = {}, omitted = [], inserted = [] }: Situation): ScoredWord[] {
  const empty = { score: null, startS: null, endS: null, heard: null, syllables: [], phones: [] };
  const said = sentence.map(({ text }, index): ScoredWord => {
    if (omitted.includes(text)) return { ...empty, text, kind: 'omitted' };
    const bad = wrong[text];
    return {
      ...empty,
      text,
      kind: bad === undefined ? 'ok' : 'mispronounced',
      score: bad ?? 85,
      startS: 0.3 + 0.2 * index,
      endS: 0.5 + 0.2 * index,
      heard: heard[text] ?? null,
    };
  });
  const added = inserted.map((text, index): ScoredWord => {
    return { ...empty, text, kind: 'inserted', startS: index, endS: index + 0.2 };
  });
  return [...added, ...said];
}
