import type { Grade } from './grades.ts';
import { markup, type Markup } from './markup.ts';

/** Drawn on a 16 × 16 field; whoever uses one says in words what it means. */
function icon(path: string): Markup {
  return markup`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d="${path}" />
  </svg>`;
}

export const playIcon = (): Markup =>
  markup`<svg class="icon icon-play" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path class="when-stopped" d="M4 2.5v11l9.5-5.5z" />
    <path class="when-playing" d="M4 3h3v10H4zM9 3h3v10H9z" />
  </svg>`;

const GRADE_PATHS: Record<Grade, string> = {
  clear: 'M2.5 8.5l3.5 3.5 7.5-8',
  fair: 'M2 9.5c2-4 4-4 6-1.5s4 2.500 6-1.500',
  practise: 'M8 2.500v7M8 12.500v.8',
  omitted: 'M3 8h10',
  inserted: 'M8 3v10M3 8h10',
};

/** The shape of a grade beside its colour. */
export function gradeIcon(grade: Grade): Markup {
  return icon(GRADE_PATHS[grade]);
}
