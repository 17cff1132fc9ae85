import type { Language } from '../../scoring/messages/message.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

export type MessageKey = keyof typeof en;

/** Every key of the English messages, in another language; a missing one is a type error. */
export type Messages = Readonly<Record<MessageKey, string>>;

const messages: Readonly<Record<Language, Messages>> = { en, ko };

type ValuesOf<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ValuesOf<Rest>
  : never;

type Values<Key extends MessageKey> = Record<ValuesOf<(typeof en)[Key]>, string | number>;

/** A message without values needs no second argument. */
type Arguments<Key extends MessageKey> = [ValuesOf<(typeof en)[Key]>] extends [never]
  ? []
  : [values: Values<Key>];

/** Says a message with its values; numbers as given. */
export type Say = <Key extends MessageKey>(key: Key, ...values: Arguments<Key>) => string;

export function sayIn(language: Language): Say {
  return (key, ...[values]) => {
    const known: Record<string, string | number> = values ?? {};
    // In one pass, so that a brace in a value is left alone.
    return messages[language][key].replace(/\{(\w+)\}/g, (placeholder, name: string) =>
      String(known[name] ?? placeholder),
    );
  };
}
