/** The report of a scoring as a page. */
import { z } from 'zod';
import { policyOf } from '../../report/report-policy.ts';
import { readReport } from '../../report/read-report.ts';
import { renderReport } from '../../report/render-report.ts';
import { findScoring, nullWhereNone } from '../find-scoring.ts';
import { newNonce, page } from '../pages.ts';
import { plainPage } from '../plain-page.ts';
import { route, type Reply, type Route } from '../route.ts';
import { language, scoringId } from '../schemas.ts';
import { isRunning } from '../show-scoring.ts';

const REFRESH_S = 2;

export const reportRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/scorings/{id}',
    operationId: 'showReport',
    summary: 'The report of a scoring',
    tag: 'pages',
    access: 'public',
    params: z.object({ id: scoringId }),
    query: z.strictObject({ language }),
    answers: { 200: { description: 'A page.' } },
    cached: true,
    hidden: true,
    async handle({ params: { id }, query, principal, deps, signal }) {
      if (principal === null) {
        return words(401, 'Nobody is signed in', ['Sign in first, then open this page again.']);
      }
      const found = await findScoring(id, principal, deps, signal).catch(nullWhereNone);
      if (found === null) {
        return words(404, 'There is nothing here', ['No scoring of yours has this address.']);
      }
      if (isRunning(found)) {
        const wait = ['This page shows the scores as soon as they are there.'];
        return words(200, 'The recording is being scored', wait, REFRESH_S);
      }
      const data = await readReport(deps.reports, found.id, signal);
      if (data === null) {
        const what = ['Something went wrong on our side. Please record the sentence again.'];
        return words(404, 'The scoring ended without a result', what);
      }
      const html = renderReport(data, query.language ?? deps.settings.language);
      const policy = `${policyOf(html)}; frame-ancestors 'none'`;
      return page(html, { nonce: '', policy });
    },
  }),
];

function words(
  status: number,
  title: string,
  paragraphs: readonly string[],
  refreshS?: number,
): Reply {
  const nonce = newNonce();
  const refresh = refreshS === undefined ? {} : { refreshS };
  return page(plainPage({ nonce, title, paragraphs, ...refresh }), { nonce, status });
}
