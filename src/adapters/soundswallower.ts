/** The offline recogniser: forced alignment, and recognition against an expected sentence. */
import { frameEnergyDb } from '../audio/energy.ts';
import { atStandardLevel } from '../audio/level.ts';
import { samplesOf, speechRegion } from '../audio/speech-region.ts';
import type { Alignment, Transcript } from '../scoring/analyses.ts';
import { normaliseSentence } from '../scoring/sentence.ts';
import { createAcousticEvidence, EVIDENCE_REVISION } from './acoustic-evidence.ts';
import type { Lexicon } from './lexicon.ts';
import { needsStretches, sentenceStretches } from './sentence-stretches.ts';
import { inside, shifted, span, toAlignment } from './soundswallower-align.ts';
import {
  createDecoder,
  type Decoder,
  DECODER_VERSION,
  SAMPLE_RATE_HZ,
} from './soundswallower-decoder.ts';
import { joinTranscripts, skipGrammar, toTranscript } from './soundswallower-recognise.ts';
import { soundsLikeSpeech } from './speech-gate.ts';

/** Raise them (also for changes of speech-gate.ts) when results change: analyses are kept by engine and version. */
const ALIGN_REVISION = 3;
const RECOGNISE_REVISION = 3;
/** Shorter than any word. */
const MIN_DURATION_S = 0.1;

export interface OfflineRecogniser {
  alignerVersion: string;
  recogniserVersion: string;
  /**
   * Lays `sentence` over 16 kHz mono samples (-1 to 1), with the evidence of the full acoustic model.
   * Only the stretch with speech is looked at, with as much silence around it wherever the recording
   * begins and ends, since silence would change the decoder's normalisation and so the goodness. Takes about an eighth of the recording's duration. Silence, noise and what is too short come back as `unaligned`.
   * @throws SentenceError for a sentence that is invalid or holds a word nobody can pronounce.
   */
  align(samples16k: Float32Array, sentence: string): Alignment;
  /**
   * Which words of `sentence` are heard, in order; it never hears others. No words for silence.
   * @throws SentenceError as `align`.
   */
  recognise(samples16k: Float32Array, sentence: string): Transcript;
  close(): void;
}

export function alignerVersion(lexicon: Lexicon): string {
  return `${DECODER_VERSION} align-${ALIGN_REVISION} evidence-${EVIDENCE_REVISION} ${lexicon.version}`;
}

export function recogniserVersion(lexicon: Lexicon): string {
  return `${DECODER_VERSION} skip-${RECOGNISE_REVISION} ${lexicon.version}`;
}

/** Synchronous and CPU-bound once created: one per worker thread, for the thread's life. */
export async function createOfflineRecogniser(lexicon: Lexicon): Promise<OfflineRecogniser> {
  const decoder = await createDecoder();
  const addEvidence = createAcousticEvidence();
  return {
    alignerVersion: alignerVersion(lexicon),
    recogniserVersion: recogniserVersion(lexicon),
    align(samples, sentence) {
      const words = normaliseSentence(sentence);
      decoder.learn(words, lexicon);
      const reason = unusable(samples);
      if (reason !== undefined) return { kind: 'unaligned', reason };
      const energyDb = frameEnergyDb(samples);
      const region = speechRegion(energyDb);
      const speech = samplesOf(atStandardLevel(samples, energyDb), region, SAMPLE_RATE_HZ);
      const alignment = toAlignment(decoder.align(speech, words), words, lexicon);
      if (alignment.kind === 'unaligned') return alignment;
      const placed = addEvidence(shifted(alignment, region.startS), speech, region.startS);
      return inside(placed, Math.ceil((100 * samples.length) / SAMPLE_RATE_HZ) / 100);
    },
    recognise(samples, sentence) {
      const words = normaliseSentence(sentence);
      decoder.learn(words, lexicon);
      if (unusable(samples) !== undefined) return toTranscript([]);
      return recogniseSentence(decoder, atStandardLevel(samples, frameEnergyDb(samples)), words);
    },
    close: () => decoder.close(),
  };
}

function recogniseSentence(
  decoder: Decoder,
  samples: Float32Array,
  words: readonly string[],
): Transcript {
  if (!needsStretches(words)) {
    return toTranscript(decoder.recognise(samples, skipGrammar(words)));
  }
  const spans = decoder.align(samples, words).map(span);
  return joinTranscripts(
    sentenceStretches(words, spans, samples.length / SAMPLE_RATE_HZ).map((stretch) => {
      const [start, end] = [stretch.startS, stretch.endS].map((s) =>
        Math.round(s * SAMPLE_RATE_HZ),
      );
      const part = samples.subarray(start, end);
      const found = decoder.recognise(part, skipGrammar(stretch.words));
      return toTranscript(found, stretch.startS);
    }),
  );
}

function unusable(samples: Float32Array): string | undefined {
  if (samples.length < MIN_DURATION_S * SAMPLE_RATE_HZ) return 'less than 0.1 s of audio';
  if (!samples.every((sample) => Number.isFinite(sample))) return 'samples that are not numbers';
  return soundsLikeSpeech(samples) ? undefined : 'no speech';
}
