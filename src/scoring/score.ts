import type { Aligned, Alignment, PitchTrack, Transcript } from './analyses.ts';
import { judgeAttempt, type Attempt } from './attempt.ts';
import { checkStandard } from './check-standard.ts';
import { compareSpeech, type Speech } from './compare-speech.ts';
import { deliveryOf } from './delivery.ts';
import { evidenceOf, explain } from './explanation.ts';
import { feedbackOn } from './feedback.ts';
import { heardShare } from './lay-transcript.ts';
import { judgeSentence } from './model/judge-sentence.ts';
import { sentenceRows } from './model/sentence-rows.ts';
import type { Pronunciations } from './pronunciations.ts';
import { roundedAttempt, roundedContributions, roundedFigures } from './rounded-result.ts';
import { rounded } from './rounded.ts';
import type { ScoringResult } from './scoring-result.ts';
import { versionsOf, type EngineVersions } from './scoring-versions.ts';
import { fluencyFiguresOf } from './speed.ts';
import { StandardUnusableError } from './standard-unusable-error.ts';
import { wordFigures } from './word-figures.ts';
import { wordEvidence } from './word-evidence.ts';
import { scoreWords } from './words.ts';

/** Raise it with every change that can alter a figure: results are kept under it. */
export const FORMULA_VERSION = '5';

export interface RecordingToScore {
  sentence: string;
  /** `transcript` null: not recognised at all; words: []: recognised, nothing heard. */
  learner: { transcript: Transcript | null; pitch: PitchTrack; alignment: Alignment };
  standard: { pitch: PitchTrack; alignment: Alignment };
  /** Of the words that `wordsToPronounce` names; absent: only what is written alike is the same. */
  pronunciations?: Pronunciations;
  /** Which engines made the analyses: passed on into the result. */
  engines?: Partial<EngineVersions>;
}

/** The result without what they were made with. */
type Figures = Omit<ScoringResult, 'versions'>;

/**
 * Scores a learner's recording of a sentence against the standard recording of the same sentence.
 * Pure and deterministic: equal analyses give equal results. The words are those of the alignments,
 * which were made with `sentence`. Scores 0–100 with one decimal, similarities 0–1 with three,
 * nothing is NaN; null where undefined (see each formula's file). A recording that is silent, too
 * short, clipped, noisy or off script has null scores and no words. A standard with faults is used,
 * and its faults are listed.
 *
 * Throws `StandardUnusableError` where the standard is unaligned or has no phones.
 */
export function scoreRecording(input: RecordingToScore): ScoringResult {
  return { ...figuresOf(input), versions: versionsOf(FORMULA_VERSION, input.engines ?? {}) };
}

function figuresOf({
  sentence,
  learner,
  standard,
  pronunciations = {},
}: RecordingToScore): Figures {
  const reference = { pitch: standard.pitch, alignment: usable(standard.alignment) };
  const words = learner.alignment.kind === 'aligned' ? learner.alignment.words : [];
  const heard = heardShare(words, learner.transcript, pronunciations);
  const attempt = judgeAttempt(learner.pitch, learner.alignment, heard);
  const findings = checkStandard(reference.pitch, reference.alignment);
  const marks = {
    standardFindings: findings.map(({ code }) => code),
    standardCheck: findings,
  };
  if (learner.alignment.kind === 'unaligned' || attempt.kind !== 'ok') {
    return { ...unscored(attempt), ...marks };
  }
  const speech = { pitch: learner.pitch, alignment: learner.alignment };
  const said = { transcript: learner.transcript, pronunciations };
  return { ...scored(attempt, sentence, speech, said, reference), ...marks };
}

function usable(alignment: Alignment): Aligned {
  if (alignment.kind === 'unaligned') {
    throw new StandardUnusableError(
      `The sentence could not be aligned to the standard: ${alignment.reason}`,
    );
  }
  if (alignment.words.every((word) => word.phones.length === 0)) {
    throw new StandardUnusableError('The alignment of the standard holds no phones.');
  }
  return alignment;
}

function scored(
  attempt: Attempt,
  sentence: string,
  learner: Speech,
  { transcript, pronunciations }: { transcript: Transcript | null; pronunciations: Pronunciations },
  standard: Speech,
): Figures {
  const comparison = compareSpeech(learner, standard);
  const { pitch, rhythm, pauseSimilarity, speed } = comparison;
  const judgement = judgeSentence(
    sentenceRows(
      { timing: comparison.learner, energyDb: learner.pitch.energyDb },
      { timing: comparison.standard, energyDb: standard.pitch.energyDb },
    ),
  );
  const aligned = comparison.learner.words;
  const words = scoreWords({
    aligned,
    evidence: wordEvidence(aligned, judgement),
    transcript,
    pronunciations,
  });
  const evidence = evidenceOf(comparison, words);
  const overall = explain(judgement.scores.overall, evidence);
  const accuracy = explain(judgement.scores.accuracy, evidence);
  const fluency = explain(judgement.scores.fluency, evidence);
  const prosody = explain(judgement.scores.prosody, evidence);
  const figures = wordFigures(words, transcript !== null);
  const delivery = deliveryOf(sentence, comparison);
  const scores = {
    overall: overall.score,
    accuracy: accuracy.score,
    fluency: fluency.score,
    prosody: prosody.score,
    completeness: figures.completeness,
  };
  return {
    ...unscored(attempt),
    overall: rounded(overall.score, 1),
    accuracy: rounded(accuracy.score, 1),
    fluency: rounded(fluency.score, 1),
    prosody: rounded(prosody.score, 1),
    pitchSimilarity: rounded(pitch?.similarity ?? null, 3),
    rhythmSimilarity: rounded(rhythm?.similarity ?? null, 3),
    pauseSimilarity: rounded(pauseSimilarity, 3),
    speedRatio: rounded(speed?.ratio ?? null, 3),
    fluencyFigures: roundedFigures(fluencyFiguresOf(comparison.learner)),
    delivery,
    words,
    ...figures,
    feedback: feedbackOn({ attempt, words, comparison, delivery, scores }),
    contributions: {
      overall: roundedContributions(overall.contributions),
      accuracy: roundedContributions(accuracy.contributions),
      fluency: roundedContributions(fluency.contributions),
      prosody: roundedContributions(prosody.contributions),
    },
  };
}

function unscored(attempt: Attempt): Figures {
  return {
    schemaVersion: 2,
    formulaVersion: FORMULA_VERSION,
    attempt: roundedAttempt(attempt),
    overall: null,
    accuracy: null,
    fluency: null,
    prosody: null,
    completeness: null,
    pitchSimilarity: null,
    rhythmSimilarity: null,
    pauseSimilarity: null,
    speedRatio: null,
    fluencyFigures: null,
    delivery: null,
    words: [],
    mispronouncedWords: [],
    mispronouncedRatio: null,
    feedback: feedbackOn({
      attempt,
      words: [],
      comparison: null,
      delivery: null,
      scores: { overall: null, accuracy: null, fluency: null, prosody: null, completeness: null },
    }),
    standardFindings: [],
    standardCheck: [],
    contributions: null,
  };
}
