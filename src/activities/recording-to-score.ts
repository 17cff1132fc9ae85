/** Gathers what the scorer reads: five kept analyses, their engines, and the words' sounds. */
import type { ScoreRecordingInput } from '../contract.ts';
import type { Alignment, PitchTrack, Transcript } from '../scoring/analyses.ts';
import { wordsToPronounce } from '../scoring/pronunciations.ts';
import type { RecordingToScore } from '../scoring/score.ts';
import type { ActivityDependencies } from './ports.ts';

export async function recordingToScore(
  { sentence, learner, standard }: ScoreRecordingInput,
  { analyses, lexicon }: Pick<ActivityDependencies, 'analyses' | 'lexicon'>,
  signal: AbortSignal,
): Promise<RecordingToScore> {
  const [heard, pitch, phones, standardPitch, standardPhones] = await Promise.all([
    analyses.getWithEngine(learner.transcript),
    analyses.getWithEngine(learner.pitch),
    analyses.getWithEngine(learner.alignment),
    analyses.getWithEngine(standard.pitch),
    analyses.getWithEngine(standard.alignment),
  ]);
  const transcript = withRecogniser(heard.value as Transcript, heard.engine);
  const alignment = phones.value as Alignment;
  const words = wordsToPronounce(alignment, transcript);
  return {
    sentence,
    learner: { transcript, pitch: pitch.value as PitchTrack, alignment },
    standard: {
      pitch: standardPitch.value as PitchTrack,
      alignment: standardPhones.value as Alignment,
    },
    pronunciations: words.length === 0 ? {} : await lexicon.pronounce(words, signal),
    engines: {
      recogniser: heard.engine,
      pitch: pitch.engine,
      aligner: phones.engine,
      standardPitch: standardPitch.engine,
      standardAligner: standardPhones.engine,
    },
  };
}

/** Transcripts of older versions do not say whose they are; the name of their engine does. */
function withRecogniser(transcript: Transcript, engine: string): Transcript {
  const named = (['google', 'offline'] as const).find((name) => engine.startsWith(`${name} `));
  return named === undefined ? transcript : { recogniser: named, ...transcript };
}
