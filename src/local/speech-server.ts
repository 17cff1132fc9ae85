/** Google's speech API (google.cloud.speech.v1, Recognize) on this machine, for the local stack. */
import { createRequire } from 'node:module';
import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { Piscina } from 'piscina';
import { threadModule } from '../adapters/thread-module.ts';
import { createFaults, type Fault } from './speech-faults.ts';
import {
  checkRequest,
  SpeechStatus,
  type RecognitionConfig,
  type RecognizeRequest,
} from './speech-request.ts';
import { toResponse } from './speech-response.ts';
import type { SpeechAnswer, SpeechTask } from './speech-thread.ts';

export interface SpeechServerOptions {
  /** 0 or absent: a free one. */
  port?: number;
  /** Calls worked on at once; each takes about 150 MB. */
  threads?: number;
  /** Told every call that a service would bill, those that it answered: its audio, when it came. */
  onAnswered?: (audio: Buffer, receivedAtMs: number) => void;
}

export interface SpeechServer {
  port: number;
  /** Calls received so far, failed ones included. */
  calls(): number;
  /** The config of the latest call as it arrived. */
  lastConfig(): RecognitionConfig | null;
  /** The next `count` calls fail like this; it replaces what was injected before. */
  injectFault(fault: Fault): void;
  close(): Promise<void>;
}

type Call = ServerUnaryCall<RecognizeRequest, unknown>;

/** Above Google's limit of 10 MB, so that our own check can say so. */
const MAX_MESSAGE_BYTES = 12 * 1024 * 1024;

/** Loading takes about 1 s. */
const START_TIMEOUT_MS = 30_000;

/** Resolves when the server answers on 127.0.0.1 and a recogniser is loaded. */
export async function startSpeechServer(options: SpeechServerOptions = {}): Promise<SpeechServer> {
  const { port = 0, threads = 1 } = options;
  const pool = new Piscina<SpeechTask, SpeechAnswer>({
    ...threadModule('speech-thread', import.meta.url),
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
  });
  const faults = createFaults();
  let calls = 0;
  let lastConfig: RecognitionConfig | null = null;

  async function recognize(call: Call, signal: AbortSignal): Promise<object> {
    calls++;
    const receivedAtMs = Date.now();
    lastConfig = call.request.config;
    await faults.strike(signal);
    const { config, samples, sentence } = checkRequest(call.request);
    const durationS = samples.length / 16_000;
    const answer = await pool.run({ samples, sentence }, { signal });
    if (answer.kind === 'bad-sentence') {
      throw new SpeechStatus(status.INVALID_ARGUMENT, answer.message);
    }
    const audio = call.request.audio?.content;
    if (audio !== undefined) options.onAnswered?.(audio, receivedAtMs);
    return toResponse(answer.transcript, config, durationS);
  }

  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
  server.addService(speechService(), {
    recognize: (call: Call, reply: sendUnaryData<unknown>) => {
      const gone = new AbortController();
      // The client hung up, or its deadline passed.
      call.on('cancelled', () => gone.abort());
      recognize(call, gone.signal).then(
        (response) => reply(null, response),
        (error: unknown) => reply(toStatus(error, gone.signal)),
      );
    },
  });
  try {
    const [boundPort] = await Promise.all([
      bind(server, port),
      pool.run(
        { samples: new Float32Array(0), sentence: 'ready' },
        // A thread that cannot load is started again and again.
        { signal: AbortSignal.timeout(START_TIMEOUT_MS) },
      ),
    ]);
    return {
      port: boundPort,
      calls: () => calls,
      lastConfig: () => lastConfig,
      injectFault: (fault) => faults.inject(fault),
      async close() {
        server.forceShutdown();
        await pool.destroy();
      },
    };
  } catch (error) {
    server.forceShutdown();
    await pool.destroy();
    throw error;
  }
}

function toStatus(error: unknown, gone: AbortSignal): { code: number; details: string } {
  if (error instanceof SpeechStatus) return { code: error.code, details: error.message };
  if (gone.aborted) return { code: status.CANCELLED, details: 'The client is gone.' };
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}

/** Google's own message definitions, as its client package ships them. */
function speechService(): ServiceDefinition {
  const load = createRequire(import.meta.url);
  const definitions = fromJSON(
    load('@google-cloud/speech/build/protos/protos.json') as Parameters<typeof fromJSON>[0],
    { longs: Number, enums: String, defaults: true, oneofs: true },
  );
  return definitions['google.cloud.speech.v1.Speech'] as ServiceDefinition;
}
