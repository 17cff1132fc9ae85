/** Markup from templates: whatever is put into one is text, unless it was made by one. */

const made = new WeakSet<Markup>();

/** Only `markup` and `verbatim` make one that counts as markup; any other object is refused. */
export interface Markup {
  readonly text: string;
}

export type MarkupValue = Markup | string | number | null | readonly MarkupValue[];

/** `null` is nothing, lists are joined, text is escaped for content and quoted attributes alike. */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const rest = values.map((value, index) => markupOf(value) + (parts[index + 1] ?? ''));
  return verbatim((parts[0] ?? '') + rest.join(''));
}

/** Our own code and styles, never anything that came from outside. */
export function verbatim(text: string): Markup {
  const result = Object.freeze({ text });
  made.add(result);
  return result;
}

function markupOf(value: MarkupValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(markupOf).join('');
  if (!made.has(value)) throw new TypeError('this object was not made by a template');
  return value.text;
}

function isList(value: Markup | readonly MarkupValue[]): value is readonly MarkupValue[] {
  return Array.isArray(value);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** JSON that ends no script element and no line, whatever is in it. */
export function scriptJson(value: unknown): Markup {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return verbatim(json);
}
