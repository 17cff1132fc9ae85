/** What the teacher's list can be narrowed by. */
import type { Say } from '../messages/message.ts';
import type { PageSettings } from '../page-settings.ts';
import { element } from './element.ts';
import { field } from './page-frame.ts';
import { button } from './stage-view.ts';
import type { Filter, FilterName } from './teacher-data.ts';

export interface FilterFields {
  say: Say;
  filter: Filter;
  /** Suggestions for the title. */
  titles: readonly string[];
  onChange: (name: FilterName, value: string) => void;
  onClear: () => void;
}

export function filterFields(
  { classes = [], contentTypes }: PageSettings,
  { say, filter, titles, onChange, onClear }: FilterFields,
): HTMLElement {
  const input = (name: FilterName, given: Record<string, string | number>) => {
    const made = element('input', {
      ...given,
      'data-key': `filter-${name}`,
      oninput: () => onChange(name, made.value),
    });
    made.value = filter[name];
    return made;
  };
  const select = (name: FilterName, options: readonly (readonly [string, string])[]) => {
    const made = element(
      'select',
      { 'data-key': `filter-${name}`, onchange: () => onChange(name, made.value) },
      [['', say('any')] as const, ...options].map(([value, label]) =>
        element('option', { value }, label),
      ),
    );
    made.value = filter[name];
    return made;
  };
  return element(
    'div',
    { class: 'filters filters-teacher' },
    field(
      say('content_type'),
      select(
        'contentType',
        contentTypes.map((one) => [one, one] as const),
      ),
    ),
    field(say('level'), input('level', { type: 'number', min: 0, max: 9999 })),
    field(
      say('title_of_lesson'),
      input('search', { type: 'text', list: 'titles', maxlength: 100 }),
    ),
    element(
      'datalist',
      { id: 'titles' },
      titles.map((value) => element('option', { value })),
    ),
    field(say('line'), input('line', { type: 'number', min: 0, max: 99_999 })),
    classes.length === 0
      ? null
      : field(
          say('class_of_learners'),
          select(
            'class',
            classes.map((one) => [one, one] as const),
          ),
        ),
    field(say('learner'), input('user', { type: 'text', maxlength: 128, autocomplete: 'off' })),
    field(
      say('status'),
      select('status', [
        ['completed', say('status_completed')],
        ['failed', say('status_failed')],
        ['superseded', say('status_superseded')],
      ]),
    ),
    field(say('since'), input('since', { type: 'date' })),
    field(say('until'), input('until', { type: 'date' })),
    button(say('clear_filters'), onClear, { key: 'clear', plain: true }),
  );
}
