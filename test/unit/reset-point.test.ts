import assert from 'node:assert/strict';
import { onlyTellsFailure, resetPoint, type HistoryEvent } from '../../src/adapters/reset-point.ts';

const task = (eventId: number): HistoryEvent<number> => ({
  eventId,
  workflowTaskCompletedEventAttributes: {},
});
const scheduled = (eventId: number, name: string, by: number): HistoryEvent<number> => ({
  eventId,
  activityTaskScheduledEventAttributes: {
    activityType: { name },
    workflowTaskCompletedEventId: by,
  },
});
const completed = (eventId: number, scheduledEventId: number): HistoryEvent<number> => ({
  eventId,
  activityTaskCompletedEventAttributes: { scheduledEventId },
});
const failed = (eventId: number, scheduledEventId: number): HistoryEvent<number> => ({
  eventId,
  activityTaskFailedEventAttributes: { scheduledEventId },
});

const timedOut = (eventId: number, scheduledEventId: number): HistoryEvent<number> => ({
  eventId,
  activityTaskTimedOutEventAttributes: { scheduledEventId },
});

const resolved = [task(4), scheduled(5, 'resolveLesson', 4), completed(7, 5), task(10)];

describe('the point that a failed scoring is reset to', () => {
  it('lies before the task that scheduled the failed activity, and never at saveFailure', () => {
    const events = [
      ...resolved,
      scheduled(11, 'scoreRecording', 10),
      failed(13, 11),
      task(16),
      scheduled(17, 'saveFailure', 16),
      completed(19, 17),
    ];
    const expected = { workflowTaskFinishEventId: 10, step: 'scoreRecording' };
    assert.deepEqual(resetPoint(events, 'failed'), expected);
  });

  it('is the earliest task with something unfinished, and is named after what failed first', () => {
    const events = [
      ...resolved,
      scheduled(11, 'trackPitch', 10),
      scheduled(12, 'transcribeSpeech', 10),
      completed(14, 12),
      task(20),
      scheduled(21, 'alignPhones', 20),
      failed(23, 21),
      task(26),
      failed(27, 11),
    ];
    const expected = { workflowTaskFinishEventId: 10, step: 'alignPhones' };
    assert.deepEqual(resetPoint(events, 'failed'), expected);
  });

  it('lies before the save that a long outage has timed out', () => {
    const events = [
      ...resolved,
      scheduled(11, 'scoreRecording', 10),
      completed(13, 11),
      task(16),
      scheduled(17, 'saveScore', 16),
      timedOut(18, 17),
      task(21),
      scheduled(22, 'saveFailure', 21),
      completed(24, 22),
    ];
    const expected = { workflowTaskFinishEventId: 16, step: 'saveScore' };
    assert.deepEqual(resetPoint(events, 'failed'), expected);
  });

  it('is never at a notice of the failure that nobody took, nor one that is still tried', () => {
    const cancelledInReview = [
      ...resolved,
      scheduled(11, 'openReview', 10),
      completed(13, 11),
      task(16),
      scheduled(17, 'saveFailure', 16),
      completed(19, 17),
      task(22),
      scheduled(23, 'notifyApplication', 22),
    ];
    const first = { workflowTaskFinishEventId: 4, step: 'resolveLesson' };
    assert.deepEqual(resetPoint(cancelledInReview, 'failed'), first);
    assert.deepEqual(resetPoint([...cancelledInReview, timedOut(24, 23)], 'failed'), first);
  });

  it('is asked for in a running scoring only where that tells a failure and nothing else', () => {
    const stored = [...resolved, scheduled(11, 'saveFailure', 10), completed(13, 11), task(16)];
    assert.equal(onlyTellsFailure(stored), false);
    assert.equal(onlyTellsFailure([...stored, scheduled(17, 'notifyApplication', 16)]), true);
    const scored = [...resolved, scheduled(11, 'saveScore', 10), completed(13, 11), task(16)];
    assert.equal(onlyTellsFailure([...scored, scheduled(17, 'notifyApplication', 16)]), false);
  });

  it('is the first step where that was asked for, or where every step was done', () => {
    const first = { workflowTaskFinishEventId: 4, step: 'resolveLesson' };
    const events = [...resolved, scheduled(11, 'alignPhones', 10), failed(13, 11)];
    assert.deepEqual(resetPoint(events, 'lesson'), first);
    assert.deepEqual(resetPoint(resolved, 'failed'), first);
  });

  it('is the first task where no step had begun, and nowhere in an empty history', () => {
    const expected = { workflowTaskFinishEventId: 4, step: 'resolveLesson' };
    assert.deepEqual(resetPoint([task(4)], 'failed'), expected);
    assert.equal(resetPoint([], 'failed'), null);
  });
});
