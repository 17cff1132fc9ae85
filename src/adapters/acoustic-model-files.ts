/** Reads the acoustic model that comes with soundswallower (CMU Sphinx en-us, PTM, 8 kHz band). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STREAMS, type AcousticModel } from '../acoustics/acoustic-model.ts';
import { readPhoneDefinitions } from './sphinx-phones.ts';
import { readGaussians, readWeights } from './sphinx-files.ts';

/** Sphinx's variance floor. */
const LEAST_VARIANCE = 1e-4;
/** Mixture weights are negative logarithms to base 1.0001, divided by 1024. */
const WEIGHT_STEP = 1024 * Math.log(1.0001);

/**
 * Loads `means`, `variances`, `sendump` and `mdef` from `folder`: about 40 ms and 8 MB.
 * @throws Error when a file is missing, or the model is not of this kind.
 */
export function loadAcousticModel(folder: string): AcousticModel {
  const read = (name: string) => readFileSync(join(folder, name));
  const { phones, senonesOf } = readPhoneDefinitions(read('mdef'));
  const means = readGaussians(read('means'));
  const variances = readGaussians(read('variances'));
  const { gaussians, width } = means;
  const isTied = means.codebooks === phones.length && means.streams === STREAMS;
  if (!isTied || variances.values.length !== means.values.length) {
    throw new Error('the acoustic model is not phonetically tied with three streams');
  }
  const parameters = new Float32Array(2 * means.values.length);
  const constants = new Float64Array(means.values.length / width);
  means.values.forEach((mean, at) => {
    const variance = Math.max(LEAST_VARIANCE, variances.values[at] ?? 0);
    parameters[2 * at] = mean;
    parameters[2 * at + 1] = -1 / (2 * variance);
    const gaussian = Math.floor(at / width);
    constants[gaussian] = (constants[gaussian] ?? 0) - Math.log(2 * Math.PI * variance) / 2;
  });
  const dump = readWeights(read('sendump'), STREAMS);
  if (dump.gaussians !== gaussians) throw new Error('sendump does not fit the Gaussians');
  return {
    phones,
    gaussians,
    width,
    parameters,
    constants: Float32Array.from(constants),
    senones: dump.senones,
    weights: dump.weights,
    weightStep: WEIGHT_STEP,
    senonesOf,
  };
}
