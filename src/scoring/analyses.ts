/**
 * What the scorer reads: the three analyses of a recording, as plain JSON.
 * Times are seconds from the start of the recording; frames are 10 ms apart.
 */

/** What a recogniser heard, in order. No words: nothing was recognised (silence). */
export interface Transcript {
  /** Who heard it: each is trusted differently. Absent in transcripts kept by older versions. */
  recogniser?: 'google' | 'offline';
  text: string;
  words: TranscriptWord[];
}

export interface TranscriptWord {
  text: string;
  startS: number;
  endS: number;
  /** 0–1 as the recogniser reports it; null where it did not set one. Not a pronunciation score. */
  confidence: number | null;
}

/** F0 over time: frame `i` lies at `startS + i * stepS`; 0 Hz means unvoiced. */
export interface PitchContour {
  startS: number;
  stepS: number;
  hz: number[];
}

/** Pitch and energy of one recording. */
export interface PitchTrack {
  durationS: number;
  /** Praat's `To Pitch` with default range (75–600 Hz). */
  contour: PitchContour;
  /** The same with floor and ceiling fitted to the speaker: what similarities are computed from. */
  refined: PitchContour;
  /** Energy in dB re full scale; frame `i` is a 25 ms Hann window centred at `(i + 0.5) * 10 ms`. */
  energyDb: number[];
  /** Share of samples at full scale, 0–1. */
  clippedShare: number;
}

/** The sentence laid over the recording, or the reason why it could not be. */
export type Alignment = Aligned | { kind: 'unaligned'; reason: string };

export interface Aligned {
  kind: 'aligned';
  /**
   * How far the speaker's formants lie above the acoustic model's: men about 1.03, women 1.15,
   * children 1.2. Absent without evidence.
   */
  warp?: number;
  words: AlignedWord[];
}

export interface AlignedWord {
  /** As normalised: lower case, without punctuation. */
  text: string;
  startS: number;
  endS: number;
  phones: AlignedPhone[];
  syllables: AlignedSyllable[];
}

export interface AlignedPhone {
  /** ARPAbet without stress digit, such as `AH`. */
  phone: string;
  /** Lexical stress of a vowel (0 none, 1 primary, 2 secondary); null for consonants. */
  stress: 0 | 1 | 2 | null;
  startS: number;
  endS: number;
  /** Goodness of pronunciation, nats per 10 ms frame: log-likelihood minus the best senone's, ≤ 0. */
  goodness: number;
  /** What the acoustic model fitted to the speaker says; absent where the aligner asked none. */
  evidence?: PhoneEvidence;
}

export interface PhoneEvidence {
  /** Seconds in the recording, realigned: within 0.2 s of the phone's own. */
  startS: number;
  endS: number;
  /** Log posteriors (≤ 0) of all phones in the order of `evidencePhones`, equally likely before. */
  logPosteriors: number[];
}

/** Phones that evidence is about, in its order; `SIL` is silence. */
export const evidencePhones: readonly string[] = (
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH SIL T TH UH UW ' +
  'V W Y Z ZH'
).split(' ');

/** A syllable by maximal onset: `phones[firstPhone .. firstPhone + phoneCount)` of its word. */
export interface AlignedSyllable {
  firstPhone: number;
  phoneCount: number;
  /** Index of the vowel within the word's phones. */
  vowel: number;
  stress: 0 | 1 | 2;
  startS: number;
  endS: number;
}

export const FRAME_S = 0.01;
