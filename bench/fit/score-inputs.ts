/** What the score models may read, and in which direction (see utterance-features.ts). */

const BETTER = [
  'lpp lpp.p10 lpp.p25 lpp.p50 lpp.wmin lpp.wmm lpp.v lpp.c lpp.shr',
  'px px.p25 px.p50 px.p75 px.wp25 px.v px.c px.coda px.shr',
  'goodness goodness.p10 goodness.wmm goodness.shr gop',
  'rhythm overallRate syllableRate phoneSpanRate pauseSimilarity',
  'wmean wmin w2 wp25 wwmean',
];

const WORSE = [
  'lpp.soft px.soft goodness.soft wrong ent',
  'vowelDeviation syllableDeviation dsd dab dmax dhi dlo drms dpmax dpos Ep',
  'rateSquare pauseCount pauseShare pausesPerGap longestPause softPauses pauseSquare',
  'softPausesPerGap wlo wsd',
];

/** By feature: 1 where more of it may only raise a score, −1 where it may only lower it. */
export const scoreInputSigns: ReadonlyMap<string, 1 | -1> = new Map([
  ...names(BETTER).map((name): [string, 1] => [name, 1]),
  ...names(WORSE).map((name): [string, -1] => [name, -1]),
]);

function names(lines: readonly string[]): string[] {
  return lines.join(' ').split(' ');
}
