/**
 * What runs inside an analysis process: one pitch tracker and one aligner for the life of the process,
 * loaded on first use. Expected failures travel as values, since errors lose their class on the way.
 */
import { AudioError, type AudioProblem } from '../audio/audio-error.ts';
import { encodeWav } from '../audio/encode-wav.ts';
import { speechRateHz } from '../audio/speech-rate.ts';
import type { FailureCode } from '../failures.ts';
import { SentenceError, type SentenceProblem } from '../scoring/sentence-error.ts';
import { decodeRecording } from './decode-recording.ts';
import { createPitchTracker, type PitchEngine, type PitchTracker } from './essentia.ts';
import { createLexicon } from './lexicon.ts';
import { pronouncer } from './pronounce-words.ts';
import { createOfflineRecogniser, type OfflineRecogniser } from './soundswallower.ts';

export type AnalysisTask =
  | { kind: 'versions'; pitchEngine: PitchEngine }
  | ({ kind: 'pitch'; pitchEngine: PitchEngine } & RecordingToDecode)
  | ({ kind: 'alignment'; sentence: string } & RecordingToDecode)
  | ({ kind: 'transcript'; sentence: string } & RecordingToDecode)
  | ({ kind: 'speech-wav' } & RecordingToDecode)
  | { kind: 'pronunciations'; words: readonly string[] };

interface RecordingToDecode {
  bytes: Uint8Array;
  maxSeconds: number;
  /** Absent or null: there is none on this machine. */
  ffmpegPath?: string | null;
}

export type AnalysisOutcome =
  { ok: true; value: unknown } | { ok: false; code: FailureCode; message: string };

export interface EngineVersions {
  pitch: string;
  aligner: string;
  recogniser: string;
}

const lexicon = createLexicon();
const pronounce = pronouncer(lexicon);
let tracker: Promise<PitchTracker> | undefined;
let recogniser: Promise<OfflineRecogniser> | undefined;

/** All tasks of a pool name the same engine. */
function pitchTracker(engine: PitchEngine): Promise<PitchTracker> {
  return (tracker ??= createPitchTracker(engine));
}

function offlineRecogniser(): Promise<OfflineRecogniser> {
  return (recogniser ??= createOfflineRecogniser(lexicon));
}

export default async function runTask(task: AnalysisTask): Promise<AnalysisOutcome> {
  try {
    return { ok: true, value: await analyse(task) };
  } catch (error) {
    if (error instanceof AudioError) return failed(AUDIO_CODES[error.problem], error);
    if (error instanceof SentenceError) return failed(SENTENCE_CODES[error.problem], error);
    throw error;
  }
}

async function analyse(task: AnalysisTask): Promise<unknown> {
  switch (task.kind) {
    case 'versions':
      return versions(task.pitchEngine);
    case 'pitch':
      return (await pitchTracker(task.pitchEngine)).track(await samplesOf(task));
    case 'alignment':
      return (await offlineRecogniser()).align(await samplesOf(task), task.sentence);
    case 'transcript':
      return (await offlineRecogniser()).recognise(await samplesOf(task), task.sentence);
    case 'speech-wav':
      return encodeWav(await samplesOf(task), speechRateHz);
    case 'pronunciations':
      return pronounce(task.words);
  }
}

async function versions(pitchEngine: PitchEngine): Promise<EngineVersions> {
  const [pitch, speech] = await Promise.all([pitchTracker(pitchEngine), offlineRecogniser()]);
  return {
    pitch: pitch.version,
    aligner: speech.alignerVersion,
    recogniser: speech.recogniserVersion,
  };
}

function samplesOf({ bytes, maxSeconds, ffmpegPath = null }: RecordingToDecode) {
  return decodeRecording(bytes, { maxSeconds, ffmpegPath });
}

const AUDIO_CODES: Record<AudioProblem, FailureCode> = {
  unsupported: 'AUDIO_UNSUPPORTED',
  damaged: 'AUDIO_DAMAGED',
  empty: 'AUDIO_EMPTY',
  too_long: 'AUDIO_TOO_LONG',
};

const SENTENCE_CODES: Record<SentenceProblem, FailureCode> = {
  invalid: 'SENTENCE_INVALID',
  unpronounceable: 'WORD_UNPRONOUNCEABLE',
};

function failed(code: FailureCode, error: Error): AnalysisOutcome {
  return { ok: false, code, message: error.message };
}
