/** What a recogniser hears in a recording; kept by content, so that no recording is paid twice. */
import type { TranscribedSpeech, TranscribeSpeechInput } from '../contract.ts';
import type { Transcript } from '../scoring/analyses.ts';
import { blameRecording } from './blame-recording.ts';
import { checkSentence } from './check-sentence.ts';
import { engineOf } from './engine-of.ts';
import type { ActivityDependencies } from './ports.ts';
import { readRecording } from './read-recording.ts';

type Dependencies = Pick<
  ActivityDependencies,
  'objects' | 'analyses' | 'audio' | 'lexicon' | 'speech' | 'settings'
>;

export function createTranscribeSpeech(deps: Dependencies) {
  return async function transcribeSpeech(
    { recording, sentence }: TranscribeSpeechInput,
    signal: AbortSignal,
  ): Promise<TranscribedSpeech> {
    // Google must not see the sentence: hints would hide mispronunciations (and would split the key).
    const hint = deps.speech.usesSentence ? sentence : null;
    const kept = await deps.analyses.once<Transcript>(
      {
        kind: 'transcript',
        engine: engineOf(deps.speech.version, recording, deps.audio),
        sha256: recording.sha256,
        sentence: hint,
      },
      async () => {
        if (sentence !== null) await checkSentence(sentence, deps.lexicon, signal);
        const bytes = await readRecording(recording, deps, signal);
        const wav = await deps.audio.toSpeechWav(bytes, signal).catch(blameRecording(recording));
        return deps.speech.recognise({ wav, sentence: hint }, signal);
      },
      signal,
    );
    return {
      analysis: { key: kept.key, cached: kept.cached },
      text: kept.value.text,
      wordCount: kept.value.words.length,
    };
  };
}
