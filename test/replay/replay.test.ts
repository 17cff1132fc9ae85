import assert from 'node:assert/strict';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { bundle, tracedBundle } from '../support/services.ts';
import { committedHistories } from './histories.ts';
import { OLDER_PATHS, scenarios } from './scenarios.ts';

async function replay(text: string): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await bundle() }, JSON.parse(text) as unknown);
}

async function replayTraced(text: string): Promise<void> {
  const workflowBundle = await tracedBundle();
  await Worker.runReplayHistory({ workflowBundle }, JSON.parse(text) as unknown);
}

describe('committed histories', () => {
  const histories = committedHistories();

  it('cover every path of the workflow', () => {
    const recorded = histories.map(({ name }) => name).sort();
    const paths = scenarios().map(({ name }) => name);
    assert.deepEqual(recorded, [...paths, ...OLDER_PATHS].sort());
  });

  for (const { name, text } of histories) {
    it(`replay "${name}" with today's code`, async () => {
      await replay(text);
    });
  }

  it('replay where spans are collected, although they were recorded where none were', async () => {
    for (const { text } of histories) await replayTraced(text);
  });

  it('are refused where an activity was renamed behind their back', async () => {
    const completed = histories.find(({ name }) => name === 'completed')?.text ?? '';
    const edited = completed.replaceAll('"name": "trackPitch"', '"name": "trackPitches"');
    assert.notEqual(edited, completed);
    await assert.rejects(replay(edited), DeterminismViolationError);
  });

  it('are refused by the traced workflow too', async () => {
    const completed = histories.find(({ name }) => name === 'completed')?.text ?? '';
    const edited = completed.replaceAll('"name": "trackPitch"', '"name": "trackPitches"');
    await assert.rejects(replayTraced(edited), DeterminismViolationError);
  });

  it('are refused where a step is missing', async () => {
    const completed = histories.find(({ name }) => name === 'completed')?.text ?? '';
    const edited = withoutStep(completed, 'scoreRecording');
    assert.ok(!edited.includes('scoreRecording'));
    await assert.rejects(replay(edited), DeterminismViolationError);
  });
});

interface HistoryEvent {
  eventId: string;
  eventType: string;
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}

/** The history of a workflow that never had this step: consistent in itself, numbers included. */
function withoutStep(text: string, activity: string): string {
  const { events } = JSON.parse(text) as { events: HistoryEvent[] };
  const first = events.findIndex(
    ({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType.name === activity,
  );
  const removed = [
    'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED',
    'EVENT_TYPE_ACTIVITY_TASK_STARTED',
    'EVENT_TYPE_ACTIVITY_TASK_COMPLETED',
    'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED',
    'EVENT_TYPE_WORKFLOW_TASK_STARTED',
    'EVENT_TYPE_WORKFLOW_TASK_COMPLETED',
  ];
  const cut = events.splice(first, removed.length);
  assert.deepEqual(
    cut.map(({ eventType }) => eventType),
    removed,
  );
  return JSON.stringify({ events }).replaceAll(
    /("\w*[eE]ventId":)"(\d+)"/g,
    (_, field: string, id: string) => {
      const number = Number(id);
      if (number <= first) return `${field}"${number}"`;
      return `${field}"${Math.max(first, number - removed.length)}"`;
    },
  );
}
