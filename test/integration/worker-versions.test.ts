import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  isGrpcServiceError,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { Activities } from '../../src/activities/index.ts';
import {
  BuildRefused,
  listBuilds,
  makeBuildCurrent,
  rampBuild,
  type Builds,
} from '../../src/adapters/temporal-builds.ts';
import { sendReview } from '../../src/adapters/temporal-reviews.ts';
import { startScoring } from '../../src/adapters/temporal.ts';
import { deploymentOptionsOf } from '../../src/adapters/temporal-deployment.ts';
import { taskQueuesOf, workflowIdFor, type ScorePronunciationResult } from '../../src/contract.ts';
import { accept, askingForReview, untilReviewing } from '../replay/review-scenarios.ts';
import { openWorld } from '../support/local-world.ts';
import { scriptedActivities, scriptedInput, scriptedWorker } from '../support/scripted-worker.ts';
import { runCommand } from '../support/run-command.ts';
import { bundle, freshName, temporalClient } from '../support/services.ts';

/** Where an activity stops until the test says go. */
interface Gate {
  reached: Promise<void>;
  reach: () => void;
  opened: Promise<void>;
  open: () => void;
}

function gate(): Gate {
  let reach: () => void = () => undefined;
  let open: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { reached, reach, opened, open };
}

async function pass({ reach, opened }: Gate): Promise<void> {
  reach();
  await opened;
}

/** Today's workflows as they were before the change 'superseded-is-an-outcome'. */
async function bundleBefore(): Promise<{ code: string }> {
  const { code } = await bundle();
  const changed = /\(0,\s*\w+\.patched\)\('superseded-is-an-outcome'\)/g;
  assert.equal(code.match(changed)?.length, 1, 'the bundle has the change in one place');
  return { code: code.replace(changed, 'false') };
}

class Roll {
  readonly deployment = freshName('deployment');
  readonly taskQueue = freshName('rolled');
  /** By step and scoring: who stops where. */
  readonly gates = new Map<string, Gate>();
  /** Which build did which steps of a scoring. */
  readonly steps = new Map<string, string[]>();
  readonly replaced = new Set<string>();
  readonly reviewed = new Set<string>();
  readonly client: Client;
  private readonly running = new Map<string, { gate: Gate; run: Promise<void> }>();

  constructor(client: Client) {
    this.client = client;
  }

  async startBuild(buildId: string, workflowBundle: { code: string }): Promise<void> {
    const worker = await scriptedWorker(this.activities(buildId), {
      taskQueue: this.taskQueue,
      workflowBundle,
      deployment: deploymentOptionsOf({
        WORKER_BUILD_ID: buildId,
        WORKER_DEPLOYMENT: this.deployment,
      }),
    });
    const stopped = gate();
    this.running.set(buildId, { gate: stopped, run: worker.run(() => stopped.opened) });
  }

  async stopBuild(buildId: string): Promise<void> {
    const build = this.running.get(buildId);
    this.running.delete(buildId);
    build?.gate.open();
    await build?.run;
  }

  async stop(): Promise<void> {
    for (const one of this.gates.values()) one.open();
    for (const buildId of [...this.running.keys()]) await this.stopBuild(buildId);
  }

  /** Refused until workers of it have been seen. */
  async makeCurrent(buildId: string): Promise<void> {
    for (;;) {
      try {
        await makeBuildCurrent(this.client, this.deployment, buildId);
        return;
      } catch (error) {
        assert.ok(error instanceof BuildRefused, String(error));
      }
    }
  }

  /** `held`: the step before whose end it stops; `replaced`: it learns then that it counts no more. */
  async begin(
    how: { held?: 'resolveLesson' | 'saveFailure'; replaced?: true; reviewed?: true } = {},
  ) {
    const input = scriptedInput(randomBytes(32).toString('hex'));
    const { scoringId } = input;
    const stop = gate();
    if (how.held !== undefined) this.gates.set(`${how.held} ${scoringId}`, stop);
    if (how.replaced === true) this.replaced.add(scoringId);
    if (how.reviewed === true) this.reviewed.add(workflowIdFor(scoringId));
    await startScoring(this.client, this.taskQueue, input);
    const handle = this.client.workflow.getHandle(workflowIdFor(scoringId));
    if (how.held !== undefined) await stop.reached;
    return { scoringId, handle, open: stop.open, steps: () => this.steps.get(scoringId) ?? [] };
  }

