/** Spectral subtraction on mel energies, as the acoustic model was trained with. */
import { MEL_FILTERS } from './mel-bank.ts';

/** Constants of the trained front end; smoothing factors are per 10 ms frame. */
const POWER_SMOOTHING = 0.7;
const NOISE_RISE = 0.995;
const NOISE_FALL = 0.5;
const PEAK_DECAY = 0.85;
const MASKED_SHARE = 0.2;
const MOST_GAIN = 20;
const NEIGHBOURS = 4;
/** In the units of `power-spectrum.ts`: far below one quantisation step of 16 bits. */
const LEAST_SIGNAL = 1;

/**
 * Attenuates steady noise in `energies` (`[frame * MEL_FILTERS + filter]`), in place: subtracts the
 * lower envelope of the smoothed power of each filter, fills what a louder sound just before masks,
 * and applies the gain averaged over four filters on either side.
 * Source: G. Doblinger, "Computationally efficient speech enhancement by spectral minima tracking
 * in subbands" (1995), and temporal masking as in C. Kim and R. Stern's PNCC; as combined in
 * CMU Sphinx (`remove_noise`).
 */
export function removeNoise(energies: Float64Array): void {
  const power = energies.slice(0, MEL_FILTERS);
  const noise = power.map((value) => value / MOST_GAIN);
  const floor = power.map((value) => value / MOST_GAIN);
  const peak = new Float64Array(MEL_FILTERS);
  const gains = new Float64Array(MEL_FILTERS);
  for (let first = 0; first < energies.length; first += MEL_FILTERS) {
    for (let filter = 0; filter < MEL_FILTERS; filter++) {
      const smoothed =
        POWER_SMOOTHING * (power[filter] ?? 0) +
        (1 - POWER_SMOOTHING) * (energies[first + filter] ?? 0);
      power[filter] = smoothed;
      const background = lowerEnvelope(noise[filter] ?? 0, smoothed);
      noise[filter] = background;
      const signal = Math.max(LEAST_SIGNAL, smoothed - background);
      const least = lowerEnvelope(floor[filter] ?? 0, signal);
      floor[filter] = least;
      const decayed = PEAK_DECAY * (peak[filter] ?? 0);
      const heard = signal < PEAK_DECAY * decayed ? MASKED_SHARE * decayed : signal;
      peak[filter] = Math.max(decayed, signal);
      const gain = smoothed > 0 ? Math.max(heard, least) / smoothed : 1;
      gains[filter] = Math.min(MOST_GAIN, Math.max(1 / MOST_GAIN, gain));
    }
    for (let filter = 0; filter < MEL_FILTERS; filter++) {
      energies[first + filter] = (energies[first + filter] ?? 0) * averageAround(gains, filter);
    }
  }
}

/** Follows downwards quickly and upwards slowly. */
function lowerEnvelope(envelope: number, value: number): number {
  const keep = value >= envelope ? NOISE_RISE : NOISE_FALL;
  return keep * envelope + (1 - keep) * value;
}

function averageAround(gains: Float64Array, filter: number): number {
  const first = Math.max(0, filter - NEIGHBOURS);
  const last = Math.min(MEL_FILTERS - 1, filter + NEIGHBOURS);
  let sum = 0;
  for (let at = first; at <= last; at++) sum += gains[at] ?? 0;
  return sum / (last - first + 1);
}
