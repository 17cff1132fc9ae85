/** Cepstra and their differences: the three streams of the acoustic model. */
import { MEL_FILTERS } from './mel-bank.ts';

/** Static cepstra per frame, and the width of each of the three streams. */
export const CEPSTRA = 13;
/** Statics, differences over 40 ms, differences of differences. */
export const FEATURES = 3 * CEPSTRA;
const LIFTER = 22;
/** Keeps the logarithm of digital silence finite (energies are of 16-bit samples). */
const ENERGY_FLOOR = 1e-4;

/** Unitary cosine transform with the lifter folded in: `[cepstrum * MEL_FILTERS + filter]`. */
const basis = Float64Array.from({ length: CEPSTRA * MEL_FILTERS }, (_, at) => {
  const cepstrum = Math.floor(at / MEL_FILTERS);
  const filter = at % MEL_FILTERS;
  const scale = Math.sqrt((cepstrum === 0 ? 1 : 2) / MEL_FILTERS);
  const lift = 1 + (LIFTER / 2) * Math.sin((cepstrum * Math.PI) / LIFTER);
  return scale * lift * Math.cos((Math.PI / MEL_FILTERS) * cepstrum * (filter + 0.5));
});

/** Liftered mel cepstra, `[frame * CEPSTRA + cepstrum]`, of mel energies. */
export function melCepstra(energies: Float64Array): Float64Array {
  const frames = energies.length / MEL_FILTERS;
  const logs = energies.map((energy) => Math.log(energy + ENERGY_FLOOR));
  const cepstra = new Float64Array(frames * CEPSTRA);
  for (let frame = 0; frame < frames; frame++) {
    for (let cepstrum = 0; cepstrum < CEPSTRA; cepstrum++) {
      let sum = 0;
      for (let filter = 0; filter < MEL_FILTERS; filter++) {
        sum +=
          (logs[frame * MEL_FILTERS + filter] ?? 0) * (basis[cepstrum * MEL_FILTERS + filter] ?? 0);
      }
      cepstra[frame * CEPSTRA + cepstrum] = sum;
    }
  }
  return cepstra;
}

/** Mean of each cepstrum over the frames for which `counts[frame]` is not 0. */
export function cepstralMean(cepstra: Float64Array, counts: Uint8Array): Float64Array {
  const mean = new Float64Array(CEPSTRA);
  let total = 0;
  counts.forEach((count, frame) => {
    if (count === 0) return;
    total += 1;
    for (let at = 0; at < CEPSTRA; at++) {
      mean[at] = (mean[at] ?? 0) + (cepstra[frame * CEPSTRA + at] ?? 0);
    }
  });
  return mean.map((sum) => sum / Math.max(1, total));
}

/**
 * Cepstra less `mean`, with differences c[t+2] - c[t-2] and differences of differences
 * (c[t+3] - c[t-1]) - (c[t+1] - c[t-3]): `[frame * FEATURES + feature]`. The first and last frame
 * are repeated outwards. Source: Sphinx's feature type `1s_c_d_dd`.
 */
export function speechFeatures(cepstra: Float64Array, mean: Float64Array): Float64Array {
  const frames = cepstra.length / CEPSTRA;
  const features = new Float64Array(frames * FEATURES);
  const row = (frame: number) => Math.min(frames - 1, Math.max(0, frame)) * CEPSTRA;
  for (let frame = 0; frame < frames; frame++) {
    const [at, target] = [frame * CEPSTRA, frame * FEATURES];
    const [before3, before2, before1] = [row(frame - 3), row(frame - 2), row(frame - 1)];
    const [after1, after2, after3] = [row(frame + 1), row(frame + 2), row(frame + 3)];
    for (let c = 0; c < CEPSTRA; c++) {
      const value = (index: number) => cepstra[index + c] ?? 0;
      features[target + c] = value(at) - (mean[c] ?? 0);
      features[target + CEPSTRA + c] = value(after2) - value(before2);
      features[target + 2 * CEPSTRA + c] =
        value(after3) - value(before1) - (value(after1) - value(before3));
    }
  }
  return features;
}
