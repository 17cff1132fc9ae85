/** Where in a history a replay goes on: before the earliest task that scheduled what did not complete. */
import type { ReplayFrom } from '../operate/replay-ports.ts';

/** Anything that prints as a number: the SDK's Long, which goes back to the server as it came. */
export interface EventId {
  toString(): string;
}

/** What is looked at of an event; the SDK's type has all of it. */
export interface HistoryEvent<Id extends EventId> {
  eventId?: Id | null;
  workflowTaskCompletedEventAttributes?: object | null;
  activityTaskScheduledEventAttributes?: {
    activityType?: { name?: string | null } | null;
    workflowTaskCompletedEventId?: Id | null;
  } | null;
  activityTaskCompletedEventAttributes?: { scheduledEventId?: Id | null } | null;
  activityTaskFailedEventAttributes?: { scheduledEventId?: Id | null } | null;
  activityTaskTimedOutEventAttributes?: { scheduledEventId?: Id | null } | null;
}

export interface ResetPoint<Id extends EventId> {
  workflowTaskFinishEventId: Id;
  /** The activity that failed, or the first that was cut short. */
  step: string;
}

/** Run after the outcome is known, and must not be where a replay begins. */
const STORES_THE_FAILURE = 'saveFailure';
const TELLS = 'notifyApplication';
const AFTER_THE_OUTCOME = [STORES_THE_FAILURE, TELLS];

/** Is telling the application of a stored failure all that is left to do? It may take a day. */
export function onlyTellsFailure(events: readonly HistoryEvent<EventId>[]): boolean {
  const names = events.flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
  );
  return names.at(-1) === TELLS && names.at(-2) === STORES_THE_FAILURE;
}

/**
 * Activities of one task run again together, so the earliest task decides; those that had completed
 * find their results kept. Null where the history holds no such task.
 */
export function resetPoint<Id extends EventId>(
  events: readonly HistoryEvent<Id>[],
  from: ReplayFrom,
): ResetPoint<Id> | null {
  const completed = new Set<string>();
  /** In the order in which they failed; what was only cut short is not among them. */
  const failed: string[] = [];
  for (const event of events) {
    const done = event.activityTaskCompletedEventAttributes?.scheduledEventId;
    const lost =
      event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (done != null) completed.add(String(done));
    if (lost?.scheduledEventId != null) failed.push(String(lost.scheduledEventId));
  }
  const steps = events.flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) => {
    const task = scheduled?.workflowTaskCompletedEventId;
    const name = scheduled?.activityType?.name;
    if (eventId == null || task == null || name == null) return [];
    return AFTER_THE_OUTCOME.includes(name) ? [] : [{ id: String(eventId), task, name }];
  });
  const unfinished = steps.filter(({ id }) => !completed.has(id));
  const [first] = from === 'lesson' || unfinished.length === 0 ? steps : unfinished;
  if (first !== undefined) {
    const culprit = unfinished.find(({ id }) => id === failed[0]) ?? first;
    const step = from === 'lesson' ? first.name : culprit.name;
    return { workflowTaskFinishEventId: first.task, step };
  }
  const task = events.find(({ workflowTaskCompletedEventAttributes: done }) => done != null);
  if (task?.eventId == null) return null;
  return { workflowTaskFinishEventId: task.eventId, step: 'resolveLesson' };
}
