import assert from 'node:assert/strict';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { bundle } from '../support/services.ts';
import { committedHistories } from './histories.ts';
import { scenarios } from './scenarios.ts';

async function replay(text: string): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await bundle() }, JSON.parse(text) as unknown);
}

describe('committed histories', () => {
  const histories = committedHistories();

  it('cover every path of the workflow', () => {
    const recorded = histories.map(({ name }) => name).sort();
    const paths = scenarios().map(({ name }) => name);
    assert.deepEqual(recorded, paths.sort());
  });

  for (const { name, text } of histories) {
    it(`replay "${name}" with today's code`, async () => {
      await replay(text);
    });
  }

  it('are refused where an activity was renamed behind their back', async () => {
    const completed = histories.find(({ name }) => name === 'completed')?.text ?? '';
    const edited = completed.replaceAll('"name": "trackPitch"', '"name": "trackPitches"');
    assert.notEqual(edited, completed);
    await assert.rejects(replay(edited), DeterminismViolationError);
  });

  it('are refused where a step is missing', async () => {
    const completed = JSON.parse(
      histories.find(({ name }) => name === 'completed')?.text ?? '{}',
    ) as {
      events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
    };
    const events = completed.events.filter(
      ({ activityTaskScheduledEventAttributes }) =>
        activityTaskScheduledEventAttributes?.activityType.name !== 'scoreRecording',
    );
    assert.equal(events.length, completed.events.length - 1);
    await assert.rejects(replay(JSON.stringify({ events })));
  });
});
