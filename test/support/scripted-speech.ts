/** A google.cloud.speech.v1 server that hears one sentence in everything, as Google would send it. */
import { createRequire } from 'node:module';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceClientConstructor, UntypedHandleCall } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

interface RecognizeRequest {
  config: {
    encoding: string;
    sampleRateHertz: number;
    audioChannelCount: number;
    speechContexts: unknown[];
  };
  audio: { content: Buffer };
}

export interface ScriptedSpeech {
  port: number;
  requests: RecognizeRequest[];
  /** The next call is answered only when it is let go; `arrived` when it is there. */
  holdNext(): { arrived: Promise<void>; letGo(): void };
  close(): void;
}

export async function startScriptedSpeech(sentence: string): Promise<ScriptedSpeech> {
  const requests: RecognizeRequest[] = [];
  let hold: ((answerNow: () => void) => void) | undefined;
  const recognize: UntypedHandleCall = (
    call: { request: RecognizeRequest },
    answer: (error: null, response: object) => void,
  ) => {
    requests.push(call.request);
    const words = sentence.split(' ').map((word, index) => ({
      word,
      startTime: { seconds: index, nanos: 50_000_000 },
      endTime: { seconds: index, nanos: 950_000_000 },
      confidence: 0,
    }));
    const alternatives = [{ transcript: sentence, confidence: 0.9, words }];
    const answerNow = () => answer(null, { results: [{ alternatives }] });
    const held = hold;
    hold = undefined;
    if (held === undefined) answerNow();
    else held(answerNow);
  };
  const server = new Server({ 'grpc.max_receive_message_length': 12 * 1024 * 1024 });
  server.addService(speechService(), { recognize });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    requests,
    holdNext() {
      let letGo: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        hold = (answerNow) => {
          letGo = answerNow;
          resolve();
        };
      });
      return { arrived, letGo: () => letGo() };
    },
    close: () => server.forceShutdown(),
  };
}

function speechService() {
  const require = createRequire(import.meta.url);
  const protos = require('@google-cloud/speech/build/protos/protos.json') as Parameters<
    typeof fromJSON
  >[0];
  const definition = fromJSON(protos, {
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const root = loadPackageDefinition(definition) as unknown as {
    google: { cloud: { speech: { v1: { Speech: ServiceClientConstructor } } } };
  };
  return root.google.cloud.speech.v1.Speech.service;
}
