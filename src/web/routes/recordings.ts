/** The recordings of a scoring. */
import { z } from 'zod';
import { findScoring } from '../find-scoring.ts';
import { Problem } from '../problems.ts';
import { route, signedIn, type Route } from '../route.ts';
import { scoringId } from '../schemas.ts';
import { standardObject } from '../standard-object.ts';

const EXPIRES_IN_S = 300;

export const recordingRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/scorings/{id}/recordings/{role}',
    operationId: 'getRecording',
    summary: 'The learner’s recording, or the standard as it is now',
    tag: 'scorings',
    access: ['learner', 'teacher', 'operator'],
    params: z.object({ id: scoringId, role: z.enum(['learner', 'standard']) }),
    answers: { 302: { description: 'It lies at Location, for five minutes.' } },
    problems: [
      'NOT_FOUND',
      'UPLOAD_GONE',
      'STORAGE_UNAVAILABLE',
      'STORAGE_DENIED',
      'TEMPORAL_UNAVAILABLE',
    ],
    async handle({ params: { id, role }, principal, deps, signal }) {
      const { row, workflow, lesson } = await findScoring(
        id,
        signedIn({ principal }),
        deps,
        signal,
      );
      const uploaded = row?.object ?? workflow?.input.upload;
      const object = role === 'standard' ? standardObject(lesson, deps.settings) : uploaded;
      if (object === undefined) throw new Problem('NOT_FOUND', 'There is no such recording.');
      const described = await deps.objects.describe(object, signal);
      if (described === null) {
        throw new Problem('UPLOAD_GONE', `The ${role} recording is not kept any more.`);
      }
      const location = await deps.objects.presignGet(described.object, EXPIRES_IN_S);
      return { status: 302, headers: { location, 'cache-control': 'private, no-store' } };
    },
  }),
];
