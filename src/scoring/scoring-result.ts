/** The result of a scoring as it is stored and shown: plain JSON, every number finite or null. */
import type { Attempt } from './attempt.ts';
import type { StandardFinding, StandardFindingCode } from './check-standard.ts';
import type { Delivery } from './delivery.ts';
import type { Feedback } from './feedback.ts';
import type { InsertedReason } from './inserted-reason.ts';
import type { Explanations } from './explanation.ts';
import type { ScoreName } from './model/judge-sentence.ts';
import type { FluencyFigures } from './speed.ts';
import type { ScoringVersions } from './scoring-versions.ts';

export interface ScoringResult {
  schemaVersion: 2;
  /** Changes whenever the same analyses may give other figures. */
  formulaVersion: string;
  /** Of everything that the figures depend on. */
  versions: ScoringVersions;
  attempt: Attempt;
  /** 0–100, one decimal; agreement with experts in docs/scoring.md. Null unless the attempt is `ok`. */
  overall: number | null;
  accuracy: number | null;
  fluency: number | null;
  prosody: number | null;
  /** Share of the sentence's words that were said, 0–100. Null without a transcript too. */
  completeness: number | null;
  /** 0–1, 1 for the same as the standard; null where undefined. */
  pitchSimilarity: number | null;
  rhythmSimilarity: number | null;
  pauseSimilarity: number | null;
  /** Learner's articulation rate over the standard's; 1 for the same. */
  speedRatio: number | null;
  fluencyFigures: FluencyFigures | null;
  /** Null unless the attempt is `ok`. */
  delivery: Delivery | null;
  /** The sentence's words in order, inserted ones between them. Empty unless the attempt is `ok`. */
  words: ScoredWord[];
  /** Omitted and mispronounced words of the sentence, in its order, repeats kept. */
  mispronouncedWords: string[];
  /** Their share of the sentence's words, 0–1. */
  mispronouncedRatio: number | null;
  feedback: Feedback;
  /** What is wrong with the standard that was compared with; the scores are to be read so. */
  standardFindings: StandardFindingCode[];
  /** The same with figures and what to do, for whoever edits the lessons. */
  standardCheck: StandardFinding[];
  contributions: Explanations | null;
  /** Only where a teacher has set scores. Who and why stand in `elocute.review`, not here. */
  teacher?: TeacherDecision;
}

export interface TeacherDecision {
  decidedAtMs: number;
  /** Those that the teacher has set; the others are ours. */
  scores: ScoreName[];
}

export type WordKind = 'ok' | 'mispronounced' | 'omitted' | 'inserted';

export interface ScoredWord {
  /** As normalised: lower case, without punctuation. */
  text: string;
  kind: WordKind;
  /** 0–100: below 60 is `mispronounced`, omitted is 0; null for inserted words. */
  score: number | null;
  /** Null for omitted words. */
  startS: number | null;
  endS: number | null;
  /** What the recogniser heard instead; null where it heard the word, or nothing. */
  heard: string | null;
  /** Of inserted words only. */
  reason?: InsertedReason;
  syllables: ScoredSyllable[];
  phones: ScoredPhone[];
}

export interface ScoredSyllable {
  /** `phones[firstPhone .. firstPhone + phoneCount)` of its word. */
  firstPhone: number;
  phoneCount: number;
  stress: 0 | 1 | 2;
  startS: number;
  endS: number;
}

export interface ScoredPhone {
  /** ARPAbet without stress digit. */
  phone: string;
  stress: 0 | 1 | 2 | null;
  startS: number;
  endS: number;
  /** 0–100; a hint, not a verdict: single phones are noisy. */
  score: number;
}
