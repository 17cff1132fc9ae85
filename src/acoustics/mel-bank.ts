/** Triangular mel filters, stretched for longer or shorter vocal tracts. */
import { BIN_HZ, SPECTRUM_BINS, type PowerSpectra } from './power-spectrum.ts';

/** The model's: `lowerf`, `upperf` and `nfilt` of feat_params.json. */
const LOWEST_HZ = 130;
const HIGHEST_HZ = 3700;
export const MEL_FILTERS = 20;

interface MelFilter {
  firstBin: number;
  weights: Float64Array;
}

/** Filters of unit area; unwarped, their edges lie on bins, as in Sphinx's front end. */
export type MelBank = readonly MelFilter[];

/**
 * A bank whose edges are multiplied by `warp`: above 1 for short vocal tracts, whose formants lie
 * higher. The model hears only up to 3700 Hz and the samples hold 8000, so a plain linear warp up to
 * 1.4 needs no piecewise bend.
 */
export function melBank(warp: number): MelBank {
  const low = mel(LOWEST_HZ);
  const step = (mel(HIGHEST_HZ) - low) / (MEL_FILTERS + 1);
  const edgeHz = (index: number) => warp * BIN_HZ * Math.round(hertz(low + index * step) / BIN_HZ);
  return Array.from({ length: MEL_FILTERS }, (_, index) =>
    triangle(edgeHz(index), edgeHz(index + 1), edgeHz(index + 2)),
  );
}

/** Mel energies, `[frame * MEL_FILTERS + filter]`. */
export function melEnergies({ frames, power }: PowerSpectra, bank: MelBank): Float64Array {
  const energies = new Float64Array(frames * MEL_FILTERS);
  bank.forEach(({ firstBin, weights }, filter) => {
    for (let frame = 0; frame < frames; frame++) {
      const first = frame * SPECTRUM_BINS + firstBin;
      let energy = 0;
      for (let at = 0; at < weights.length; at++) {
        energy += (power[first + at] ?? 0) * (weights[at] ?? 0);
      }
      energies[frame * MEL_FILTERS + filter] = energy;
    }
  });
  return energies;
}

function triangle(leftHz: number, centreHz: number, rightHz: number): MelFilter {
  const height = 2 / (rightHz - leftHz);
  const firstBin = Math.ceil(leftHz / BIN_HZ);
  const bins = Math.floor(rightHz / BIN_HZ) - firstBin + 1;
  const weights = Float64Array.from({ length: bins }, (_, at) => {
    const hz = (firstBin + at) * BIN_HZ;
    const rising = (hz - leftHz) / (centreHz - leftHz);
    const falling = (rightHz - hz) / (rightHz - centreHz);
    return height * Math.min(rising, falling);
  });
  return { firstBin, weights };
}

function mel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function hertz(value: number): number {
  return 700 * (10 ** (value / 2595) - 1);
}
