/** Moves the boundaries of phones to where features fitted to the speaker put them. */
import { STATES, type AcousticModel } from './acoustic-model.ts';
import { layUnits, unitScores, type AlignUnit } from './align-units.ts';
import { FEATURES } from './cepstra.ts';
import type { PhoneSegment } from './phone-segments.ts';

/** How far a boundary may move, in frames. */
const REACH = 20;
const IMPOSSIBLE = -1e30;

/**
 * The likeliest boundaries (Viterbi, three states a phone, at least 30 ms) within 0.2 s of the given
 * ones, pauses allowed between words and at both ends. Returns the segments as given where there is
 * no such path.
 */
export function realign(
  model: AcousticModel,
  features: Float64Array,
  segments: readonly PhoneSegment[],
): PhoneSegment[] {
  const frames = features.length / FEATURES;
  const units = layUnits(model, segments, frames, REACH);
  const path = bestPath(units, unitScores(model, features, units), frames);
  if (path === null) return [...segments];
  const spans = units.map(() => ({ first: frames, end: 0 }));
  path.forEach((unit, frame) => {
    const span = spans[unit];
    if (span === undefined) return;
    span.first = Math.min(span.first, frame);
    span.end = frame + 1;
  });
  return units.flatMap(({ segment }, unit) => {
    const span = spans[unit];
    return segment === null || span === undefined ? [] : [{ ...segment, ...span }];
  });
}

/** The unit of every frame. Positions are `unit * STATES + state`; null where nothing fits. */
function bestPath(
  units: readonly AlignUnit[],
  scores: readonly Float64Array[],
  frames: number,
): Int32Array | null {
  const width = units.length * STATES;
  const values = new Float64Array(width).fill(IMPOSSIBLE);
  const sources = new Int16Array(frames * width);
  for (let frame = 0; frame < frames; frame++) {
    // Downwards: what a position comes from still holds the value of the frame before.
    for (let at = width - 1; at >= 0; at--) {
      const unit = Math.floor(at / STATES);
      const source = frame === 0 ? at : bestSource(values, units, at);
      const before = frame === 0 ? entryValue(units, at) : (values[source] ?? IMPOSSIBLE);
      const { from, to } = units[unit] ?? { from: 0, to: 0 };
      const isPossible = before > IMPOSSIBLE && frame >= from && frame < to;
      const score = scores[unit]?.[(frame - from) * STATES + (at % STATES)] ?? IMPOSSIBLE;
      values[at] = isPossible ? before + score : IMPOSSIBLE;
      sources[frame * width + at] = source;
    }
  }
  // The last pause may be left out.
  const [withPause, without] = [width - 1, width - 1 - STATES];
  let at =
    (values[withPause] ?? IMPOSSIBLE) >= (values[without] ?? IMPOSSIBLE) ? withPause : without;
  if ((values[at] ?? IMPOSSIBLE) <= IMPOSSIBLE) return null;
  const path = new Int32Array(frames);
  for (let frame = frames - 1; frame >= 0; frame--) {
    path[frame] = Math.floor(at / STATES);
    at = sources[frame * width + at] ?? 0;
  }
  return path;
}

/** Speech begins with the first pause or, without one, with the first phone. */
function entryValue(units: readonly AlignUnit[], at: number): number {
  const isEntry = at === 0 || (at === STATES && units[0]?.segment === null);
  return isEntry ? 0 : IMPOSSIBLE;
}

/** Stay, go on by one, or pass over a pause. */
function bestSource(values: Float64Array, units: readonly AlignUnit[], at: number): number {
  let source = at;
  const consider = (other: number) => {
    if (other >= 0 && (values[other] ?? IMPOSSIBLE) > (values[source] ?? IMPOSSIBLE))
      source = other;
  };
  consider(at - 1);
  const unit = Math.floor(at / STATES);
  if (at % STATES === 0 && units[unit - 1]?.segment === null) consider(at - 1 - STATES);
  return source;
}
