/** Recordings made from a plan, as the analyses would describe them: for tests of the scorer. */
import type { Aligned, AlignedPhone, AlignedWord, PitchTrack } from '../../src/scoring/analyses.ts';

export interface PlannedWord {
  text: string;
  /** Consonant and vowel of each syllable; the vowel with its stress digit, such as `['B', 'AH0']`. */
  syllables: readonly (readonly [consonant: string, vowel: string])[];
}

export interface SpeechPlan {
  words: readonly PlannedWord[];
  /** Of each phone in order, seconds; the last one repeats. */
  phoneS?: readonly number[];
  /** Silence after each word, seconds; 0 where there is none. */
  gapsS?: readonly number[];
  /** Silence at both ends, seconds. */
  edgeS?: number;
  /** Multiplies every duration. */
  slower?: number;
  hz?: number;
  /** Melody over the voiced time, share 0–1 to semitones. */
  melody?: (share: number) => number;
  /** Nats per frame, of every phone. */
  goodness?: number;
}

export interface MadeSpeech {
  pitch: PitchTrack;
  alignment: Aligned;
}

export const LOUD_DB = -20;
export const SILENT_DB = -80;

export const sentence: readonly PlannedWord[] = [
  { text: 'tom', syllables: [['T', 'AA1']] },
  { text: 'likes', syllables: [['L', 'AY1']] },
  {
    text: 'layla',
    syllables: [
      ['L', 'EY1'],
      ['L', 'AH0'],
    ],
  },
  {
    text: 'today',
    syllables: [
      ['T', 'AH0'],
      ['D', 'EY1'],
    ],
  },
];

/** A melody with a rise, a fall and a rise, four semitones either way. */
export function waveMelody(share: number): number {
  return 4 * Math.sin(share * 9);
}

export function makeSpeech(plan: SpeechPlan): MadeSpeech {
  const words = layWords(plan);
  const endS = (words.at(-1)?.endS ?? 0) + (plan.edgeS ?? 0.3);
  const frames = Math.round(endS * 100);
  const spoken = Array.from({ length: frames }, (_, frame) => {
    const at = (frame + 0.5) / 100;
    return words.some((word) => at >= word.startS && at < word.endS);
  });
  const voiced = spoken.flatMap((is, frame) => (is ? [frame] : []));
  const order = new Map(voiced.map((frame, index) => [frame, index]));
  const melody = plan.melody ?? waveMelody;
  const hz = spoken.map((is, frame) =>
    is ? (plan.hz ?? 200) * 2 ** (melody((order.get(frame) ?? 0) / voiced.length) / 12) : 0,
  );
  const contour = { startS: 0.005, stepS: 0.01, hz };
  return {
    pitch: {
      durationS: endS,
      contour,
      refined: contour,
      energyDb: spoken.map((is) => (is ? LOUD_DB : SILENT_DB)),
      clippedShare: 0,
    },
    alignment: { kind: 'aligned', words },
  };
}

function layWords(plan: SpeechPlan): AlignedWord[] {
  const slower = plan.slower ?? 1;
  const durations = plan.phoneS ?? [0.1];
  let at = plan.edgeS ?? 0.3;
  let phoneIndex = 0;
  const next = (phone: string, stress: AlignedPhone['stress']): AlignedPhone => {
    const startS = at;
    const lasts = (durations[Math.min(phoneIndex, durations.length - 1)] ?? 0) * slower;
    at = Math.round((at + lasts) * 100) / 100;
    phoneIndex += 1;
    return { phone, stress, startS, endS: at, goodness: plan.goodness ?? -5 };
  };
  return plan.words.map((word, index) => {
    const phones = word.syllables.flatMap(([consonant, vowel]) => [
      next(consonant, null),
      next(vowel.slice(0, -1), vowel.endsWith('1') ? 1 : 0),
    ]);
    const startS = phones[0]?.startS ?? at;
    const endS = at;
    at = Math.round((at + (plan.gapsS?.[index] ?? 0) * slower) * 100) / 100;
    return { text: word.text, startS, endS, phones, syllables: syllablesOf(phones) };
  });
}

function syllablesOf(phones: readonly AlignedPhone[]): AlignedWord['syllables'] {
  return phones.flatMap((vowel, index) => {
    const consonant = phones[index - 1];
    if (vowel.stress === null || !consonant) return [];
    return {
      firstPhone: index - 1,
      phoneCount: 2,
      vowel: index,
      stress: vowel.stress,
      startS: consonant.startS,
      endS: vowel.endS,
    };
  });
}
