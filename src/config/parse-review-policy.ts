/** `REVIEW_POLICY` as rules, or what is wrong with it. */

export const REVIEW_FIGURES = ['confidence', 'overall', 'accuracy', 'fluency', 'prosody'] as const;

export type ReviewRule =
  | { kind: 'lesson'; rule: string; pattern: string }
  | { kind: 'below'; rule: string; figure: (typeof REVIEW_FIGURES)[number]; below: number };

const LESSON = /^lesson:([^/\s]+)\/(level_(?:\d+|\*)|\*)\/([^/]+)$/;
const BELOW = /^([a-z]+)\s*<\s*(\d+(?:\.\d+)?)$/;

/** `none`, or rules between commas: `lesson:novel/level_2/*`, `confidence<0.6`, `overall<40`. */
export function parseReviewPolicy(text: string): { rules: ReviewRule[]; problems: string[] } {
  if (text.trim() === 'none') return { rules: [], problems: [] };
  const parsed = text.split(',').map((rule) => parseRule(rule.trim()));
  return {
    rules: parsed.filter((rule) => typeof rule !== 'string'),
    problems: parsed.filter((rule) => typeof rule === 'string'),
  };
}

function parseRule(rule: string): ReviewRule | string {
  if (rule === '') return 'has an empty rule between its commas';
  if (rule === 'none') return '`none` cannot stand beside rules';
  if (rule.startsWith('lesson:')) {
    if (LESSON.test(rule)) return { kind: 'lesson', rule, pattern: rule.slice('lesson:'.length) };
    return `"${rule}" must be lesson:TYPE/level_N/TITLE, \`*\` for any`;
  }
  const [, name = '', number = ''] = BELOW.exec(rule) ?? [];
  if (name === '') return `"${rule}" is neither lesson:TYPE/level_N/TITLE nor FIGURE<NUMBER`;
  const figure = REVIEW_FIGURES.find((known) => known === name);
  if (figure === undefined) return `"${name}" is none of ${REVIEW_FIGURES.join(', ')}`;
  const most = figure === 'confidence' ? 1 : 100;
  const below = Number(number);
  if (below > 0 && below <= most) return { kind: 'below', rule, figure, below };
  return `"${rule}" must compare with more than 0 and at most ${most}`;
}
