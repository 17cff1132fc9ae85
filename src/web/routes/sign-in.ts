/** A one-time link or a token becomes a cookie: a person only clicks. */
import { z } from 'zod';
import { refusedToken } from '../authenticate.ts';
import { sayIn } from '../messages/message.ts';
import { newNonce, page } from '../pages.ts';
import { plainPage } from '../plain-page.ts';
import { Problem } from '../problems.ts';
import { route, type Call, type Route, type WebState } from '../route.ts';
import { LONGEST_COOKIE_TOKEN, sessionCookie } from '../session-cookie.ts';
import { spokenLanguage } from '../spoken-language.ts';
import type { WebSettings } from '../web-ports.ts';

const SESSION_S = 12 * 3600;

/** Links that were used, until they would have expired anyway. Of one process: local use is meant. */
const used = new WeakMap<WebState, Map<string, number>>();

const next = z
  .string()
  .max(500)
  // A path of this server: two slashes, or a backslash, would name another.
  .regex(/^\/(?![/\\])[\w\-./~%?=&+]*$/)
  .default('/');

export const signInRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/sign-in',
    operationId: 'signIn',
    summary: 'Sign in by a one-time link',
    tag: 'service',
    access: 'public',
    query: z.strictObject({ code: z.string().max(4000), next }),
    answers: { 303: { description: 'Signed in.' } },
    hidden: true,
    async handle({ query, deps, state }) {
      const { tokens, settings } = deps;
      if (tokens.sign === null) throw new Problem('NOT_FOUND', 'There are no links here.');
      const link = await tokens.verifyLink(query.code);
      if (!('principal' in link)) throw refusedToken(link, 'The link');
      useOnce(state, link.id, link.expiresAtS);
      const token = await tokens.sign(link.principal, SESSION_S);
      return {
        status: 303,
        headers: {
          location: query.next,
          'set-cookie': sessionCookie(settings.origin, token, SESSION_S),
        },
      };
    },
  }),
  route({
    method: 'POST',
    path: '/sign-in',
    operationId: 'signInByToken',
    summary: 'Sign in by a token, from a form of the application',
    tag: 'service',
    access: 'public',
    form: true,
    body: z.strictObject({ token: z.string().optional(), next }),
    answers: { 200: { description: 'Signed in: a page that goes on to `next`.' } },
    hidden: true,
    async handle(call) {
      const { body, headers, deps } = call;
      refuseOtherPages(headers['origin'], deps.settings);
      const token = tokenOf(call);
      if (token.length > LONGEST_COOKIE_TOKEN) {
        const most = `has more than ${LONGEST_COOKIE_TOKEN} characters`;
        throw new Problem('REQUEST_INVALID', `The token ${most}: no browser keeps it as a cookie.`);
      }
      const checked = await deps.tokens.verify(token);
      if (!('principal' in checked)) throw refusedToken(checked, 'The token');
      const leftS = Math.floor(checked.expiresAtS - Date.now() / 1000);
      const cookie = sessionCookie(
        deps.settings.origin,
        token,
        Math.min(SESSION_S, Math.max(0, leftS)),
      );
      const signedIn = signedInPage(body.next, call);
      return { ...signedIn, headers: { ...signedIn.headers, 'set-cookie': cookie } };
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

/** Any page could sign its visitors in as somebody else: only those that are named may. */
function refuseOtherPages(
  origin: string | string[] | undefined,
  { origin: own, corsOrigins }: WebSettings,
): void {
  if (typeof origin === 'string' && [own, ...corsOrigins].includes(origin)) return;
  const detail = 'Signing in is taken from pages of this server and of WEB_CORS_ORIGINS only.';
  throw new Problem('ORIGIN_REFUSED', detail);
}

function tokenOf({
  body,
  headers,
}: Pick<Call<unknown, unknown, { token?: string | undefined }>, 'body' | 'headers'>) {
  const [, bearer] = /^Bearer +([\w.~+/=-]+)$/i.exec(String(headers['authorization'] ?? '')) ?? [];
  const token = body.token ?? bearer;
  if (token !== undefined && /^[\w.~+/=-]+$/.test(token)) return token;
  throw new Problem('UNAUTHENTICATED', 'The request carries no token.');
}

/**
 * A page and no redirect: the form came from another site, and a browser sends no cookie of ours along
 * a redirect that another site began.
 */
function signedInPage(
  to: string,
  { headers, deps }: Pick<Call<unknown, unknown, unknown>, 'headers' | 'deps'>,
) {
  const nonce = newNonce();
  const language = spokenLanguage({ wanted: null, headers, preset: deps.settings.language });
  const say = sayIn(language);
  const html = plainPage({
    ...{ nonce, language, title: say('signed_in_now'), paragraphs: [] },
    links: [{ href: to, text: say('go_on') }],
    ...{ refreshS: 0, refreshTo: to },
  });
  return page(html, { nonce });
}

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
