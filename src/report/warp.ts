import type { MatchedSyllable } from '../scoring/match-syllables.ts';

/** The same moment in both recordings. */
export interface Anchor {
  fromS: number;
  toS: number;
}

/** Nearer than this, two anchors are one: the aligner's times are 10 ms apart. */
const APART_S = 0.005;

/**
 * Moments that both recordings share: begin and end of each matched syllable and of its vowel; `from`
 * is the standard, `to` the learner.
 */
export function anchorsOf(matched: readonly MatchedSyllable[]): Anchor[] {
  return matched.flatMap(({ learner, standard }) => [
    { fromS: standard.syllable.startS, toS: learner.syllable.startS },
    { fromS: standard.vowel.startS, toS: learner.vowel.startS },
    { fromS: standard.vowel.endS, toS: learner.vowel.endS },
    { fromS: standard.syllable.endS, toS: learner.syllable.endS },
  ]);
}

/**
 * A rising, piecewise-linear map of time that takes each anchor's `fromS` to its `toS`; before the
 * first and after the last it only shifts. Anchors that do not go forward in both are left out.
 * Without anchors it changes nothing.
 */
export function warpBy(anchors: readonly Anchor[]): (timeS: number) => number {
  const kept = risingOf(anchors);
  return (timeS) => {
    const next = kept.findIndex(({ fromS }) => fromS >= timeS);
    const after = kept[next];
    const before = next === -1 ? kept.at(-1) : kept[next - 1];
    if (before === undefined || after === undefined) {
      const only = before ?? after;
      return only === undefined ? timeS : timeS - only.fromS + only.toS;
    }
    const share = (timeS - before.fromS) / (after.fromS - before.fromS);
    return before.toS + share * (after.toS - before.toS);
  };
}

/** Those of the anchors that go forward in both, in order. */
export function risingOf(anchors: readonly Anchor[]): Anchor[] {
  const kept: Anchor[] = [];
  for (const anchor of anchors.toSorted((a, b) => a.fromS - b.fromS)) {
    const last = kept.at(-1);
    const rises =
      last === undefined ||
      (anchor.fromS - last.fromS >= APART_S && anchor.toS - last.toS >= APART_S);
    if (rises) kept.push(anchor);
  }
  return kept;
}
