import type { AlignedWord, Transcript, TranscriptWord } from './analyses.ts';
import { matchWords, type WordMatch } from './match-words.ts';
import type { ScoredWord } from './scoring-result.ts';
import { spokenWords } from './sentence.ts';
import { PASS_SCORE, wordEvidence, type WordEvidence } from './word-evidence.ts';

/** A word that the recogniser missed counts as said from this goodness z-score and phone length. */
const SAID_GOODNESS = -1.5;
const SAID_PHONE_S = 0.055;

export interface WordsInput {
  /** The learner's aligned words, trimmed: one per word of the sentence. */
  aligned: readonly AlignedWord[];
  /** Null where there is none: then nothing can be omitted or inserted. */
  transcript: Transcript | null;
}

/**
 * Judges every word of the sentence, and lists what was said besides it.
 *
 * `mispronounced`: the recogniser heard another word, or the acoustic score is below 60.
 * `omitted`: the recogniser heard nothing there, and the acoustics do not contradict it. They do
 * where the aligned word has a mean goodness z-score of −1.5 or better and lasts 55 ms per phone:
 * so it is in 59 of the 76 good words that the offline recogniser missed in 219 learner recordings
 * (53 of 60 for other speakers), and in 10 of 178 words that were never said. Such a word is judged
 * by its acoustics.
 * `inserted`: heard between the sentence's words; has neither score nor phones.
 */
export function scoreWords({ aligned, transcript }: WordsInput): ScoredWord[] {
  const evidence = wordEvidence(aligned);
  const sentence = aligned.map((word) => word.text);
  const heard = transcript === null ? null : heardWords(transcript);
  return matchesOf(sentence, heard).flatMap((match): ScoredWord[] => {
    if (match.kind === 'inserted') {
      const word = heard?.[match.heard];
      return word ? [inserted(word)] : [];
    }
    const word = aligned[match.sentence];
    if (!word) return [];
    const own = evidence[match.sentence] ?? null;
    switch (match.kind) {
      case 'same':
        return [said(word, own, null)];
      case 'substituted':
        return [said(word, own, heard?.[match.heard]?.text ?? null)];
      case 'omitted':
        return [soundsSaid(word, own) ? said(word, own, null) : omitted(word)];
    }
  });
}

/** Without a transcript every word is taken as heard. */
function matchesOf(
  sentence: readonly string[],
  heard: readonly TranscriptWord[] | null,
): WordMatch[] {
  if (heard === null) {
    return sentence.map((_, index) => ({ kind: 'same', sentence: index, heard: index }));
  }
  return matchWords(
    sentence,
    heard.map((word) => word.text),
  );
}

/** One entry per normalised word: "25" becomes two that share its time. */
function heardWords(transcript: Transcript): TranscriptWord[] {
  return transcript.words.flatMap((word) =>
    spokenWords(word.text).map((text) => ({ ...word, text })),
  );
}

function soundsSaid(word: AlignedWord, evidence: WordEvidence | null): boolean {
  if (evidence === null) return false;
  const phoneS = (word.endS - word.startS) / word.phones.length;
  return evidence.goodness >= SAID_GOODNESS && phoneS >= SAID_PHONE_S;
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

function inserted({ text, startS, endS }: TranscriptWord): ScoredWord {
  return { ...emptyWord(text), kind: 'inserted', startS, endS };
}

function emptyWord(text: string): Omit<ScoredWord, 'kind'> {
  return { text, score: null, startS: null, endS: null, heard: null, syllables: [], phones: [] };
}
