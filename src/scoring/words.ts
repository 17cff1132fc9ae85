import type { AlignedWord, Transcript, TranscriptWord } from './analyses.ts';
import { insertedReasons, type InsertedReason } from './inserted-reason.ts';
import { layTranscript } from './lay-transcript.ts';
import type { WordMatch } from './match-words.ts';
import type { Pronunciations } from './pronunciations.ts';
import { countsAgainst, trustIn } from './recogniser-trust.ts';
import type { ScoredWord } from './scoring-result.ts';
import { PASS_SCORE, type WordEvidence } from './word-evidence.ts';

/** A word that the recogniser missed counts as said from this goodness z-score and phone length. */
const SAID_GOODNESS = -1.5;
const SAID_PHONE_S = 0.055;

export interface WordsInput {
  /** The learner's aligned words, trimmed: one per word of the sentence. */
  aligned: readonly AlignedWord[];
  /** Of each of them, as `wordEvidence`. */
  evidence: readonly (WordEvidence | null)[];
  /** Null where there is none: then nothing can be omitted or inserted. */
  transcript: Transcript | null;
  /** Of the words of both; absent: words that sound the same cannot be told from others. */
  pronunciations?: Pronunciations;
}

/**
 * Judges every word of the sentence, and lists what was said besides it. What is written
 * differently but said the same is no error (`matchWords`).
 *
 * `mispronounced`: the recogniser heard another word (where that counts: recogniser-trust.ts), or
 * the acoustic score is below 60.
 * `omitted`: the recogniser heard nothing there, and the acoustics do not contradict it. They do
 * where the aligned word lasts 55 ms per phone and has a mean goodness z-score of −1.5 or better: so
 * it is in 59 of the 76 good words that the offline recogniser missed in 219 learner recordings
 * (53 of 60 for other speakers), and in 10 of 178 words that were never said. They do too where its
 * acoustic score passes: ten such words in 300 recordings of other speakers had a mean mark of 8.6,
 * the other words that were not heard there 4.2. Such a word is judged by its acoustics. That it was
 * never said shows in the acoustics whoever listened, so the same limits hold for Google, which
 * leaves out short words that nobody stresses.
 * `inserted`: heard between the sentence's words; has a reason, but neither score nor phones.
 */
export function scoreWords({
  aligned,
  evidence,
  transcript,
  pronunciations = {},
}: WordsInput): ScoredWord[] {
  if (transcript === null) {
    return aligned.map((word, index) => said(word, evidence[index] ?? null, null));
  }
  const { heard, sounded, matches } = layTranscript(aligned, transcript, pronunciations);
  const reasons = insertedReasons(sounded, insertedFlags(matches, heard.length));
  const trust = trustIn(transcript);
  return matches.flatMap(({ kind, sentence, heard: { from } }): ScoredWord[] => {
    const other = heard[from];
    if (kind === 'inserted') return other ? [inserted(other, reasons[from] ?? 'other')] : [];
    return aligned.slice(sentence.from, sentence.to).map((word, index) => {
      const own = evidence[sentence.from + index] ?? null;
      if (kind === 'omitted') return soundsSaid(word, own) ? said(word, own, null) : omitted(word);
      const isOther =
        kind === 'substituted' &&
        other !== undefined &&
        countsAgainst(trust, other.confidence, own?.score ?? null);
      return said(word, own, isOther ? other.text : null);
    });
  });
}

function insertedFlags(matches: readonly WordMatch[], heardCount: number): boolean[] {
  const flags = Array.from({ length: heardCount }, () => false);
  for (const { kind, heard } of matches) if (kind === 'inserted') flags[heard.from] = true;
  return flags;
}

function soundsSaid(word: AlignedWord, evidence: WordEvidence | null): boolean {
  if (evidence === null) return false;
  const phoneS = (word.endS - word.startS) / word.phones.length;
  const isGood = evidence.goodness >= SAID_GOODNESS || evidence.score >= PASS_SCORE;
  return isGood && phoneS >= SAID_PHONE_S;
}

function said(word: AlignedWord, evidence: WordEvidence | null, heard: string | null): ScoredWord {
  const acoustic = evidence?.score ?? null;
  const score = heard === null ? acoustic : Math.min(PASS_SCORE - 1, acoustic ?? 0);
  return {
    text: word.text,
    kind: score !== null && score < PASS_SCORE ? 'mispronounced' : 'ok',
    score,
    startS: word.startS,
    endS: word.endS,
    heard,
    syllables: word.syllables.map(({ firstPhone, phoneCount, stress, startS, endS }) => ({
      firstPhone,
      phoneCount,
      stress,
      startS,
      endS,
    })),
    phones: word.phones.map(({ phone, stress, startS, endS }, index) => ({
      phone,
      stress,
      startS,
      endS,
      score: evidence?.phoneScores[index] ?? 0,
    })),
  };
}

function omitted(word: AlignedWord): ScoredWord {
  return { ...emptyWord(word.text), kind: 'omitted', score: 0 };
}

function inserted({ text, startS, endS }: TranscriptWord, reason: InsertedReason): ScoredWord {
  return { ...emptyWord(text), kind: 'inserted', startS, endS, reason };
}

function emptyWord(text: string): Omit<ScoredWord, 'kind'> {
  return { text, score: null, startS: null, endS: null, heard: null, syllables: [], phones: [] };
}
