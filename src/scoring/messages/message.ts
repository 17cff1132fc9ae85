import { en } from './en.ts';
import { ko } from './ko.ts';

export type MessageKey = keyof typeof en;

/** Every key of the English messages, in another language; a missing one is a type error. */
export type Messages = Readonly<Record<MessageKey, string>>;

/** One text in every language there is. */
export interface Text {
  en: string;
  ko: string;
}

export type Language = keyof Text;

export const messages: Readonly<Record<Language, Messages>> = { en, ko };

type ValuesOf<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ValuesOf<Rest>
  : never;

type Values<Key extends MessageKey> = Record<ValuesOf<(typeof en)[Key]>, number | string | Text>;

/** The message in every language, its values filled in; one that is missing is a type error. */
export function say<Key extends MessageKey>(key: Key, values: Values<Key>): Text {
  return { en: filled(key, 'en', values), ko: filled(key, 'ko', values) };
}

/** Texts one after another. */
export function joined(texts: readonly Text[]): Text {
  return {
    en: texts.map((text) => text.en).join(' '),
    ko: texts.map((text) => text.ko).join(' '),
  };
}

/** At most this many words are named in one message. */
const MOST_NAMED = 3;

/** `"three", "weather" and "the"`: at most three words, repeats once, in the order given. */
export function named(words: readonly string[]): Text {
  const quoted = [...new Set(words)].slice(0, MOST_NAMED).map((word) => `"${word}"`);
  const last = quoted.at(-1) ?? '';
  return {
    en: quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`,
    ko: quoted.join(', '),
  };
}

function filled(
  key: MessageKey,
  language: Language,
  values: Record<string, number | string | Text>,
): string {
  // In one pass, so that a brace in a value is left alone.
  return messages[language][key].replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === 'object' ? value[language] : String(value);
  });
}
