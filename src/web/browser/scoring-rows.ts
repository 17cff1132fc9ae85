/** The list of scorings: a table on wide screens, cards on phones. */
import {
  isMessageKey,
  type MessageKey,
  type PlainMessageKey,
  type Say,
} from '../messages/message.ts';
import { element, type Child } from './element.ts';
import type { Language } from './language.ts';
import { SORTS, type Listed, type Sort, type SortedBy } from './teacher-data.ts';

interface RowsOptions {
  say: Say;
  language: Language;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

export function scoringRows(scorings: readonly Listed[], options: RowsOptions): HTMLElement {
  const { say, language, sort, onSort } = options;
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const sortable = (by: SortedBy) => {
    const [down, up] = SORTS[by];
    const isSorted = sort === down || sort === up;
    return element(
      'th',
      {
        scope: 'col',
        role: 'columnheader',
        'aria-sort': isSorted ? (sort === down ? 'descending' : 'ascending') : null,
      },
      element(
        'button',
        {
          type: 'button',
          class: 'plain sort',
          'data-key': `sort-${down}`,
          onclick: () => onSort(sort === down ? up : down),
        },
        say(by),
        element('span', { 'aria-hidden': 'true' }, isSorted ? (sort === down ? ' ↓' : ' ↑') : ' ↕'),
      ),
    );
  };
  const plain = (label: string) => element('th', { scope: 'col', role: 'columnheader' }, label);
  return element(
    'table',
    { class: 'scorings', role: 'table' },
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        sortable('when'),
        plain(say('learner')),
        plain(say('sentence')),
        sortable('overall'),
        sortable('accuracy'),
        sortable('fluency'),
        sortable('prosody'),
        plain(say('to_practise')),
        plain(say('report')),
      ),
    ),
    element(
      'tbody',
      { role: 'rowgroup' },
      scorings.map((one) => row(one, when, say)),
    ),
  );
}

function row(one: Listed, when: Intl.DateTimeFormat, say: Say): HTMLElement {
  const { lesson, summary, sentence } = one;
  const points = (value: number | null | undefined) => value ?? '–';
  return element(
    'tr',
    { role: 'row' },
    cell(say('when'), one.createdAt === null ? '–' : when.format(new Date(one.createdAt))),
    cell(say('learner'), one.userId),
    cell(say('sentence'), [
      element('span', { lang: 'en' }, sentence ?? '–'),
      element('span', { class: 'evidence' }, say('lesson', { ...lesson })),
    ]),
    cell(say('overall'), overallOf(one, say)),
    cell(say('accuracy'), points(summary?.accuracy)),
    cell(say('fluency'), points(summary?.fluency)),
    cell(say('prosody'), points(summary?.prosody)),
    cell(
      say('to_practise'),
      element('span', { lang: 'en' }, summary?.mispronouncedWords.join(', ') || '–'),
    ),
    cell(
      say('report'),
      element(
        'a',
        {
          href: one.links.report,
          'aria-label': say('report_of', {
            title: lesson.title,
            line: lesson.line,
            user: one.userId,
          }),
        },
        say('report'),
      ),
    ),
  );
}

/** The score, or why there is none. */
function overallOf({ status, summary, attempt, failure }: Listed, say: Say): Child {
  if (summary?.overall != null) return element('strong', {}, summary.overall);
  if (status === 'failed') {
    const why = failure === null ? null : element('span', { class: 'evidence' }, failure.message);
    return [say('status_failed'), why];
  }
  if (status === 'superseded') return say('status_superseded');
  const key = `attempt_${attempt ?? ''}`;
  return isMessageKey(key) && isAttempt(key) ? say(key) : '–';
}

function isAttempt(key: MessageKey): key is PlainMessageKey & `attempt_${string}` {
  return key.startsWith('attempt_');
}

function cell(label: string, content: Child): HTMLElement {
  return element('td', { role: 'cell', 'data-label': label }, content);
}
