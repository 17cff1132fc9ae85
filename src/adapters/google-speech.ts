/** Speech recognition by Google's client: Google itself, or a server that speaks its protocol. */
import { type protos, SpeechClient } from '@google-cloud/speech';
import { credentials as channel } from '@grpc/grpc-js';
import type { Transcript, TranscriptWord } from '../scoring/analyses.ts';
import { cancelWith } from './grpc-cancellation.ts';
import { credentialsFailure, speechFailure } from './speech-failures.ts';

export interface SpeechRecogniserOptions {
  /** Absent: Google. `insecure` is without TLS and credentials, for this machine. */
  endpoint?: { host: string; port: number; insecure: boolean };
  /** `offline`: the service needs the expected sentence as a phrase hint. */
  kind: 'google' | 'offline';
  model: string;
  languageCode: string;
  /** Deadline of one call. */
  timeoutMs: number;
  /** Service account; absent: the environment's (Application Default Credentials). */
  credentials?: object;
  projectId?: string;
  /** How long to wait after RESOURCE_EXHAUSTED; Google counts requests per minute. */
  quotaDelayMs?: number;
}

export interface SpeechRequest {
  /** 16 kHz mono 16-bit WAV. */
  wav: Uint8Array;
  /** What should be said, for services that need it. */
  sentence: string | null;
}

export interface SpeechRecogniser {
  /** Part of the key under which transcripts are kept. */
  version: string;
  /** Does the transcript depend on the sentence? */
  usesSentence: boolean;
  /**
   * One attempt. No words: silence.
   * @throws ElocuteError SPEECH_*, or the reason of an aborted `signal`, which cancels the call.
   */
  recognise(request: SpeechRequest, signal?: AbortSignal): Promise<Transcript>;
  close(): Promise<void>;
}

const SAMPLE_RATE_HZ = 16_000;
const QUOTA_DELAY_MS = 30_000;

/** Connects on the first call. The client is made at once: it blocks the event loop for 0.1 s. */
export function createSpeechRecogniser(options: SpeechRecogniserOptions): SpeechRecogniser {
  const { kind, model, languageCode, timeoutMs, quotaDelayMs = QUOTA_DELAY_MS } = options;
  // A failed start is kept by the client for good: the next call gets a new one.
  let client: SpeechClient | undefined = createClient(options);

  async function connect(): Promise<SpeechClient> {
    const connecting = (client ??= createClient(options));
    try {
      // recognize() starts this too, but turns its failure into an unhandled rejection.
      await connecting.initialize();
      return connecting;
    } catch (error) {
      if (client === connecting) client = undefined;
      throw credentialsFailure(error);
    }
  }

  return {
    version: `${kind} speech v1 ${model} ${languageCode}`,
    usesSentence: kind === 'offline',
    async recognise({ wav, sentence }, signal) {
      signal?.throwIfAborted();
      const connected = await connect();
      const cancellation = cancelWith(signal);
      try {
        const [response] = await connected.recognize(
          {
            audio: { content: wav },
            config: {
              encoding: 'LINEAR16',
              sampleRateHertz: SAMPLE_RATE_HZ,
              audioChannelCount: 1,
              languageCode,
              model,
              maxAlternatives: 1,
              enableWordTimeOffsets: true,
              enableWordConfidence: true,
              // Hints pull Google towards the sentence and so hide mispronunciations.
              ...(kind === 'offline' && sentence !== null
                ? { speechContexts: [{ phrases: [sentence] }] }
                : {}),
            },
          },
          {
            timeout: timeoutMs,
            // The client's own retries, up to 10 minutes, would multiply with the workflow's.
            retry: null,
            otherArgs: { options: { interceptors: [cancellation.interceptor] } },
          },
        );
        return toTranscript(response, kind);
      } catch (error) {
        signal?.throwIfAborted();
        throw speechFailure(error, quotaDelayMs);
      } finally {
        cancellation.dispose();
      }
    },
    async close() {
      await client?.close();
      client = undefined;
    },
  };
}

function createClient(options: SpeechRecogniserOptions): SpeechClient {
  const { endpoint, credentials, projectId } = options;
  if (endpoint?.insecure === true) {
    // Else the first call waits for a metadata server that only Google's machines have.
    process.env['METADATA_SERVER_DETECTION'] = 'none';
  }
  return new SpeechClient({
    // Host and port in one string would hang.
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint.host, port: endpoint.port }),
    ...(endpoint?.insecure === true
      ? { sslCreds: channel.createInsecure(), projectId: projectId ?? 'local' }
      : { ...(projectId === undefined ? {} : { projectId }) }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

type Response = protos.google.cloud.speech.v1.IRecognizeResponse;
type Duration = protos.google.protobuf.IDuration;

/** The first alternative of every result, in order. */
export function toTranscript(
  response: Response,
  recogniser: SpeechRecogniserOptions['kind'],
): Transcript {
  const alternatives = (response.results ?? []).flatMap(({ alternatives }) =>
    (alternatives ?? []).slice(0, 1),
  );
  return {
    recogniser,
    text: alternatives
      .map(({ transcript }) => transcript?.trim() ?? '')
      .filter((part) => part !== '')
      .join(' '),
    words: alternatives
      .flatMap(({ words }) => words ?? [])
      .map(({ word, startTime, endTime, confidence }): TranscriptWord => ({
        text: word ?? '',
        startS: toSeconds(startTime),
        endS: toSeconds(endTime),
        // protobuf's default 0 means that none was set.
        confidence: confidence ? rounded(confidence) : null,
      })),
  };
}

/** `{seconds: "1", nanos: 180000000}` is 1.18: the client gives 64-bit integers as strings. */
function toSeconds(duration: Duration | null | undefined): number {
  return rounded(Number(duration?.seconds ?? 0) + (duration?.nanos ?? 0) / 1e9);
}

/** Takes the noise of binary fractions off: confidences arrive as 32-bit floats. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}
