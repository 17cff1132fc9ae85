/** What the speech server reads of a RecognizeRequest, checked as Google checks it. */
import { status } from '@grpc/grpc-js';

/** Fields of google.cloud.speech.v1.RecognitionConfig, with protobuf defaults filled in. */
export interface RecognitionConfig {
  encoding: string;
  sampleRateHertz: number;
  audioChannelCount: number;
  languageCode: string;
  model: string;
  enableWordTimeOffsets: boolean;
  enableWordConfidence: boolean;
  speechContexts: { phrases: string[] }[];
}

export interface RecognizeRequest {
  config: RecognitionConfig | null;
  audio: { content?: Buffer; uri?: string } | null;
}

/** Travels to the client as the call's status. */
export class SpeechStatus extends Error {
  override readonly name = 'SpeechStatus';
  readonly code: number;

  constructor(code: number, details: string) {
    super(details);
    this.code = code;
  }
}

/** What the offline model works at. */
const SAMPLE_RATE_HZ = 16_000;
const MAX_SECONDS = 60;
const MAX_BYTES = 10 * 1024 * 1024;

export interface CheckedRequest {
  config: RecognitionConfig;
  /** 16 kHz mono, -1 to 1. */
  samples: Float32Array;
  /** The phrase hints in one string. */
  sentence: string;
}

/** @throws SpeechStatus with Google's code for the same mistake, and details much like Google's. */
export function checkRequest({ config, audio }: RecognizeRequest): CheckedRequest {
  if (config === null) throw invalid('RecognitionConfig not set.');
  if (!/^en\b/i.test(config.languageCode)) {
    throw invalid('Invalid recognition config: bad language code; the offline model knows en-US.');
  }
  if (audio?.uri !== undefined && audio.uri !== '') {
    throw invalid('The offline recogniser takes audio.content only, no uri.');
  }
  const content = audio?.content;
  if (content === undefined || content.length === 0) throw invalid('RecognitionAudio not set.');
  if (content.length > MAX_BYTES) {
    throw invalid(`Request payload size exceeds the limit: ${MAX_BYTES} bytes.`);
  }
  const samples = toSamples(isWav(content) ? wavData(content, config) : rawData(content, config));
  if (samples.length === 0) throw invalid('RecognitionAudio not set: the audio holds no samples.');
  if (samples.length > MAX_SECONDS * SAMPLE_RATE_HZ) {
    throw invalid(
      'Sync input too long. For audio longer than 1 min use LongRunningRecognize with a uri parameter.',
    );
  }
  const sentence = config.speechContexts
    .flatMap(({ phrases }) => phrases)
    .join(' ')
    .trim();
  if (sentence === '') {
    throw new SpeechStatus(
      status.FAILED_PRECONDITION,
      'The offline recogniser needs the expected sentence: send it in config.speech_contexts[0].phrases (SPEECH_KIND=offline does).',
    );
  }
  return { config, samples, sentence };
}

function invalid(details: string): SpeechStatus {
  return new SpeechStatus(status.INVALID_ARGUMENT, details);
}

function isWav(content: Buffer): boolean {
  return (
    content.toString('latin1', 0, 4) === 'RIFF' && content.toString('latin1', 8, 12) === 'WAVE'
  );
}

function rawData(content: Buffer, config: RecognitionConfig): Buffer {
  if (config.encoding !== 'LINEAR16') throw invalid('Invalid recognition config: bad encoding.');
  requireFormat(config.sampleRateHertz, Math.max(1, config.audioChannelCount));
  return content;
}

/** The samples of a PCM WAV file, whose header must agree with the config. */
function wavData(content: Buffer, config: RecognitionConfig): Buffer {
  let format: { tag: number; channels: number; sampleRateHz: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= content.length;) {
    const name = content.toString('latin1', at, at + 4);
    const size = content.readUInt32LE(at + 4);
    const body = content.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ' && body.length >= 16) {
      format = {
        tag: body.readUInt16LE(0),
        channels: body.readUInt16LE(2),
        sampleRateHz: body.readUInt32LE(4),
        bits: body.readUInt16LE(14),
      };
    }
    if (name === 'data' && format !== undefined) {
      if (format.tag !== 1 || format.bits !== 16) {
        throw invalid('Invalid recognition config: bad encoding; the WAV header is not LINEAR16.');
      }
      const { sampleRateHertz } = config;
      if (sampleRateHertz !== 0 && sampleRateHertz !== format.sampleRateHz) {
        throw invalid(
          `sample_rate_hertz (${sampleRateHertz}) in RecognitionConfig must either be unspecified or match the value in the WAV header ( ${format.sampleRateHz} ).`,
        );
      }
      requireFormat(format.sampleRateHz, format.channels);
      return body;
    }
    at += 8 + size + (size % 2);
  }
  throw invalid('Invalid WAV header: no format or no data.');
}

function requireFormat(sampleRateHz: number, channels: number): void {
  if (channels !== 1) {
    throw invalid(
      `Must use single channel (mono) audio, but WAV header indicates ${channels} channels.`,
    );
  }
  if (sampleRateHz !== SAMPLE_RATE_HZ) {
    throw invalid(
      `Invalid recognition config: bad sample rate hertz; the offline model works at ${SAMPLE_RATE_HZ}.`,
    );
  }
}

function toSamples(pcm: Buffer): Float32Array {
  return Float32Array.from(
    { length: pcm.length >> 1 },
    (_, at) => pcm.readInt16LE(2 * at) / 32_768,
  );
}
