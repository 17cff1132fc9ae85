/** What a browser asks before a page of another origin calls the API. */
import { preflightHeaders } from '../cross-origin.ts';
import { route, type Route } from '../route.ts';

export const preflightRoutes: Route[] = [
  route({
    method: 'OPTIONS',
    path: '/api/*',
    operationId: 'preflight',
    summary: 'Preflight',
    tag: 'service',
    access: 'public',
    answers: { 204: { description: 'The headers say what is allowed.' } },
    hidden: true,
    handle: () => Promise.resolve({ status: 204, headers: preflightHeaders() }),
  }),
];
