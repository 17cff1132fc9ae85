/** Scorings to look at in the Web UI: one that completed, one that failed, one that tries again. */
import { readFileSync } from 'node:fs';
import { status as grpc } from '@grpc/grpc-js';
import {
  existingWorkflow,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from './local-world.ts';
import { lessonPair } from './recordings.ts';

export const SCENE = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 4 };
export const NO_STANDARD = { ...SCENE, title: 'Not Recorded Yet' };

const pair = lessonPair(23);

export async function completedScene(world: LocalWorld): Promise<PutUpload> {
  await putStandard(world, SCENE, readFileSync(pair.standard), pair.sentence);
  const upload = await putLearner(world, SCENE, readFileSync(pair.learner));
  await outcomeOf(world, upload);
  return upload;
}

export async function failedScene(world: LocalWorld): Promise<PutUpload> {
  const upload = await putLearner(world, NO_STANDARD, readFileSync(pair.learner));
  await outcomeOf(world, upload);
  return upload;
}

/** Needs the standard of the completed one. Ends only when the quota is raised. */
export async function retryingScene(world: LocalWorld): Promise<PutUpload> {
  const details = 'Quota exceeded for requests per minute';
  world.speech.injectFault({ code: grpc.RESOURCE_EXHAUSTED, details, count: 100_000 });
  const upload = await putLearner(world, SCENE, changed(readFileSync(pair.learner), 2));
  const handle = await existingWorkflow(world, upload.workflowId);
  for (;;) {
    const { raw } = await handle.describe();
    if (raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) >= 3) === true) return upload;
  }
}

export function raiseQuota(world: LocalWorld): void {
  world.speech.injectFault({ code: grpc.OK, details: '', count: 0 });
}

/** Another content: nothing is kept for it. */
export function changed(wav: Buffer, lastSample = 1): Buffer {
  const copy = Buffer.from(wav);
  copy.writeInt16LE(lastSample, copy.length - 2);
  return copy;
}
