import type { AnalysisEngines } from '../adapters/analysis-engines.ts';
import { wordsToPronounce } from '../scoring/pronunciations.ts';
import type { RecordingToScore } from '../scoring/score.ts';

export interface Pair {
  learner: Uint8Array;
  standard: Uint8Array;
  sentence: string;
}

/** Everything that scoring needs of two recordings of a sentence, computed in this process. */
export async function analysePair(
  engines: AnalysisEngines,
  { learner, standard, sentence }: Pair,
  signal: AbortSignal,
): Promise<RecordingToScore> {
  const [learnerPitch, standardPitch, learnerPhones, standardPhones, transcript] =
    await Promise.all([
      engines.trackPitch(learner, signal),
      engines.trackPitch(standard, signal),
      engines.alignPhones(learner, sentence, signal),
      engines.alignPhones(standard, sentence, signal),
      engines.recognise(learner, sentence, signal),
    ]);
  const withDecoder = (engine: string, bytes: Uint8Array) => {
    const decoder = engines.decoderOf(engines.formatOf(bytes));
    return decoder === null ? engine : `${engine} ${decoder}`;
  };
  const words = wordsToPronounce(learnerPhones, transcript);
  return {
    sentence,
    learner: { pitch: learnerPitch, alignment: learnerPhones, transcript },
    standard: { pitch: standardPitch, alignment: standardPhones },
    pronunciations: await engines.pronounce(words, signal),
    engines: {
      recogniser: withDecoder(engines.recogniserVersion, learner),
      pitch: withDecoder(engines.pitchVersion, learner),
      aligner: withDecoder(engines.alignerVersion, learner),
      standardPitch: withDecoder(engines.pitchVersion, standard),
      standardAligner: withDecoder(engines.alignerVersion, standard),
    },
  };
}
