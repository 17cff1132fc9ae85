/** The language that a page of this server is written in. */
import { LANGUAGE_COOKIE } from './page-settings.ts';

export type PageLanguage = 'en' | 'ko';

interface Asked {
  /** `lang` of the address. */
  wanted: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of whoever says nothing. */
  preset: PageLanguage;
}

/** As the address says, else as it was chosen before, as the browser prefers, or as the server is set. */
export function spokenLanguage({ wanted, headers, preset }: Asked): PageLanguage {
  const { cookie, 'accept-language': accepted } = headers;
  return languageOf(wanted) ?? chosenBefore(cookie) ?? preferred(accepted) ?? preset;
}

function languageOf(text: unknown): PageLanguage | null {
  return text === 'en' || text === 'ko' ? text : null;
}

function chosenBefore(cookie: string | string[] | undefined): PageLanguage | null {
  const prefix = `${LANGUAGE_COOKIE}=`;
  const part = String(cookie ?? '')
    .split(/; */)
    .find((one) => one.startsWith(prefix));
  return languageOf(part?.slice(prefix.length));
}

/** `ko-KR,ko;q=0.9,en;q=0.8`: the first of ours by weight; `*` names none. */
function preferred(accepted: string | string[] | undefined): PageLanguage | null {
  const weighed = String(accepted ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', weight] = part.trim().split(/ *; *q=/);
      const language = languageOf(tag.toLowerCase().split('-')[0]);
      return { language, weight: Number(weight ?? 1) };
    })
    .filter(({ language, weight }) => language !== null && weight > 0);
  weighed.sort((a, b) => b.weight - a.weight);
  return weighed[0]?.language ?? null;
}
