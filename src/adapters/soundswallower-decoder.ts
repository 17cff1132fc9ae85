/** One soundswallower decoder: WebAssembly, synchronous, about 50 MB. For worker threads only. */
import { join } from 'node:path';
import createModule, { type Decoder as VendorDecoder, type Segment } from 'soundswallower';
import type { Lexicon, Pronunciation } from './lexicon.ts';
import { packageFolder, packageVersion } from './package-version.ts';

export const SAMPLE_RATE_HZ = 16_000;

/** Name and version of engine and acoustic model, for the keys of analyses. */
export const DECODER_VERSION = `${packageVersion('soundswallower')} en-us`;

/**
 * `compallsen` makes `p` comparable with the best senone; with the default beams 4 of 500 learner
 * recordings do not align; a `silprob` of 0.2 finds inserted pauses of 150–400 ms.
 */
const SETTINGS = {
  samprate: SAMPLE_RATE_HZ,
  loglevel: 'FATAL',
  compallsen: true,
  beam: 1e-120,
  pbeam: 1e-120,
  wbeam: 1e-100,
  silprob: 0.2,
};

/** `p` has three decimals: below half a step it says nothing. */
const MIN_LIKELIHOOD_RATIO = 5e-4;
/** `p` is exp(1e-4 × …) of a log-likelihood scaled by 1/0.1024: 1024 = 0.1024 / 1e-4. */
const NATS = 1024;

export interface DecodedSegment extends Segment {
  w?: DecodedSegment[];
}

export interface Decoder {
  /** Gives every word a pronunciation; `lexicon` is asked for those the model does not know. */
  learn(words: readonly string[], lexicon: Lexicon): void;
  /** The words, with their phones inside, that lie under `words` spoken in order; maybe none. */
  align(samples: Float32Array, words: readonly string[]): DecodedSegment[];
  /** The words that a JSGF expansion finds. */
  recognise(samples: Float32Array, expansion: string): DecodedSegment[];
  close(): void;
}

/**
 * Loads engine and model (about 0.5 s). Keep one per thread for its life: creating and deleting
 * decoders leaks about 10 MB each.
 */
export async function createDecoder(): Promise<Decoder> {
  const module = await loadModule();
  const decoder = new module.Decoder(SETTINGS);
  await decoder.initialize();
  const decode = (samples: Float32Array, level: 0 | 1): DecodedSegment[] => {
    decoder.start();
    try {
      decoder.process_audio(samples, false, true);
    } catch (cause) {
      // Out of its 2 GB the module throws an ExitStatus, which is no Error.
      throw new Error('the speech decoder failed on this recording', { cause });
    } finally {
      decoder.stop();
    }
    return resultOf(decoder, level);
  };
  return {
    learn(words, lexicon) {
      for (const word of new Set(words)) {
        if (isKnown(decoder.lookup_word(word))) continue;
        lexicon.pronunciations(word).forEach((pronunciation, index) => {
          const entry = index === 0 ? word : `${word}(${index + 1})`;
          decoder.add_words([entry, arpabet(pronunciation)]);
        });
      }
    },
    align(samples, words) {
      decoder.set_align_text(words.join(' '));
      return decode(samples, 1).filter(isWord);
    },
    recognise(samples, expansion) {
      decoder.set_grammar(`#JSGF V1.0; grammar sentence; public <sentence> = ${expansion};`);
      return decode(samples, 0).filter(isWord);
    },
    close: () => decoder.delete(),
  };
}

/** Log-likelihood ratio in nats per 10 ms frame (≤ 0) of a segment of `durationS` seconds. */
export function goodnessOf(segment: DecodedSegment): number {
  const frames = Math.max(1, Math.round(segment.d * 100));
  return (NATS * Math.log(Math.max(segment.p, MIN_LIKELIHOOD_RATIO))) / frames;
}

/** `the(2)` is the second pronunciation of `the`. */
export function wordOf(segment: DecodedSegment): string {
  return segment.t.replace(/\(\d+\)$/, '');
}

/** Not silence (`<sil>`), noise (`[NOISE]`) or a skipped word (`(NULL)`). */
function isWord(segment: DecodedSegment): boolean {
  return /^[a-z']/.test(segment.t);
}

/** Where nothing matched, the result is the empty string instead of JSON. */
function resultOf(decoder: VendorDecoder, level: 0 | 1): DecodedSegment[] {
  try {
    return decoder.get_alignment({ align_level: level }).w ?? [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The library's types leave out that a word may be missing. */
function isKnown(pronunciation: string | null): boolean {
  return pronunciation !== null;
}

function arpabet(pronunciation: Pronunciation): string {
  return pronunciation.phones.join(' ');
}

/**
 * The module adds process-wide exception handlers while it starts (synchronously) that would turn
 * a failed promise anywhere into its own exit; they are taken off again.
 */
async function loadModule() {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  // The default base is relative to the working directory.
  const options: object = { modelBase: join(packageFolder('soundswallower'), 'model/') };
  const loading = createModule(options);
  for (const [event, listeners] of before) {
    for (const listener of process.rawListeners(event)) {
      if (!listeners.includes(listener)) {
        process.removeListener(event, listener as (...args: unknown[]) => void);
      }
    }
  }
  return loading;
}
