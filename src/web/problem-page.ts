/** What a person reads whose browser is answered with a problem. */
import { sayIn, type PlainMessageKey } from './messages/message.ts';
import { newNonce, page } from './pages.ts';
import { plainPage } from './plain-page.ts';
import type { ProblemDocument } from './problems.ts';
import type { Reply } from './route.ts';
import { spokenLanguage, type PageLanguage } from './spoken-language.ts';

interface AskedPage {
  url: string;
  query: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A browser that opens an address says so; programs that call the API do not. */
export function wantsPage({ url, headers }: Pick<AskedPage, 'url' | 'headers'>): boolean {
  return !url.startsWith('/api/') && String(headers['accept'] ?? '').includes('text/html');
}

export function problemPage(
  { status, requestId }: ProblemDocument,
  { query, headers }: AskedPage,
  preset: PageLanguage,
): Reply {
  const { lang, language } = (query ?? {}) as { lang?: unknown; language?: unknown };
  const spoken = spokenLanguage({ wanted: language ?? lang, headers, preset });
  const say = sayIn(spoken);
  const title = titleOf(status);
  const text = title === 'our_fault' ? say('our_fault_do', { id: requestId }) : say(`${title}_do`);
  const nonce = newNonce();
  const html = plainPage({
    ...{ nonce, language: spoken, title: say(title), paragraphs: [text] },
    links: [{ href: '/', text: say('first_page') }],
  });
  return page(html, { nonce, status });
}

type Title = Extract<
  PlainMessageKey,
  'sign_in' | 'nothing_here' | 'too_many' | 'not_now' | 'our_fault' | 'address_wrong'
>;

function titleOf(status: number): Title {
  switch (status) {
    case 401:
      return 'sign_in';
    case 404:
      return 'nothing_here';
    case 429:
      return 'too_many';
    case 503:
      return 'not_now';
    default:
      return status >= 500 ? 'our_fault' : 'address_wrong';
  }
}
