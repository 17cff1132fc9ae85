/** A one-time link becomes a cookie: a person only clicks. */
import { z } from 'zod';
import { Problem } from '../problems.ts';
import { route, type Route, type WebState } from '../route.ts';
import { sessionCookie } from '../session-cookie.ts';

const SESSION_S = 12 * 3600;

/** Links that were used, until they would have expired anyway. Of one process: local use is meant. */
const used = new WeakMap<WebState, Map<string, number>>();

export const signInRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/sign-in',
    operationId: 'signIn',
    summary: 'Sign in by a one-time link',
    tag: 'service',
    access: 'public',
    query: z.strictObject({
      code: z.string().max(4000),
      next: z
        .string()
        .max(500)
        // A path of this server: two slashes, or a backslash, would name another.
        .regex(/^\/(?![/\\])[\w\-./~%?=&]*$/)
        .default('/'),
    }),
    answers: { 303: { description: 'Signed in.' } },
    hidden: true,
    async handle({ query: { code, next }, deps, state }) {
      const { tokens, settings } = deps;
      if (tokens.sign === null) throw new Problem('NOT_FOUND', 'There are no links here.');
      const link = await tokens.verifyLink(code);
      if ('refused' in link) {
        throw new Problem('UNAUTHENTICATED', `The link is not accepted: ${link.refused}.`);
      }
      useOnce(state, link.id, link.expiresAtS);
      const token = await tokens.sign(link.principal, SESSION_S);
      return {
        status: 303,
        headers: {
          location: next,
          'set-cookie': sessionCookie(settings.origin, token, SESSION_S),
        },
      };
    },
  }),
  route({
    method: 'POST',
    path: '/sign-out',
    operationId: 'signOut',
    summary: 'Forget the cookie',
    tag: 'service',
    access: ['learner', 'teacher', 'operator'],
    answers: { 204: { description: 'Signed out.' } },
    hidden: true,
    handle: ({ deps }) =>
      Promise.resolve({
        status: 204,
        headers: { 'set-cookie': sessionCookie(deps.settings.origin, '', 0) },
      }),
  }),
];

function useOnce(state: WebState, id: string, expiresAtS: number): void {
  const links = used.get(state) ?? new Map<string, number>();
  used.set(state, links);
  const nowS = Date.now() / 1000;
  for (const [one, untilS] of links) if (untilS + 60 < nowS) links.delete(one);
  if (links.has(id)) {
    throw new Problem(
      'UNAUTHENTICATED',
      'The link was used already; `elocute token --link` makes another.',
    );
  }
  links.set(id, expiresAtS);
}
