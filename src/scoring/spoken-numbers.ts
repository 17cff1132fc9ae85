/** Digits as they are read aloud in American English. */
import { toOrdinal, toWords } from 'to-words/en-US';

/** Beyond this many digits nobody reads a cardinal: digit by digit (also exact in a double). */
const MAX_CARDINAL_DIGITS = 15;

const CURRENCIES: Record<string, { one: string; many: string; cent: string; cents: string }> = {
  $: { one: 'dollar', many: 'dollars', cent: 'cent', cents: 'cents' },
  '£': { one: 'pound', many: 'pounds', cent: 'penny', cents: 'pence' },
  '€': { one: 'euro', many: 'euros', cent: 'cent', cents: 'cents' },
  '¥': { one: 'yen', many: 'yen', cent: 'sen', cents: 'sen' },
};

const UNITS: Record<string, [one: string, many: string]> = {
  km: ['kilometer', 'kilometers'],
  cm: ['centimeter', 'centimeters'],
  mm: ['millimeter', 'millimeters'],
  kg: ['kilogram', 'kilograms'],
  lb: ['pound', 'pounds'],
  lbs: ['pound', 'pounds'],
  oz: ['ounce', 'ounces'],
  ft: ['foot', 'feet'],
  mph: ['mile per hour', 'miles per hour'],
};

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

function spellDigits(digits: string): string {
  return Array.from(digits, (digit) => DIGITS[Number(digit)] ?? '').join(' ');
}

/** `digits` may hold thousands separators: `1,234`. Codes such as 007 are read digit by digit. */
function cardinal(digits: string): string {
  const plain = digits.replaceAll(',', '');
  const isCode = plain.length > 1 && plain.startsWith('0');
  if (isCode || plain.length > MAX_CARDINAL_DIGITS) return spellDigits(plain);
  return toWords(Number(plain));
}

function decimal(whole: string, fraction: string | undefined): string {
  return fraction === undefined
    ? cardinal(whole)
    : `${cardinal(whole)} point ${spellDigits(fraction)}`;
}

function ordinal(digits: string): string {
  const plain = digits.replaceAll(',', '');
  return plain.length > MAX_CARDINAL_DIGITS ? spellDigits(plain) : toOrdinal(Number(plain));
}

/** 1905 is "nineteen oh five", 1900 "nineteen hundred", 2005 "two thousand five", 2024 "twenty twenty four". */
function year(digits: string): string {
  const century = digits.slice(0, 2);
  const rest = Number(digits.slice(2));
  if (digits.slice(1, 3) === '00') return cardinal(digits);
  if (rest === 0) return `${cardinal(century)} hundred`;
  return `${cardinal(century)} ${rest < 10 ? 'oh ' : ''}${cardinal(String(rest))}`;
}

function integer(digits: string): string {
  return /^(1[1-9]|20)\d\d$/.test(digits) ? year(digits) : cardinal(digits);
}

function plural(words: string): string {
  if (words.endsWith('y')) return `${words.slice(0, -1)}ies`;
  return words.endsWith('x') ? `${words}es` : `${words}s`;
}

function money(symbol: string, whole: string, fraction: string | undefined, scale = ''): string {
  const names = CURRENCIES[symbol];
  if (names === undefined) return `${decimal(whole, fraction)} ${scale}`;
  if (scale !== '' || (fraction ?? '').length > 2) {
    return `${decimal(whole, fraction)} ${scale} ${names.many}`;
  }
  const units = `${cardinal(whole)} ${/^0*1$/.test(whole) ? names.one : names.many}`;
  const cents = Number((fraction ?? '').padEnd(2, '0'));
  if (cents === 0) return units;
  const part = `${cardinal(String(cents))} ${cents === 1 ? names.cent : names.cents}`;
  return /^0+$/.test(whole) ? part : `${units} and ${part}`;
}

