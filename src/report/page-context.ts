import type { Language } from '../scoring/messages/message.ts';
import type { Say } from './messages/message.ts';
import type { ReportData, StoredResult } from './report-data.ts';
import type { ReportWord } from './report-words.ts';

/** What every part of the page is made from. */
export interface PageContext {
  data: ReportData;
  words: readonly ReportWord[];
  language: Language;
  say: Say;
  /** Where to go from here; none where the page is a file. */
  links: readonly PageLink[];
}

export interface PageLink {
  href: string;
  text: string;
  /** Where the link is in another language than the page. */
  language?: Language;
}

/** Of a page that has scores. */
export interface ScoredContext extends PageContext {
  result: StoredResult;
}

/** A score with at most one decimal, as the language writes it. */
export function shownNumber(value: number, language: Language, digits = 1): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** Moments are told in UTC. */
export function shownDate(ms: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(ms);
}

/** With exactly one decimal and always a sign, so that columns of them can be compared: −10.0, +0.4. */
export function signedNumber(value: number, language: Language): string {
  const size = new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(Math.abs(value));
  if (Number(size) === 0) return size;
  return `${value > 0 ? '+' : '−'}${size}`;
}
