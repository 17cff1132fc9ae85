const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

export type XmlValue = string | number | boolean;

/** `<name>value</name>`, escaped; control characters, legal in keys, become references. */
export function element(name: string, value: XmlValue): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** `<name>…</name>` around markup that is already escaped. */
export function group(name: string, ...inner: string[]): string {
  return `<${name}>${inner.join('')}</${name}>`;
}

export function xmlDocument(name: string, ...inner: string[]): string {
  const root = `<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner.join('')}</${name}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

/** The texts of all `<name>` elements, unescaped; enough for the few requests with an XML body. */
export function textsOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
  return [...xml.matchAll(pattern)].map(([, text = '']) => unescapeXml(text.trim()));
}

/** The inner markup of all `<name>` elements, still escaped. */
export function groupsOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
  return [...xml.matchAll(pattern)].map(([, inner = '']) => inner);
}

function escapeXml(text: string): string {
  return (
    text
      .replace(/[<>&"']/g, (character) => ENTITIES[character] ?? character)
      // eslint-disable-next-line no-control-regex -- exactly those characters are meant
      .replace(/[\u0000-\u001f\u007f]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|lt|gt|amp|quot|apos);/gi, (whole, decimal, hex) => {
    if (typeof decimal === 'string') return String.fromCodePoint(Number(decimal));
    if (typeof hex === 'string') return String.fromCodePoint(Number.parseInt(hex, 16));
    return Object.entries(ENTITIES).find(([, entity]) => entity === whole)?.[0] ?? whole;
  });
}
