/** The list of sentences, with search and filters. */
import type { PageSettings } from '../page-settings.ts';
import { element } from './element.ts';
import type { Speaking } from './language.ts';
import { listLines, type Line, type LineFilter } from './lessons.ts';
import { field } from './page-frame.ts';

export interface Chooser {
  draw: () => HTMLElement;
}

interface ChooserOptions {
  settings: PageSettings;
  speaking: Speaking;
  onPick: (line: Line) => void;
}

const TYPING_MS = 250;

export function createChooser({ settings, speaking, onPick }: ChooserOptions): Chooser {
  const filter: LineFilter = { search: '', contentType: '', level: '' };
  let lines: Line[] = [];
  let levels: number[] = [];
  let total = 0;
  let cursor: string | null = null;
  let state: 'loading' | 'loaded' | 'failed' = 'loading';
  let asked = new AbortController();
  const list = element('div', { class: 'line-list' });
  const count = element('p', { class: 'small quiet', role: 'status' });

  async function load(isMore: boolean): Promise<void> {
    asked.abort();
    const own = (asked = new AbortController());
    state = 'loading';
    showList();
    try {
      const page = await listLines(filter, isMore ? cursor : null, own.signal);
      lines = isMore ? [...lines, ...page.lines] : page.lines;
      total = page.total;
      cursor = page.nextCursor;
      levels = [...new Set([...levels, ...lines.map(({ lesson }) => lesson.level)])];
      levels.sort((a, b) => a - b);
      state = 'loaded';
    } catch {
      if (own.signal.aborted) return;
      state = 'failed';
    }
    showList();
    showLevels();
  }

  let typing: ReturnType<typeof setTimeout> | undefined;
  function reload(): void {
    clearTimeout(typing);
    typing = setTimeout(() => void load(false), TYPING_MS);
  }

  const level = element('select', {
    'data-key': 'level',
    onchange: () => {
      filter.level = level.value;
      reload();
    },
  });
  function showLevels(): void {
    const { say } = speaking;
    level.replaceChildren(
      element('option', { value: '' }, say('any')),
      ...levels.map((one) => element('option', { value: one }, say('level_n', { level: one }))),
    );
    level.value = filter.level;
  }

  function showList(): void {
    const { say } = speaking;
    const isFiltered = Object.values(filter).some((value) => value !== '');
    count.textContent =
      state === 'loading'
        ? say('loading')
        : state === 'failed'
          ? say('lines_failed')
          : total === 1
            ? say('lines_found_one')
            : say('lines_found', { count: total });
    if (state === 'loaded' && total === 0) {
      list.replaceChildren(element('p', {}, say(isFiltered ? 'no_lines' : 'no_lines_at_all')));
      return;
    }
    const again = { type: 'button', class: 'button', onclick: () => void load(false) };
    list.replaceChildren(
      ...titlesOf(lines).map(drawTitle),
      ...(state === 'failed' ? [element('button', again, say('try_again'))] : []),
    );
    if (cursor !== null && state === 'loaded') {
      const more = { type: 'button', class: 'button', onclick: () => void load(true) };
      list.append(element('button', more, say('more')));
    }
  }

  function drawTitle([first, ...rest]: readonly [Line, ...Line[]]): HTMLElement {
    const { say } = speaking;
    const { contentType, level: n, title } = first.lesson;
    return element(
      'section',
      { class: 'title' },
      element(
        'h3',
        {},
        title,
        element('span', { class: 'none' }, ` ${contentType} · ${say('level_n', { level: n })}`),
      ),
      element(
        'ul',
        {},
        [first, ...rest].map((line) =>
          element(
            'li',
            {},
            element(
              'button',
              { type: 'button', class: 'line', onclick: () => onPick(line) },
              element('span', { class: 'line-number', 'aria-hidden': 'true' }, line.lesson.line),
              line.sentence === null
                ? element('span', { class: 'quiet' }, say('line_n', { line: line.lesson.line }))
                : element('span', { lang: 'en' }, line.sentence),
            ),
          ),
        ),
      ),
    );
  }

  void load(false);
  return {
    draw() {
      const { say } = speaking;
      const search = element('input', {
        type: 'search',
        maxlength: 100,
        'data-key': 'search',
        autocomplete: 'off',
        oninput: () => {
          filter.search = search.value.trim();
          reload();
        },
      });
      search.value = filter.search;
      const kind = element(
        'select',
        {
          'data-key': 'kind',
          onchange: () => {
            filter.contentType = kind.value;
            reload();
          },
        },
        element('option', { value: '' }, say('any')),
        settings.contentTypes.map((one) => element('option', { value: one }, one)),
      );
      kind.value = filter.contentType;
      showLevels();
      showList();
      return element(
        'section',
        {},
        element(
          'div',
          { class: 'page-header' },
          element('h1', { tabindex: -1, 'data-key': 'heading' }, say('choose')),
          element('p', { class: 'quiet' }, say('choose_hint')),
        ),
        element(
          'div',
          { class: 'card' },
          element(
            'div',
            { class: 'filters' },
            field(say('search'), search),
            field(say('content_type'), kind),
            field(say('level'), level),
          ),
          count,
          list,
        ),
      );
    },
  };
}

/** Neighbours of one title; the list comes in order. */
function titlesOf(lines: readonly Line[]): [Line, ...Line[]][] {
  const groups: [Line, ...Line[]][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    const same =
      last !== undefined &&
      last[0].lesson.title === line.lesson.title &&
      last[0].lesson.level === line.lesson.level &&
      last[0].lesson.contentType === line.lesson.contentType;
    if (same) last.push(line);
    else groups.push([line]);
  }
  return groups;
}
