/** What a path through speech may visit: phones, and pauses between words. */
import { STATES, type AcousticModel } from './acoustic-model.ts';
import { FEATURES } from './cepstra.ts';
import type { PhoneSegment } from './phone-segments.ts';
import { bestGaussians, scoreStates } from './state-scores.ts';

/** A phone, or (without a segment) a pause, which may be left out. */
export interface AlignUnit {
  segment: PhoneSegment | null;
  phone: number;
  senones: readonly [number, number, number];
  /** Frames in which it may lie: `from` up to, not including, `to`. */
  from: number;
  to: number;
}

/** Every phone within `reach` frames of where it was, a pause before every word and at the end. */
export function layUnits(
  model: AcousticModel,
  segments: readonly PhoneSegment[],
  frames: number,
  reach: number,
): AlignUnit[] {
  const silence = model.phones.indexOf('SIL');
  const pause = (from: number, to: number): AlignUnit => ({
    segment: null,
    phone: silence,
    senones: model.senonesOf(silence),
    from: Math.max(0, from),
    to: Math.min(frames, to),
  });
  const units = segments.flatMap((segment, at): AlignUnit[] => {
    const { phone, context, first, end } = segment;
    const before = segments[at - 1];
    const senones = model.senonesOf(phone, context);
    const own = { ...pause(first - reach, end + reach), segment, phone, senones };
    if (before?.word === segment.word) return [own];
    return [pause((before?.end ?? 0) - reach, first + reach), own];
  });
  return [...units, pause((segments.at(-1)?.end ?? 0) - reach, frames)];
}

/** Log-likelihoods per unit: `[(frame - from) * STATES + state]`. */
export function unitScores(
  model: AcousticModel,
  features: Float64Array,
  units: readonly AlignUnit[],
): Float64Array[] {
  const scores = units.map(({ from, to }) => new Float64Array(Math.max(0, to - from) * STATES));
  for (const phone of new Set(units.map((unit) => unit.phone))) {
    const wanted = new Uint8Array(features.length / FEATURES);
    const own = [...units.entries()].filter(([, unit]) => unit.phone === phone);
    for (const [, { from, to }] of own) wanted.fill(1, from, to);
    const best = bestGaussians(model, phone, features, wanted);
    for (const [index, { from, to, senones }] of own) {
      const target = scores[index];
      if (target === undefined) continue;
      for (let frame = from; frame < to; frame++) {
        scoreStates(model, best, frame, senones, target, (frame - from) * STATES);
      }
    }
  }
  return scores;
}
