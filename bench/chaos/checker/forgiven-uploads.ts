/** Which accepted uploads may have no row: only those that nobody could have found. */
import { workflowIdOf } from '../upload-id.ts';
import type { AcceptedUpload, World } from './world.ts';

export interface Forgiven {
  id: string;
  why: string;
}

/** Of those replaced or deleted; what the plan loses is a third of that. */
const FORGIVEN_SHARE = 0.2;
/** In a short run two ends of the store are many. */
const LEAST_BOUND = 6;

/**
 * S3 has it no more, or its key was deleted, which nothing brings back; its event was really lost; and
 * nothing of it was ever started. An older version that a newer one has replaced is to be found.
 */
export function forgivenUploads({ accepted, scorings, workflows }: World): Forgiven[] {
  const traces = new Set([
    ...scorings.map(({ id }) => workflowIdOf(id)),
    ...workflows.map(({ workflowId }) => workflowId),
  ]);
  return accepted.flatMap((upload) => {
    const { id, event, kept, deleted, current, expected } = upload;
    if (expected.status === 'unscored' || current || !eventWasLost(upload)) return [];
    if ((kept && !deleted) || traces.has(workflowIdOf(id))) return [];
    const where = kept ? 'its key was deleted' : 'S3 has it no more';
    return [{ id, why: `event ${String(event)}; ${where}` }];
  });
}

/** A breach above it: then events are lost, or called so, that should not be. */
export function forgivenBound({ accepted }: World): number {
  const overtaken = accepted.filter(({ current }) => !current).length;
  return Math.max(LEAST_BOUND, Math.ceil(overtaken * FORGIVEN_SHARE));
}

/** No starter has had it to the end, and none can. */
export function eventWasLost({ event }: AcceptedUpload): boolean {
  return event === 'lost by plan' || event === 'lost with the store';
}
