/** Fits the front end to the speaker: length of the vocal tract, and colour of voice and channel. */
import type { AcousticModel } from './acoustic-model.ts';
import { CEPSTRA, cepstralMean, FEATURES, melCepstra, speechFeatures } from './cepstra.ts';
import { expectedFit } from './expected-fit.ts';
import { melBank, melEnergies, type MelBank } from './mel-bank.ts';
import { removeNoise } from './noise-removal.ts';
import { spokenFrames, type PhoneSegment } from './phone-segments.ts';
import type { PowerSpectra } from './power-spectrum.ts';

export interface SpeakerFit {
  /** Above 1: formants lie higher than the average man's. Men about 1.03, women 1.15, children 1.2. */
  warp: number;
  /** `[frame * FEATURES + feature]` under that warp, with the offset added. */
  features: Float64Array;
}

/** The model is tried under each; what is used is their mean, weighted by how likely each is. */
const WARPS = [0.88, 0.96, 1.04, 1.12, 1.2, 1.28, 1.36];
/**
 * So much less likely a frame, and a warp weighs a third as much. Neighbours of the likeliest have a
 * say: where two are as likely, the last bit of a sample would choose between them otherwise.
 */
const WARP_NATS = 0.3;
/** Every other frame is enough to choose by. */
const SEARCH_STRIDE = 2;
const OFFSET_ROUNDS = 2;

const banks = new Map<number, MelBank>();

/**
 * Finds the warp under which the expected phones are likeliest, then moves the mean of the static
 * cepstra to where they are likeliest (in place of a mean over whatever was said, which in short
 * sentences depends on the words). The mean is taken over the spoken frames only, so silence around
 * the speech changes nothing but the noise estimate.
 */
export function fitSpeaker(
  model: AcousticModel,
  spectra: PowerSpectra,
  segments: readonly PhoneSegment[],
): SpeakerFit {
  const spoken = spokenFrames(segments, spectra.frames);
  const under = (warp: number) => warpedFeatures(spectra, warp, spoken);
  const warp = meanWarp(
    WARPS.map((one) => expectedFit(model, under(one), segments, SEARCH_STRIDE).logLikelihood),
  );
  const features = under(warp);
  for (let round = 0; round < OFFSET_ROUNDS; round++) {
    addOffset(features, expectedFit(model, features, segments, 1).offset);
  }
  return { warp, features };
}

/** `fits`: log-likelihoods a frame under each of `WARPS`, nats; all −∞ where nothing was compared. */
function meanWarp(fits: readonly number[]): number {
  const best = Math.max(...fits);
  const weights = fits.map((fit) => (best === -Infinity ? 1 : Math.exp((fit - best) / WARP_NATS)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = WARPS.reduce((sum, warp, at) => sum + (warp * (weights[at] ?? 0)) / total, 0);
  // Whole hundredths: no more than 49 banks are ever made.
  return Math.round(mean * 100) / 100;
}

function warpedFeatures(spectra: PowerSpectra, warp: number, spoken: Uint8Array): Float64Array {
  const bank = banks.get(warp) ?? melBank(warp);
  banks.set(warp, bank);
  const energies = melEnergies(spectra, bank);
  removeNoise(energies);
  const cepstra = melCepstra(energies);
  return speechFeatures(cepstra, cepstralMean(cepstra, spoken));
}

function addOffset(features: Float64Array, offset: Float64Array): void {
  for (let first = 0; first < features.length; first += FEATURES) {
    for (let at = 0; at < CEPSTRA; at++) {
      features[first + at] = (features[first + at] ?? 0) + (offset[at] ?? 0);
    }
  }
}