  private activities(buildId: string): Activities {
    const done = async (step: string, scoringId: string) => {
      const steps = this.steps.get(scoringId) ?? [];
      this.steps.set(scoringId, [...steps, `${step} ${buildId}`]);
      const held = this.gates.get(`${step} ${scoringId}`);
      if (held !== undefined) await pass(held);
    };
    const base = scriptedActivities();
    const reviewing = askingForReview(base);
    return {
      ...base,
      resolveLesson: async (input) => {
        await done('resolveLesson', input.scoringId);
        if (!this.replaced.has(input.scoringId)) return base.resolveLesson(input);
        throw ApplicationFailure.nonRetryable('scripted', 'UPLOAD_REPLACED');
      },
      scoreRecording: (input) => {
        const { workflowExecution } = Context.current().info;
        const asked = this.reviewed.has(workflowExecution?.workflowId ?? '');
        return (asked ? reviewing : base).scoreRecording(input);
      },
      saveScore: async (input) => {
        await done('saveScore', input.scoringId);
        return base.saveScore(input);
      },
      saveFailure: async (input) => {
        await done('saveFailure', input.scoringId);
        return base.saveFailure(input);
      },
    };
  }
}

/** The build of each workflow task. */
async function buildsOf(handle: WorkflowHandle): Promise<(string | undefined)[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: completed }) =>
    completed ? [completed.deploymentVersion?.buildId ?? undefined] : [],
  );
}

async function resultOf(handle: WorkflowHandle): Promise<string> {
  try {
    return ((await handle.result()) as ScorePronunciationResult).kind;
  } catch (error) {
    assert.ok(error instanceof WorkflowFailedError);
    assert.ok(error.cause instanceof ApplicationFailure);
    return `failed ${error.cause.type}`;
  }
}

/** The task queues that workers of this build have been seen on; none where it is unknown. */
async function seenOf(
  client: Client,
  deploymentVersion: { deploymentName: string; buildId: string },
): Promise<string[]> {
  try {
    const { versionTaskQueues } = await client.workflowService.describeWorkerDeploymentVersion({
      namespace: client.options.namespace,
      deploymentVersion,
    });
    return versionTaskQueues.map(({ name }) => name ?? '');
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND) return [];
    throw error;
  }
}

describe('a new build under running workflows', function () {
  this.timeout(120_000);
  let roll: Roll;

  beforeEach(async () => {
    roll = new Roll(await temporalClient());
  });
  afterEach(() => roll.stop());

  it('finishes what the old build has begun, in the way it was begun, and all that is new', async () => {
    await roll.startBuild('A', await bundleBefore());
    await roll.makeCurrent('A');
    const scored = await roll.begin({ held: 'resolveLesson' });
    const replacedBefore = await roll.begin({ held: 'saveFailure', replaced: true });
    const replacedAfter = await roll.begin({ held: 'resolveLesson', replaced: true });

    await roll.startBuild('B', await bundle());
    await roll.makeCurrent('B');
    const fresh = await roll.begin();
    const freshReplaced = await roll.begin({ replaced: true });
    for (const one of [scored, replacedBefore, replacedAfter]) one.open();
    await roll.stopBuild('A');

    assert.equal(await resultOf(scored.handle), 'completed');
    assert.equal(await resultOf(replacedBefore.handle), 'failed UPLOAD_REPLACED', 'the old way');
    assert.equal(await resultOf(replacedAfter.handle), 'superseded', 'not yet at the change');
    assert.equal(await resultOf(fresh.handle), 'completed');
    assert.equal(await resultOf(freshReplaced.handle), 'superseded');

    const handed = async ({ handle }: { handle: WorkflowHandle }) =>
      [...new Set(await buildsOf(handle))].join(' then ');
    assert.equal(await handed(scored), 'A then B');
    assert.equal(await handed(replacedBefore), 'A then B');
    assert.equal(await handed(replacedAfter), 'A then B');
    assert.equal(await handed(fresh), 'B');
    assert.equal(await handed(freshReplaced), 'B');
    assert.deepEqual(scored.steps(), ['resolveLesson A', 'saveScore B']);
    assert.deepEqual(replacedBefore.steps(), ['resolveLesson A', 'saveFailure A']);
    assert.deepEqual(replacedAfter.steps(), ['resolveLesson A', 'saveFailure B']);
    assert.deepEqual(fresh.steps(), ['resolveLesson B', 'saveScore B']);
  });

  it('is taken back: what has gone its new way waits, and ends when it is current again', async () => {
    await roll.startBuild('A', await bundleBefore());
    await roll.startBuild('B', await bundle());
    await roll.makeCurrent('B');
    const newWay = await roll.begin({ held: 'saveFailure', replaced: true });
    const notYet = await roll.begin({ held: 'resolveLesson', replaced: true });

    await roll.makeCurrent('A');
    for (const one of [newWay, notYet]) one.open();
    assert.equal(await resultOf(notYet.handle), 'failed UPLOAD_REPLACED', 'the old way, on A');
    for (;;) {
      const { events } = await newWay.handle.fetchHistory();
      if (events?.some((event) => event.workflowTaskFailedEventAttributes)) break;
    }
    assert.equal((await newWay.handle.describe()).status.name, 'RUNNING');

    await roll.makeCurrent('B');
    assert.equal(await resultOf(newWay.handle), 'superseded');
    assert.deepEqual([...new Set(await buildsOf(newWay.handle))], ['B']);
  });

  it('takes over a scoring that waits for its review, although the build that began it is gone', async () => {
    await roll.startBuild('A', await bundle());
    await roll.makeCurrent('A');
    const waiting = await roll.begin({ reviewed: true });
    await untilReviewing(waiting.handle);
    await roll.startBuild('B', await bundle());
    await roll.makeCurrent('B');
    await roll.stopBuild('A');

    const answer = await sendReview(roll.client, waiting.scoringId, accept);
    assert.equal(answer.decision, 'accepted');
    assert.equal(await resultOf(waiting.handle), 'completed');
    assert.deepEqual([...new Set(await buildsOf(waiting.handle))], ['A', 'B']);
    assert.deepEqual(waiting.steps(), ['resolveLesson A', 'saveScore B']);
  });

  it('is given a part of the workflows while it ramps up', async () => {
    await roll.startBuild('A', await bundleBefore());
    await roll.startBuild('B', await bundle());
    await roll.makeCurrent('A');
    for (;;) {
      const seen = (await listBuilds(roll.client, roll.deployment))?.builds;
      if (seen?.some(({ buildId }) => buildId === 'B')) break;
    }
    await rampBuild(roll.client, roll.deployment, { buildId: 'B', percent: 50 });
    const listed = await listBuilds(roll.client, roll.deployment);
    const shown = listed?.builds.map(({ buildId, status, rampPercent }) => [
      buildId,
      status,
      rampPercent,
    ]);
    assert.deepEqual(shown?.sort(), [
      ['A', 'current', null],
      ['B', 'ramping', 50],
    ]);
    assert.equal(listed?.current, 'A');

    const builds = new Set<string | undefined>();
    // Of 40 with even chances, all alike would be one run in 5 · 10¹¹.
    for (const one of await Promise.all(Array.from({ length: 40 }, () => roll.begin()))) {
      assert.equal(await resultOf(one.handle), 'completed');
      const own = new Set(await buildsOf(one.handle));
      assert.equal(own.size, 1, 'a workflow stays where it was begun');
      for (const build of own) builds.add(build);
    }
    assert.deepEqual([...builds].sort(), ['A', 'B']);

    await rampBuild(roll.client, roll.deployment, { buildId: 'B', percent: 0 });
    const after = await listBuilds(roll.client, roll.deployment);
    assert.ok(after?.builds.every(({ rampPercent }) => rampPercent === null));
  });
});

