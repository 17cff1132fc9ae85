import type { MatchedSyllable } from '../scoring/match-syllables.ts';

/** The same moment in both recordings. */
export interface Anchor {
  fromS: number;
  toS: number;
}

/** Nearer than this, two anchors are one: the aligner's times are 10 ms apart. */
const APART_S = 0.005;

/**
 * Moments that both recordings share, the most telling first: begin and end of each matched vowel,
 * then of each syllable; `from` is the standard, `to` the learner.
 */
export function anchorsOf(matched: readonly MatchedSyllable[]): Anchor[] {
  const edgesOf = (part: 'vowel' | 'syllable') =>
    matched.flatMap(({ learner, standard }) => [
      { fromS: standard[part].startS, toS: learner[part].startS },
      { fromS: standard[part].endS, toS: learner[part].endS },
    ]);
  return [...edgesOf('vowel'), ...edgesOf('syllable')];
}

/**
 * A rising, piecewise-linear map of time that takes each anchor's `fromS` to its `toS`; before the
 * first and after the last it only shifts. An anchor that does not go forward in both, seen from those
 * before it in the list, is left out: where the learner pauses and the standard does not, the end of
 * one word gives way to the vowel of the next. Without anchors it changes nothing.
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

/** Those of the anchors that go forward in both, in order; the earlier in the list win. */
export function risingOf(anchors: readonly Anchor[]): Anchor[] {
  const kept: Anchor[] = [];
  for (const anchor of anchors) {
    const next = kept.findIndex(({ fromS }) => fromS > anchor.fromS);
    const place = next === -1 ? kept.length : next;
    if (rises(kept[place - 1], anchor) && rises(anchor, kept[place])) kept.splice(place, 0, anchor);
  }
  return kept;
}

function rises(earlier: Anchor | undefined, later: Anchor | undefined): boolean {
  if (earlier === undefined || later === undefined) return true;
  return later.fromS - earlier.fromS >= APART_S && later.toS - earlier.toS >= APART_S;
}
