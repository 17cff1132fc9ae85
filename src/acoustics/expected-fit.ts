/** How well features fit the expected phones, and by how much they are off. */
import { STATES, STREAMS, type AcousticModel } from './acoustic-model.ts';
import { CEPSTRA, FEATURES } from './cepstra.ts';
import type { PhoneSegment } from './phone-segments.ts';
import { bestGaussians, KEPT, scoreStates, type BestGaussians } from './state-scores.ts';

export interface ExpectedFit {
  /** Mean over frames of the log-likelihood of the expected phone's best state, in nats. */
  logLikelihood: number;
  /** What to add to the static cepstra so that they fit best (maximum a posteriori). */
  offset: Float64Array;
}

/** Weight of "no offset", in frames: short recordings say little about the speaker. */
const PRIOR_FRAMES = 20;

/**
 * Compares every `stride`-th frame of the segments with the expected phone only: a fortieth of the
 * work of comparing with all phones.
 */
export function expectedFit(
  model: AcousticModel,
  features: Float64Array,
  segments: readonly PhoneSegment[],
  stride: number,
): ExpectedFit {
  const frames = features.length / FEATURES;
  const pull = new Float64Array(CEPSTRA);
  const precision = new Float64Array(CEPSTRA);
  const states = new Float64Array(STATES);
  let sum = 0;
  let count = 0;
  for (const phone of new Set(segments.map((segment) => segment.phone))) {
    const own = segments.filter((segment) => segment.phone === phone);
    const wanted = new Uint8Array(frames);
    for (const { first, end } of own) {
      for (let frame = first + (first % stride); frame < end; frame += stride) wanted[frame] = 1;
    }
    const best = bestGaussians(model, phone, features, wanted);
    for (const { first, end, context } of own) {
      const senones = model.senonesOf(phone, context);
      for (let frame = first; frame < end; frame++) {
        if (wanted[frame] === 0) continue;
        scoreStates(model, best, frame, senones, states, 0);
        const likeliest = Math.max(...states);
        sum += likeliest;
        count += 1;
        const senone = senones[states.indexOf(likeliest)] ?? 0;
        addPull(model, best, phone, senone, features, frame, pull, precision);
      }
    }
  }
  const shrink = count / (count + PRIOR_FRAMES);
  return {
    logLikelihood: count === 0 ? -Infinity : sum / count,
    offset: pull.map((value, at) => (shrink * value) / Math.max(1e-9, precision[at] ?? 0)),
  };
}

/** Adds each kept Gaussian's distance from the frame's static cepstra, weighted by its share. */
function addPull(
  model: AcousticModel,
  best: BestGaussians,
  phone: number,
  senone: number,
  features: Float64Array,
  frame: number,
  pull: Float64Array,
  precision: Float64Array,
): void {
  const { gaussians, width, parameters, senones, weights, weightStep } = model;
  const first = frame * STREAMS * KEPT;
  const top = best.logDensity[first] ?? 0;
  const shares = Array.from({ length: KEPT }, (_, rank) => {
    const weight = weights[(best.index[first + rank] ?? 0) * senones + senone] ?? 0;
    return Math.exp((best.logDensity[first + rank] ?? 0) - top - weight * weightStep);
  });
  const total = shares.reduce((a, b) => a + b, 0);
  shares.forEach((share, rank) => {
    const gaussian = phone * STREAMS * gaussians + (best.index[first + rank] ?? 0);
    for (let at = 0; at < CEPSTRA; at++) {
      const pair = 2 * (gaussian * width + at);
      const weight = (-2 * (parameters[pair + 1] ?? 0) * share) / total;
      const distance = (parameters[pair] ?? 0) - (features[frame * FEATURES + at] ?? 0);
      pull[at] = (pull[at] ?? 0) + weight * distance;
      precision[at] = (precision[at] ?? 0) + weight;
    }
  });
}
