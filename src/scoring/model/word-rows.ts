/** Timing of each word against the standard, before anything fitted is used. */
import type { Timing } from '../timing.ts';
import { isFunctionWord } from './function-words.ts';
import { mean } from './statistics.ts';

const SHORTEST_S = 0.03;
type Values = Record<string, number | null>;

/** Frame energies of both recordings, dB, one per 10 ms. */
export interface Levels {
  learner: readonly number[];
  standard: readonly number[];
}

/** Per word; null where undefined. */
export function wordRows(learner: Timing, standard: Timing, levels: Levels): Values[] {
  return learner.words.map((word, w) => {
    const other = standard.words[w];
    const durationS = word.endS - word.startS;
    return {
      phones: word.phones.length,
      syllables: word.syllables.length,
      functionWord: isFunctionWord(word.text) ? 1 : 0,
      durationS,
      standardDurationS: other ? other.endS - other.startS : null,
      gapBeforeS: w === 0 ? null : (learner.gapsS[w - 1] ?? null),
      gapAfterS: learner.gapsS[w] ?? null,
      standardGapBeforeS: w === 0 ? null : (standard.gapsS[w - 1] ?? null),
      standardGapAfterS: standard.gapsS[w] ?? null,
      stressDuration: stressContrast(learner, standard, w, (t, at) => vowelLog(t, w, at)),
      stressEnergy: stressContrast(learner, standard, w, (t, at) =>
        vowelDb(t, w, at, t === learner ? levels.learner : levels.standard),
      ),
    };
  });
}

/** Contrast of the stressed with the other vowels, learner less standard. */
function stressContrast(
  learner: Timing,
  standard: Timing,
  w: number,
  measure: (timing: Timing, syllable: number) => number | null,
): number | null {
  const [a, b] = [learner.words[w], standard.words[w]];
  if (!a || !b || a.syllables.length !== b.syllables.length || a.syllables.length < 2) return null;
  const contrast = (timing: Timing): number | null => {
    const stressed: number[] = [];
    const others: number[] = [];
    for (const [at, syllable] of a.syllables.entries()) {
      const value = measure(timing, at);
      if (value !== null) (syllable.stress === 1 ? stressed : others).push(value);
    }
    if (stressed.length === 0 || others.length === 0) return null;
    return mean(stressed) - mean(others);
  };
  const [x, y] = [contrast(learner), contrast(standard)];
  return x === null || y === null ? null : x - y;
}

function vowelLog(timing: Timing, w: number, at: number): number | null {
  const word = timing.words[w];
  const vowel = word?.phones[word.syllables[at]?.vowel ?? -1];
  return vowel ? Math.log(Math.max(SHORTEST_S, vowel.endS - vowel.startS)) : null;
}

function vowelDb(
  timing: Timing,
  w: number,
  at: number,
  energyDb: readonly number[],
): number | null {
  const word = timing.words[w];
  const vowel = word?.phones[word.syllables[at]?.vowel ?? -1];
  if (!vowel) return null;
  const frames = energyDb.slice(Math.round(vowel.startS * 100), Math.round(vowel.endS * 100));
  return frames.length === 0 ? null : Math.max(...frames);
}