describe('a worker with a build id', function () {
  this.timeout(120_000);

  it('says on all its task queues which build it is', async () => {
    const deployment = freshName('deployment');
    const buildId = '2026-11-24.3f9c1d2';
    const world = await openWorld({
      environment: { WORKER_BUILD_ID: buildId, WORKER_DEPLOYMENT: deployment },
      starter: false,
    });
    try {
      const queues = taskQueuesOf(world.config.TEMPORAL_TASK_QUEUE);
      const wanted = Object.values<string>({ ...queues });
      for (;;) {
        const seen = await seenOf(world.client, { deploymentName: deployment, buildId });
        if (wanted.every((name) => seen.includes(name))) break;
      }
      const elocute = (...args: string[]) =>
        runCommand(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'build', ...args], {
          environment: { ...world.environment, NO_COLOR: '1' },
        });
      const listed = await elocute('list');
      assert.match(listed.stdout, new RegExp(`^${deployment}: no build is current`), listed.stderr);
      assert.match(listed.stdout, /\n {2}2026-11-24\.3f9c1d2 {2}inactive +first seen 20\d\d-/);

      const unknown = await elocute('current', 'never-started');
      assert.equal(unknown.code, 3, unknown.stderr);
      assert.match(
        unknown.stderr,
        /^Build never-started cannot be given work: .*\. Start its workers/,
      );

      const current = await elocute('current', buildId);
      assert.equal(current.code, 0, current.stderr);
      assert.match(current.stdout, new RegExp(`^${deployment}: ${buildId} is current\\.`));
      const json = JSON.parse((await elocute('list', '--json')).stdout) as Builds;
      assert.equal(json.current, buildId);
      assert.deepEqual(
        json.builds.map(({ status }) => status),
        ['current'],
      );

      const none = await elocute('current', '--none');
      assert.match(none.stdout, /no build is current/, none.stderr);
    } finally {
      await world.close();
    }
  });

  it('is one of a deployment of which nothing is known before', async () => {
    assert.equal(await listBuilds(await temporalClient(), freshName('unheard-of')), null);
  });
});
