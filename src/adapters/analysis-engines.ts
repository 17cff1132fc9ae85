/** The analysis engines, each in a process of its own: what a recording does to one stays there. */
import type { AudioEngines, PronunciationLexicon } from '../activities/ports.ts';
import { ElocuteError } from '../failures.ts';
import type { Alignment, PitchTrack, Transcript } from '../scoring/analyses.ts';
import { recordingFormatOf } from '../audio/recording-format.ts';
import type { Pronunciations } from '../scoring/pronunciations.ts';
import type { ThreadLoad } from '../observe/observed-dependencies.ts';
import { analysisTimeMs, type TimeLimits } from './analysis-time.ts';
import { decoderVersion } from './decoder-versions.ts';
import type { PitchEngine } from './essentia.ts';
import { findFfmpeg, type Ffmpeg } from './find-ffmpeg.ts';
import { openProcessPool } from './process-pool.ts';
import type { AnalysisOutcome, AnalysisTask, EngineVersions } from './run-analysis.ts';
import { threadModule, type ThreadModule } from './thread-module.ts';

export interface AnalysisEngineOptions {
  /** How many analyses at once. */
  threads: number;
  maxSeconds: number;
  /** Absent: `fft`. */
  pitchEngine?: PitchEngine;
  /** For AAC; absent: looked for in the usual places, empty: none. */
  ffmpegPath?: string | undefined;
  /** All that one process may have; absent: 1024. */
  memoryMb?: number;
  /** Absent: `TIME_LIMITS`. */
  timeLimits?: TimeLimits;
  /** What the processes run; absent: `run-analysis`. */
  module?: ThreadModule;
}

export interface AnalysisEngines extends AudioEngines, PronunciationLexicon {
  recogniserVersion: string;
  /** The offline recogniser in process, for scoring without servers. */
  recognise(bytes: Uint8Array, sentence: string, signal: AbortSignal): Promise<Transcript>;
  /** For AAC; null: M4A is refused. */
  ffmpeg: Ffmpeg | null;
  /** How busy the processes are at this moment. */
  load(): ThreadLoad;
  close(): Promise<void>;
}

/** Nearly twice the 560 MB of the heaviest recording, 60 s at 96 kHz. */
const ANALYSIS_MEMORY_MB = 1024;

export async function openAnalysisEngines(
  options: AnalysisEngineOptions,
): Promise<AnalysisEngines> {
  const { threads, maxSeconds, pitchEngine = 'fft', timeLimits } = options;
  const ffmpeg = await findFfmpeg(options.ffmpegPath);
  const ffmpegPath = ffmpeg?.path ?? null;
  const pool = openProcessPool({
    module: options.module ?? threadModule('run-analysis', import.meta.url),
    size: threads,
    memoryMb: options.memoryMb ?? ANALYSIS_MEMORY_MB,
  });
  const run = async <T>(task: AnalysisTask, signal?: AbortSignal) => {
    const withinMs = analysisTimeMs(bytesAsWav(task), maxSeconds, timeLimits);
    const outcome = await (pool.run(task, { withinMs, signal }) as Promise<AnalysisOutcome>).catch(
      (cause: unknown) => {
        signal?.throwIfAborted();
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new ElocuteError('ANALYSIS_CRASHED', `the analysis failed: ${reason}`, { cause });
      },
    );
    if (!outcome.ok) throw new ElocuteError(outcome.code, outcome.message);
    return outcome.value as T;
  };
  const versions = await run<EngineVersions>({ kind: 'versions', pitchEngine }).catch(
    async (error: unknown) => {
      await pool.close();
      throw error;
    },
  );
  return {
    pitchVersion: versions.pitch,
    alignerVersion: versions.aligner,
    recogniserVersion: versions.recogniser,
    ffmpeg,
    formatOf: recordingFormatOf,
    decoderOf: (format) => decoderVersion(format, ffmpeg),
    trackPitch: (bytes, signal) =>
      run<PitchTrack>({ kind: 'pitch', bytes, maxSeconds, ffmpegPath, pitchEngine }, signal),
    alignPhones: (bytes, sentence, signal) =>
      run<Alignment>({ kind: 'alignment', bytes, maxSeconds, ffmpegPath, sentence }, signal),
    recognise: (bytes, sentence, signal) =>
      run<Transcript>({ kind: 'transcript', bytes, maxSeconds, ffmpegPath, sentence }, signal),
    pronounce: (words, signal) => run<Pronunciations>({ kind: 'pronunciations', words }, signal),
    toSpeechWav: (bytes, signal) =>
      run<Uint8Array>({ kind: 'speech-wav', bytes, maxSeconds, ffmpegPath }, signal),
    load: () => ({ threads, ...pool.load() }),
    close: () => pool.close(),
  };
}

/** Compressed, a few bytes can be the longest recording that is accepted. */
function bytesAsWav(task: AnalysisTask): number {
  if (!('bytes' in task)) return 0;
  return recordingFormatOf(task.bytes) === 'wav' ? task.bytes.length : Infinity;
}
