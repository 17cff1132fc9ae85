/** Log-likelihoods of a phone's states, frame by frame. */
import { STATES, STREAMS, type AcousticModel } from './acoustic-model.ts';
import { FEATURES } from './cepstra.ts';

/** Gaussians kept per stream, as the model was trained and quantised for. */
export const KEPT = 4;

/** The kept Gaussians of one codebook: `[(frame * STREAMS + stream) * KEPT + rank]`, best first. */
export interface BestGaussians {
  index: Uint8Array;
  logDensity: Float32Array;
}

/**
 * The four densest Gaussians of `phone`'s codebook in each stream, for every frame that `wanted`
 * marks. A Gaussian is given up as soon as it falls below the fourth best; the best of the frame
 * before are tried first, because then most fall at once.
 */
export function bestGaussians(
  model: AcousticModel,
  phone: number,
  features: Float64Array,
  wanted: Uint8Array,
): BestGaussians {
  const { gaussians, width, parameters, constants } = model;
  const index = new Uint8Array(wanted.length * STREAMS * KEPT);
  const logDensity = new Float32Array(index.length);
  for (let stream = 0; stream < STREAMS; stream++) {
    const codebook = (phone * STREAMS + stream) * gaussians;
    const values = new Float64Array(KEPT);
    const chosen = new Int32Array(KEPT).fill(-1);
    const seen = new Uint8Array(gaussians);
    for (let frame = 0; frame < wanted.length; frame++) {
      if (wanted[frame] === 0) continue;
      const x = frame * FEATURES + stream * width;
      const tried = chosen.slice();
      values.fill(-Infinity);
      chosen.fill(-1);
      for (let step = -KEPT; step < gaussians; step++) {
        const g = step < 0 ? (tried[step + KEPT] ?? -1) : step;
        if (g < 0) continue;
        if (step >= 0 && seen[g] === 1) {
          seen[g] = 0;
          continue;
        }
        if (step < 0) seen[g] = 1;
        const threshold = values[KEPT - 1] ?? 0;
        let density = constants[codebook + g] ?? 0;
        let at = (codebook + g) * width * 2;
        for (let d = 0; d < width && density > threshold; d++, at += 2) {
          const difference = (features[x + d] ?? 0) - (parameters[at] ?? 0);
          density += difference * difference * (parameters[at + 1] ?? 0);
        }
        if (density <= threshold) continue;
        let rank = KEPT - 1;
        for (; rank > 0 && density > (values[rank - 1] ?? 0); rank--) {
          values[rank] = values[rank - 1] ?? 0;
          chosen[rank] = chosen[rank - 1] ?? 0;
        }
        values[rank] = density;
        chosen[rank] = g;
      }
      const target = (frame * STREAMS + stream) * KEPT;
      index.set(chosen, target);
      logDensity.set(values, target);
    }
  }
  return { index, logDensity };
}

/** Writes the log-likelihoods of three senones in `frame` to `target[at .. at + STATES)`. */
export function scoreStates(
  model: AcousticModel,
  best: BestGaussians,
  frame: number,
  senones: readonly [number, number, number],
  target: Float64Array,
  at: number,
): void {
  const { gaussians, weights, weightStep } = model;
  for (let state = 0; state < STATES; state++) {
    const senone = senones[state] ?? 0;
    let sum = 0;
    for (let stream = 0; stream < STREAMS; stream++) {
      const first = (frame * STREAMS + stream) * KEPT;
      const top = best.logDensity[first] ?? 0;
      let density = 0;
      for (let rank = first; rank < first + KEPT; rank++) {
        const row = (stream * gaussians + (best.index[rank] ?? 0)) * model.senones;
        const weight = (weights[row + senone] ?? 0) * weightStep;
        density += Math.exp((best.logDensity[rank] ?? 0) - top - weight);
      }
      sum += top + Math.log(density);
    }
    target[at + state] = sum;
  }
}
