/** Tells the application how a scoring ended; every attempt of a run carries the same event id. */
import { createHash } from 'node:crypto';
import type { Notice } from '../contract/notice.ts';
import type { ActivityDependencies } from './ports.ts';

export function createNotifyApplication(deps: Pick<ActivityDependencies, 'notifier'>) {
  return async function notifyApplication(notice: Notice, signal: AbortSignal): Promise<void> {
    // Switched off since it was asked for: nobody is left to be told.
    if (deps.notifier === null) return;
    await deps.notifier.send(JSON.stringify(eventOf(notice)), signal);
  };
}

function eventOf({ type, occurredAtMs, runId, ...rest }: Notice) {
  const { scoringId, failureCode } = rest;
  const parts = [scoringId, type, failureCode ?? '', ...(runId === undefined ? [] : [runId])];
  const outcome = parts.join('\n');
  const eventId = `evt_${createHash('sha256').update(outcome).digest('hex').slice(0, 32)}`;
  return {
    eventId,
    type: `scoring.${type}`,
    ...rest,
    occurredAt: new Date(occurredAtMs).toISOString(),
  };
}
