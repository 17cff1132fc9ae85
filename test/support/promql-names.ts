/** The names of metrics in a PromQL expression: what is neither function, keyword, label nor text. */
const KEYWORDS = /^(and|or|unless|on|ignoring|bool|offset|group_left|group_right|inf|nan)$/i;

export function promqlNames(expression: string): string[] {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, '');
  const names = [...bare.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\()\b/g)].map(([name]) => name);
  return [...new Set(names)].filter((name) => !KEYWORDS.test(name) && !isFunction(bare, name));
}

function isFunction(expression: string, name: string): boolean {
  return new RegExp(`\\b${name}\\s*\\(`).test(expression);
}

export interface Matcher {
  metric: string;
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** What is asked of labels: `metric{label="value"}`. */
export function promqlMatchers(expression: string): Matcher[] {
  const selectors = expression.matchAll(/([a-zA-Z_:][\w:]*)\{((?:[^}"]|"(?:[^"\\]|\\.)*")*)\}/g);
  return [...selectors].flatMap(([, metric = '', inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({
        metric,
        label,
        operator: operator as Matcher['operator'],
        value,
      }),
    ),
  );
}

/** Labels that an expression groups by. */
export function promqlGroups(expression: string): string[] {
  const groups = expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g);
  return [...groups].flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()));
}
