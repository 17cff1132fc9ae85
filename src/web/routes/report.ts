/** The report of a scoring as a page. */
import { z } from 'zod';
import { policyOf } from '../../report/report-policy.ts';
import { readReport } from '../../report/read-report.ts';
import { renderReport } from '../../report/render-report.ts';
import type { PageLink } from '../../report/page-context.ts';
import { findScoring, nullWhereNone } from '../find-scoring.ts';
import { sayIn, type PlainMessageKey } from '../messages/message.ts';
import { newNonce, page } from '../pages.ts';
import { plainPage } from '../plain-page.ts';
import type { Principal } from '../principal.ts';
import { route, type Reply, type Route } from '../route.ts';
import { language, scoringId } from '../schemas.ts';
import { signInPage } from '../shell.ts';
import { isRunning, statusOf } from '../show-scoring.ts';
import { spokenLanguage, type PageLanguage } from '../spoken-language.ts';
import type { LessonLine } from '../../contract.ts';

const REFRESH_S = 2;

export const reportRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/scorings/{id}',
    operationId: 'showReport',
    summary: 'The report of a scoring',
    tag: 'pages',
    access: 'public',
    knowsCaller: true,
    params: z.object({ id: scoringId }),
    query: z.looseObject({ lang: language.catch(undefined), language: language.catch(undefined) }),
    answers: { 200: { description: 'A page.' } },
    cached: true,
    hidden: true,
    async handle({ params: { id }, query, headers, principal, deps, signal }) {
      const wanted = query.language ?? query.lang;
      const spoken = spokenLanguage({ wanted, headers, preset: deps.settings.language });
      if (principal === null) {
        const nonce = newNonce();
        return page(signInPage(nonce, spoken), { nonce, status: 401 });
      }
      const found = await findScoring(id, principal, deps, signal).catch(nullWhereNone);
      if (found === null) return words(404, 'nothing_here', 'nothing_here_do', { spoken });
      if (isRunning(found)) {
        const progress = await deps.workflows.progress(found.workflowId, signal);
        // Days, maybe: nothing is gained by asking again.
        if (statusOf(found, progress) === 'reviewing') {
          return principal.role === 'learner'
            ? words(200, 'reviewing', 'reviewing_hint', { spoken })
            : words(200, 'reviews_waiting', 'reviews_waiting_do', { spoken, to: '/teacher' });
        }
        return words(200, 'being_scored', 'being_scored_do', { spoken, refreshS: REFRESH_S });
      }
      const data = await readReport(deps.reports, found.id, signal);
      if (data === null) return words(404, 'no_result', 'no_result_do', { spoken });
      const html = renderReport(data, spoken, linksOf(data.scoring, principal, spoken));
      const policy = `${policyOf(html)}; frame-ancestors 'none'`;
      return page(html, { nonce: '', policy });
    },
  }),
];

/** Where to go from here; a report in a file has none. */
function linksOf(
  { id, lesson }: { id: string; lesson: LessonLine },
  { role }: Principal,
  spoken: PageLanguage,
): PageLink[] {
  const say = sayIn(spoken);
  const { contentType, level, title, line } = lesson;
  const query = new URLSearchParams({
    ...{ contentType, title },
    ...{ level: String(level), line: String(line) },
  });
  const other = spoken === 'en' ? 'ko' : 'en';
  return [
    role === 'teacher'
      ? { href: '/teacher', text: say('teacher_title') }
      : { href: `/practice?${query.toString()}`, text: say('practise_again') },
    {
      href: `/scorings/${id}?language=${other}`,
      text: other === 'ko' ? '한국어' : 'English',
      language: other,
    },
  ];
}

function words(
  status: number,
  title: PlainMessageKey,
  text: PlainMessageKey,
  { spoken, to, refreshS }: { spoken: PageLanguage; to?: '/teacher'; refreshS?: number },
): Reply {
  const nonce = newNonce();
  const say = sayIn(spoken);
  const html = plainPage({
    ...{ nonce, language: spoken },
    ...{ title: say(title), paragraphs: [say(text)] },
    links: [
      to === undefined
        ? { href: '/', text: say('first_page') }
        : { href: to, text: say('teacher_title') },
    ],
    ...(refreshS === undefined ? {} : { refreshS }),
  });
  return page(html, { nonce, status });
}
