/** A world whose worker and starter are processes that somebody watches, with a handful of scorings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { status as grpc } from '@grpc/grpc-js';
import { freePort } from '../../src/local/free-port.ts';
import { startMain, type RunningMain } from '../../src/local/main-child.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from './local-world.ts';
import { startOtlpCollector, type OtlpCollector } from './otlp-collector.ts';
import { lessonPair } from './recordings.ts';
import { temporaryFolder } from './services.ts';
import { changed } from './web-ui-scenes.ts';

export const LESSON = { contentType: 'novel', level: 2, title: 'Watched Closely', line: 3 };
const NO_STANDARD = { ...LESSON, title: 'Never Recorded' };
/** Easy to find wherever it must not be. */
export const LEARNER = '918273645';

export interface ObservedWorld {
  world: LocalWorld;
  collector: OtlpCollector;
  workerMetrics: string;
  starterMetrics: string;
  sentence: string;
  /** By what became of them. */
  uploads: { computed: PutUpload; kept: PutUpload; retried: PutUpload; failed: PutUpload };
  close(): Promise<void>;
}

export async function openObservedWorld(): Promise<ObservedWorld> {
  const collector = await startOtlpCollector();
  const mains: RunningMain[] = [];
  const world = await openWorld({
    worker: false,
    starter: false,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint },
  });
  const close = async () => {
    for (const main of mains) await main.stop();
    await world.close();
    await collector.close();
  };
  try {
    const start = async (name: 'worker' | 'starter') => {
      const port = await freePort();
      const environment = {
        PATH: process.env['PATH'] ?? '',
        AWS_ACCESS_KEY_ID: process.env['AWS_ACCESS_KEY_ID'] ?? '',
        AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
        // Spans are wanted as they come, not every five seconds.
        OTEL_BSP_SCHEDULE_DELAY: '100',
        ...world.environment,
        METRICS_PORT: String(port),
      };
      mains.push(await startMain(name, environment, join(temporaryFolder(name), 'log')));
      return `http://127.0.0.1:${port}/metrics`;
    };
    const workerMetrics = await start('worker');
    const starterMetrics = await start('starter');
    const pair = lessonPair(23);
    const recording = readFileSync(pair.learner);
    await putStandard(world, LESSON, readFileSync(pair.standard), pair.sentence);
    const finished = async (upload: Promise<PutUpload>) => {
      await outcomeOf(world, await upload);
      return upload;
    };
    const computed = await finished(putLearner(world, LESSON, recording, LEARNER));
    const kept = await finished(putLearner(world, LESSON, recording, `${LEARNER}1`));
    const failed = await finished(putLearner(world, NO_STANDARD, recording, LEARNER));
    world.speech.injectFault({ code: grpc.RESOURCE_EXHAUSTED, details: 'quota', count: 1 });
    const retried = await finished(putLearner(world, LESSON, changed(recording), LEARNER));
    return {
      ...{ world, collector, workerMetrics, starterMetrics, sentence: pair.sentence, close },
      uploads: { computed, kept, retried, failed },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
