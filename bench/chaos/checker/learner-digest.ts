/** Which content a workflow has analysed, from its history. */
import type proto from '@temporalio/proto';

type Event = proto.temporal.api.history.v1.IHistoryEvent;

/** The step that says what is analysed: its result names learner and standard by their digests. */
const STEP = 'resolveLesson';

/** Null where the step found nothing to analyse, or did not come to an end. */
export function learnerDigestOf(events: readonly Event[]): string | null {
  const steps = new Set(
    events
      .filter(({ activityTaskScheduledEventAttributes: step }) => step?.activityType?.name === STEP)
      .map(({ eventId }) => String(eventId)),
  );
  const results = events.flatMap(({ activityTaskCompletedEventAttributes: completed }) =>
    completed != null && steps.has(String(completed.scheduledEventId))
      ? (completed.result?.payloads ?? [])
      : [],
  );
  const data = results.at(-1)?.data;
  if (data == null) return null;
  const result = JSON.parse(Buffer.from(data).toString('utf8')) as {
    learner?: { sha256?: string };
  };
  return result.learner?.sha256 ?? null;
}