function clock(hours: string, minutes: string, half: string | undefined): string {
  const hour = cardinal(String(Number(hours)));
  const suffix = half === undefined ? '' : ` ${half} m`;
  if (Number(minutes) === 0) return half === undefined ? `${hour} o'clock` : `${hour}${suffix}`;
  const oh = Number(minutes) < 10 ? 'oh ' : '';
  return `${hour} ${oh}${cardinal(String(Number(minutes)))}${suffix}`;
}

function fraction(top: string, bottom: string): string {
  if (Number(bottom) < 2 || Number(top) >= Number(bottom)) {
    return `${cardinal(top)} ${cardinal(bottom)}`;
  }
  const names: Record<string, string> = { 2: 'half', 4: 'quarter' };
  const part = names[String(Number(bottom))] ?? ordinal(bottom);
  return `${cardinal(top)} ${Number(top) === 1 ? part : plural(part)}`;
}

function unit(name: string, isOne: boolean): string {
  const names = UNITS[name];
  return names === undefined ? name : names[isOne ? 0 : 1];
}

type Rule = [pattern: RegExp, spell: (...groups: (string | undefined)[]) => string];

/** In this order: what a rule has spelled holds no digits, so later rules leave it alone. */
const RULES: Rule[] = [
  [
    /([$£€¥])\s?(\d[\d,]*)(?:\.(\d+))?(?:\s?(hundred|thousand|million|billion|trillion)\b)?/gi,
    (symbol = '', whole = '', decimals, scale) => money(symbol, whole, decimals, scale),
  ],
  [
    /\b([01]?\d|2[0-4]):([0-5]\d)(?:\s?([ap])\.?m\b\.?)?(?![:\d])/gi,
    (hours = '', minutes = '', half) => clock(hours, minutes, half),
  ],
  [/\b(\d{1,2})\s?([ap])\.?m\b\.?/gi, (hours = '', half = '') => `${cardinal(hours)} ${half} m`],
  [/(?<![\d/])(\d{1,3})[/⁄](\d{1,3})(?![\d/])/g, (top = '', bottom = '') => fraction(top, bottom)],
  [/\b(\d[\d,]*)(?:st|nd|rd|th)\b/gi, (digits = '') => ordinal(digits)],
  [/\b(\d{1,3}0)'?s\b/gi, (digits = '') => plural(integer(digits))],
  [
    /(?<![\d.])(\d[\d,]*)(?:\.(\d+))?\s?(km|cm|mm|kg|lbs?|oz|ft|mph)\b/gi,
    (whole = '', decimals, name = '') =>
      `${decimal(whole, decimals)} ${unit(name.toLowerCase(), whole === '1' && decimals === undefined)}`,
  ],
  [/\bno\.\s?(?=\d)|#\s?(?=\d)/gi, () => 'number'],
  [/(?<=^|\s)-\s?(?=[\d.])/g, () => 'minus'],
  [
    /(?<![\d-])(\d{1,2}|\d{4})-(\d{1,2}|\d{4})(?![\d-])/g,
    (from = '', to = '') => `${integer(from)} to ${integer(to)}`,
  ],
  [/(\d{1,3}(?:,\d{3})+)(?:\.(\d+))?/g, (whole = '', decimals) => decimal(whole, decimals)],
  [/(\d+)\.(\d+)/g, (whole = '', decimals) => decimal(whole, decimals)],
  [/(?<![\w.])\.(\d+)/g, (decimals = '') => `point ${spellDigits(decimals)}`],
  [/(\d+)/g, (digits = '') => integer(digits)],
];

/**
 * Replaces every run of ASCII digits (cardinals, ordinals, years, decades, decimals, fractions,
 * money, times, ranges, a few units) by the words a reader says; other text is kept.
 */
export function spellNumbers(text: string): string {
  return RULES.reduce(
    (spelled, [pattern, spell]) =>
      spelled.replace(
        pattern,
        (_match, ...rest: (string | number | undefined)[]) =>
          ` ${spell(...rest.map((group) => (typeof group === 'string' ? group : undefined)))} `,
      ),
    text,
  );
}
