/** A page that is drawn in the browser, for whoever is signed in. */
import { addressOfFile, type BrowserFile } from './browser-files.ts';
import { sayIn, type PlainMessageKey } from './messages/message.ts';
import { newNonce, page } from './pages.ts';
import type { Call, Reply } from './route.ts';
import { appShell, noAccessPage, signInPage } from './shell.ts';
import { spokenLanguage, type PageLanguage } from './spoken-language.ts';
import { storageOrigins } from './storage-origins.ts';

export interface AppPage {
  file: BrowserFile;
  title: PlainMessageKey;
  /** Learners are told that it is not theirs. */
  forTeachers: boolean;
}

type Asked = Pick<
  Call<unknown, { lang?: PageLanguage | undefined }, unknown>,
  'query' | 'headers' | 'principal' | 'deps'
>;

export async function appPage(
  { file, title, forTeachers }: AppPage,
  { query, headers, principal, deps }: Asked,
): Promise<Reply> {
  const { settings } = deps;
  const nonce = newNonce();
  const language = spokenLanguage({ wanted: query.lang, headers, preset: settings.language });
  if (principal === null) return page(signInPage(nonce, language), { nonce, status: 401 });
  const { role, userId, classes = new Map() } = principal;
  if (forTeachers && role === 'learner') {
    return page(noAccessPage(nonce, language), { nonce, status: 403 });
  }
  const html = appShell({ nonce, language, title: sayIn(language)(title) }, file, {
    ...{ role, userId, language },
    maxSeconds: settings.maxSeconds,
    contentTypes: settings.contentTypes,
    ...(forTeachers ? { classes: [...classes.keys()] } : {}),
    recorder: addressOfFile('recorder.js'),
  });
  return page(html, { nonce, storage: await storageOrigins(deps) });
}
