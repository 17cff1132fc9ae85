/** The progress of a scoring, live. */
import { z } from 'zod';
import { findScoring } from '../find-scoring.ts';
import { progressEvents } from '../progress-events.ts';
import { route, signedIn, type Route } from '../route.ts';
import { scoringId } from '../schemas.ts';
import { shownProgress } from '../shown-progress.ts';

export const scoringEventRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/scorings/{id}/events',
    operationId: 'followScoring',
    summary: 'The steps of a scoring as server-sent events',
    description:
      '`progress` events carry a Progress; the last event is `end` with `{"id", "status", "failureCode"}`: close the connection then. Its status is `reviewing` where a teacher is asked first. A client that was cut off sends `Last-Event-ID` and is told only what is new.',
    tag: 'scorings',
    access: ['learner', 'teacher', 'operator'],
    params: z.object({ id: scoringId }),
    answers: {
      200: { description: 'Events.', schema: z.string(), contentType: 'text/event-stream' },
    },
    problems: ['NOT_FOUND', 'STREAMS_EXHAUSTED', 'TEMPORAL_UNAVAILABLE'],
    async handle({ params, headers, principal, deps, state, signal }) {
      const caller = signedIn({ principal });
      const found = await findScoring(params.id, caller, deps, signal);
      const leave = state.streams.enter(caller.userId);
      // A stream that nobody has begun to read never ends: who goes away before is seen off here.
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      const given = headers['last-event-id'];
      const lastEventId = typeof given === 'string' ? given : null;
      const events = progressEvents(found, deps, {
        show: (progress) => shownProgress(progress, caller),
        lastEventId,
        signal: AbortSignal.any([signal, state.stopping]),
      });
      return {
        status: 200,
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store, no-transform',
          // nginx would keep events back to fill its buffer.
          'x-accel-buffering': 'no',
        },
        stream: leaving(events, leave),
      };
    },
  }),
];

/** Frees the place however the stream ends. A client that goes away ends it as an error would. */
async function* leaving(events: AsyncGenerator<string>, leave: () => void) {
  try {
    yield* events;
  } finally {
    leave();
  }
}
