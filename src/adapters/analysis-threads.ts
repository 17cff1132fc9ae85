/** A pool of analysis threads: signal processing never runs on Temporal's event loop. */
import { Piscina } from 'piscina';
import type { AudioEngines, PronunciationLexicon } from '../activities/ports.ts';
import { ElocuteError } from '../failures.ts';
import type { Alignment, PitchTrack, Transcript } from '../scoring/analyses.ts';
import type { Pronunciations } from '../scoring/pronunciations.ts';
import type { ThreadLoad } from '../observe/observed-dependencies.ts';
import type { PitchEngine } from './essentia.ts';
import { threadModule, type ThreadModule } from './thread-module.ts';
import type { AnalysisOutcome, AnalysisTask, EngineVersions } from './analysis-thread.ts';

export interface AnalysisThreadOptions {
  threads: number;
  maxSeconds: number;
  /** Absent: `fft`. */
  pitchEngine?: PitchEngine;
  /** What the threads run; absent: `analysis-thread`. */
  thread?: ThreadModule;
}

export interface AnalysisThreads extends AudioEngines, PronunciationLexicon {
  recogniserVersion: string;
  /** The offline recogniser in process, for scoring without servers. */
  recognise(bytes: Uint8Array, sentence: string, signal: AbortSignal): Promise<Transcript>;
  /** How busy the threads are at this moment. */
  load(): ThreadLoad;
  close(): Promise<void>;
}

/** Below the activity's two minutes, so that the reason is ours and not "timed out". */
const TASK_TIMEOUT_MS = 100_000;
/** JavaScript heap of one thread: lexicon 80 MB, and room for 60 s at 96 kHz. */
const HEAP_MB = 512;

export async function openAnalysisThreads(
  options: AnalysisThreadOptions,
): Promise<AnalysisThreads> {
  const {
    threads,
    maxSeconds,
    pitchEngine = 'fft',
    thread = threadModule('analysis-thread', import.meta.url),
  } = options;
  const pool = new Piscina({
    ...thread,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  let closing = false;
  // A thread that answers while the pool is being destroyed is no error; anything else still is.
  pool.on('error', (error: Error) => {
    if (!closing) throw error;
  });
  let inHand = 0;
  const run = async <T>(task: AnalysisTask, signal?: AbortSignal) => {
    inHand += 1;
    try {
      return await runOne<T>(task, signal);
    } finally {
      inHand -= 1;
    }
  };
  const runOne = async <T>(task: AnalysisTask, signal?: AbortSignal) => {
    const timeout = AbortSignal.timeout(TASK_TIMEOUT_MS);
    const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const outcome = await (pool.run(task, { signal: stop }) as Promise<AnalysisOutcome>).catch(
      (cause: unknown) => {
        signal?.throwIfAborted();
        throw new ElocuteError('ANALYSIS_CRASHED', `an analysis thread failed: ${String(cause)}`, {
          cause,
        });
      },
    );
    if (!outcome.ok) throw new ElocuteError(outcome.code, outcome.message);
    return outcome.value as T;
  };
  const versions = await run<EngineVersions>({ kind: 'versions', pitchEngine });
  return {
    pitchVersion: versions.pitch,
    alignerVersion: versions.aligner,
    recogniserVersion: versions.recogniser,
    trackPitch: (bytes, signal) =>
      run<PitchTrack>({ kind: 'pitch', bytes, maxSeconds, pitchEngine }, signal),
    alignPhones: (bytes, sentence, signal) =>
      run<Alignment>({ kind: 'alignment', bytes, maxSeconds, sentence }, signal),
    recognise: (bytes, sentence, signal) =>
      run<Transcript>({ kind: 'transcript', bytes, maxSeconds, sentence }, signal),
    pronounce: (words, signal) => run<Pronunciations>({ kind: 'pronunciations', words }, signal),
    toSpeechWav: (bytes, signal) =>
      run<Uint8Array>({ kind: 'speech-wav', bytes, maxSeconds }, signal),
    load: () => ({ threads, busy: Math.min(threads, inHand), waiting: pool.queueSize }),
    close: () => {
      closing = true;
      return pool.destroy();
    },
  };
}
