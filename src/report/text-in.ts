import type { Language, Text } from '../scoring/messages/message.ts';

/** Advice in the page's language; rows of schema 1 have it in English only, as plain text. */
export function textIn(text: Text | string, language: Language): string {
  return typeof text === 'string' ? text : text[language];
}
