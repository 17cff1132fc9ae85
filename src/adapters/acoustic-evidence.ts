/** Adds to an alignment what a full acoustic model, fitted to the speaker, says of each phone. */
import { join } from 'node:path';
import { phoneEvidence } from '../acoustics/phone-evidence.ts';
import type { SpeechRegion } from '../audio/speech-region.ts';
import { evidencePhones, type Aligned } from '../scoring/analyses.ts';
import { loadAcousticModel } from './acoustic-model-files.ts';
import { packageFolder } from './package-version.ts';

/** Raise it when the same recording can get other evidence. */
export const EVIDENCE_REVISION = 2;

export type AddEvidence = (
  aligned: Aligned,
  samples16k: Float32Array,
  region: SpeechRegion,
) => Aligned;

/** Loads the model that comes with soundswallower: 40 ms and 8 MB. */
export function createAcousticEvidence(): AddEvidence {
  const model = loadAcousticModel(join(packageFolder('soundswallower'), 'model', 'en-us'));
  return (aligned, samples, region) => {
    const { warp, inventory, phones } = phoneEvidence(model, samples, region, aligned.words);
    if (inventory.join(' ') !== evidencePhones.join(' ')) {
      throw new Error('the acoustic model has other phones than the scores were made for');
    }
    let next = 0;
    const words = aligned.words.map((word) => ({
      ...word,
      phones: word.phones.map((phone) => {
        const own = phones[next++];
        if (own === undefined) return phone;
        const { startS, endS, logPosteriors } = own;
        return { ...phone, evidence: { startS, endS, logPosteriors: logPosteriors.map(rounded) } };
      }),
    }));
    return { ...aligned, warp, words };
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
