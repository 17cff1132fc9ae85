/** The language of the page: as the address says, as it was chosen before, or as the server is set. */
import { sayIn, type Say } from '../messages/message.ts';
import { LANGUAGE_COOKIE } from '../page-settings.ts';

export type Language = 'en' | 'ko';

const KEPT = LANGUAGE_COOKIE;
const KEPT_S = 365 * 24 * 3600;
const NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

export const LANGUAGES: readonly (readonly [Language, string])[] = [
  ['en', NAMES.en],
  ['ko', NAMES.ko],
];

export interface Speaking {
  readonly language: Language;
  readonly say: Say;
  /** Redraws whoever asked to be told. */
  change: (language: Language) => void;
  onChange: (redraw: () => void) => void;
}

export function createSpeaking(preset: Language): Speaking {
  let language = languageOf(new URLSearchParams(location.search).get('lang')) ?? kept() ?? preset;
  let say = sayIn(language);
  const redraws: (() => void)[] = [];
  document.documentElement.lang = language;
  return {
    get language() {
      return language;
    },
    get say() {
      return say;
    },
    change(wanted) {
      language = wanted;
      say = sayIn(wanted);
      document.documentElement.lang = wanted;
      keep(wanted);
      for (const redraw of redraws) redraw();
    },
    onChange: (redraw) => void redraws.push(redraw),
  };
}

function languageOf(text: string | null): Language | null {
  return text === 'en' || text === 'ko' ? text : null;
}

/** Storage may be forbidden; then nothing is kept. */
function kept(): Language | null {
  try {
    return languageOf(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function keep(language: Language): void {
  document.cookie = `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${KEPT_S}; SameSite=Lax`;
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Only this page speaks it, then.
  }
}
