/** Adds to an alignment what a full acoustic model, fitted to the speaker, says of each phone. */
import { join } from 'node:path';
import { phoneEvidence } from '../acoustics/phone-evidence.ts';
import { evidencePhones, type Aligned } from '../scoring/analyses.ts';
import { loadAcousticModel } from './acoustic-model-files.ts';
import { packageFolder } from './package-version.ts';

/** Raise it when the same recording can get other evidence. */
export const EVIDENCE_REVISION = 3;

/** `speech`: the part of the recording that begins at `startS` and holds the words, 16 kHz mono. */
export type AddEvidence = (aligned: Aligned, speech: Float32Array, startS: number) => Aligned;

/** Loads the model that comes with soundswallower: 40 ms and 8 MB. */
export function createAcousticEvidence(): AddEvidence {
  const model = loadAcousticModel(join(packageFolder('soundswallower'), 'model', 'en-us'));
  return (aligned, speech, startS) => {
    const { warp, inventory, phones } = phoneEvidence(model, speech, startS, aligned.words);
    if (inventory.join(' ') !== evidencePhones.join(' ')) {
      throw new Error('the acoustic model has other phones than the scores were made for');
    }
    let next = 0;
    const words = aligned.words.map((word) => ({
      ...word,
      phones: word.phones.map((phone) => {
        const own = phones[next++];
        if (own === undefined) return phone;
        return { ...phone, evidence: { ...own, logPosteriors: own.logPosteriors.map(rounded) } };
      }),
    }));
    return { ...aligned, warp, words };
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
