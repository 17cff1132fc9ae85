/** Our stages, each over all recordings, with what it needs from earlier stages made beforehand. */

import { createAutocorrelate, createPitchTracker, loadEssentia } from '../src/adapters/essentia.ts';
import { createLexicon } from '../src/adapters/lexicon.ts';
import { createOfflineRecogniser } from '../src/adapters/soundswallower.ts';
import { createAutocorrelation } from '../src/audio/autocorrelation.ts';
import { decodeWav } from '../src/audio/decode-wav.ts';
import { frameEnergyDb } from '../src/audio/energy.ts';
import { trackPitchPath } from '../src/audio/pitch-path.ts';
import { resample } from '../src/audio/resample.ts';
import { speechRateHz } from '../src/audio/speech-rate.ts';
import { defaultPitchRange, trackPitchTwice } from '../src/audio/two-pass-pitch.ts';
import { scoreRecording } from '../src/scoring/score.ts';
import { recordedHz, type SpeedRecording } from './speed-data.ts';
import type { OwnStage } from './speed-report.ts';

const limits = { maxSeconds: 60 };

export async function ownStages(
  recordings: readonly SpeedRecording[],
): Promise<Record<OwnStage, () => void>> {
  const decoded = recordings.map(({ wav }) => Float32Array.from(decodeWav(wav, limits).samples));
  const own = createAutocorrelation();
  const essentia = createAutocorrelate(loadEssentia().essentia);
  const tracker = await createPitchTracker();
  const recogniser = await createOfflineRecogniser(createLexicon());
  const analysed = recordings.map(({ sentence, samples }) => ({
    sentence,
    transcript: recogniser.recognise(samples, sentence),
    pitch: tracker.track(samples),
    alignment: recogniser.align(samples, sentence),
  }));
  // What was not aligned cannot be compared: nobody would score against it.
  const comparable = analysed.filter(({ alignment }) => alignment.kind === 'aligned');
  const each = (run: (recording: SpeedRecording) => unknown) => () => {
    for (const recording of recordings) run(recording);
  };
  return {
    decode: each(({ wav }) => decodeWav(wav, limits)),
    resample: () => {
      for (const samples of decoded) resample(samples, recordedHz, speechRateHz);
    },
    'pitch, one pass': each(({ samples }) => trackPitchPath(samples, defaultPitchRange, own)),
    'pitch, two passes': each(({ samples }) => trackPitchTwice(samples, own)),
    'pitch, one pass, essentia': each(({ samples }) =>
      trackPitchPath(samples, defaultPitchRange, essentia),
    ),
    energy: each(({ samples }) => frameEnergyDb(samples)),
    alignment: each(({ samples, sentence }) => recogniser.align(samples, sentence)),
    recognition: each(({ samples, sentence }) => recogniser.recognise(samples, sentence)),
    compare: () => {
      for (const { sentence, transcript, pitch, alignment } of comparable) {
        const learner = { transcript, pitch, alignment };
        scoreRecording({ sentence, learner, standard: { pitch, alignment } });
      }
    },
  };
}
