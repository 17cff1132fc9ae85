/** The teacher's view: filters above, then reviews, what is hard, and the list of scorings. */
import type { MessageKey } from '../messages/message.ts';
import { PAGE_SETTINGS_ID, type PageSettings } from '../page-settings.ts';
import { ApiError } from './call-api.ts';
import { element, type Child } from './element.ts';
import { findingsView, insightsView } from './insights-view.ts';
import { createSpeaking } from './language.ts';
import { notice, pageFrame, redrawInto } from './page-frame.ts';
import { createPlayer } from './player.ts';
import { reviewsView, type ReviewsState } from './reviews-view.ts';
import { scoringRows } from './scoring-rows.ts';
import { button } from './stage-view.ts';
import { filterFields } from './teacher-filters.ts';
import {
  FILTERS,
  filterQuery,
  listScorings,
  NO_FILTER,
  readFindings,
  readInsights,
  readReviews,
  readTitles,
  type Filter,
  type FilterName,
  type Finding,
  type Insights,
  type Listed,
  type Sort,
} from './teacher-data.ts';

const settings = JSON.parse(
  document.getElementById(PAGE_SETTINGS_ID)?.textContent ?? '{}',
) as PageSettings;
const root = document.getElementById('page') ?? document.body;
const speaking = createSpeaking(settings.language);
const TYPING_MS = 300;
const TROUBLES = {
  wrong: 'filter_wrong',
  signed_out: 'data_signed_out',
  busy: 'data_busy',
  failed: 'data_failed',
} as const;

/** `wrong`: the filters are not valid; the others: why it could not be loaded. */
type Trouble = keyof typeof TROUBLES;
type Loaded<T> = T | 'loading' | Trouble;

let filter = filterInAddress();
let sort: Sort = 'latest';
let scorings: Listed[] = [];
let cursor: string | null = null;
let listState: Loaded<'loaded'> = 'loading';
let insights: Loaded<Insights> = 'loading';
let findings: Loaded<Finding[]> = 'loading';
let titles: string[] = [];
const reviews: ReviewsState = {
  reviews: [],
  changing: null,
  answers: new Map(),
  draft: { overall: '', reason: '' },
};
let reviewState: Loaded<'loaded'> = 'loading';
let asked = new AbortController();
let typing: ReturnType<typeof setTimeout> | undefined;
const player = createPlayer(draw, draw);

document.documentElement.classList.add('wide');
speaking.onChange(() => void load());
void load();
void loadOnce();

function filterInAddress(): Filter {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ''])) as Filter;
}

function change(name: FilterName, value: string): void {
  filter = { ...filter, [name]: value };
  clearTimeout(typing);
  typing = setTimeout(() => {
    void load();
    if (name === 'search') void suggestTitles();
  }, TYPING_MS);
}

function clear(): void {
  filter = NO_FILTER;
  void load();
}

/** What cannot be suggested is typed. */
async function suggestTitles(): Promise<void> {
  const { search } = filter;
  const found = await readTitles(search).catch(() => null);
  if (found === null || search !== filter.search) return;
  titles = found;
  draw();
}

async function load(): Promise<void> {
  asked.abort();
  const own = (asked = new AbortController());
  const query = Object.entries<string>(filter).filter(([, value]) => value !== '');
  history.replaceState(
    null,
    '',
    `/teacher${query.length === 0 ? '' : '?'}${new URLSearchParams(query).toString()}`,
  );
  listState = 'loading';
  draw();
  const [page, together] = await Promise.all([
    listScorings(filter, sort, speaking.language, null, own.signal).catch(stateOf),
    readInsights(filter, own.signal).catch(stateOf),
  ]);
  if (own.signal.aborted) return;
  insights = together;
  if (typeof page === 'string') {
    listState = page;
    scorings = [];
    cursor = null;
  } else {
    listState = 'loaded';
    scorings = page.scorings;
    cursor = page.nextCursor;
  }
  draw();
}

async function loadMore(): Promise<void> {
  const own = asked;
  const page = await listScorings(filter, sort, speaking.language, cursor, own.signal).catch(
    stateOf,
  );
  if (own.signal.aborted) return;
  if (typeof page === 'string') listState = page;
  else {
    scorings = [...scorings, ...page.scorings];
    cursor = page.nextCursor;
  }
  draw();
}

/** What no filter changes. */
async function loadOnce(): Promise<void> {
  const [found, waiting] = await Promise.all([
    readFindings().catch(stateOf),
    readReviews().catch(stateOf),
    suggestTitles(),
  ]);
  findings = found;
  if (typeof waiting === 'string') reviewState = waiting;
  else {
    reviewState = 'loaded';
    reviews.reviews = waiting;
  }
  draw();
}

function stateOf(error: unknown): Trouble {
  // A date of the address that is none.
  if (error instanceof RangeError) return 'wrong';
  const status = error instanceof ApiError ? error.status : null;
  if (status === 400) return 'wrong';
  if (status === 401) return 'signed_out';
  return status === 429 ? 'busy' : 'failed';
}

function draw(): void {
  const { say } = speaking;
  const content = [
    element(
      'div',
      { class: 'page-header' },
      element('h1', {}, say('teacher_title')),
      element('p', { class: 'quiet' }, say('teacher_hint')),
    ),
    card(
      'filters',
      filterFields(settings, { say, filter, titles, onChange: change, onClear: clear }),
    ),
    reviewState === 'loaded' && reviews.reviews.length === 0
      ? null
      : card(
          'reviews_waiting',
          shownOr(reviewState, () => reviewsView(reviews, { ...speakingNow(), player, draw })),
        ),
    card(
      'overview',
      shownOr(insights, (known) => insightsView(known, say)),
    ),
    card('scorings', list()),
    card(
      'standards_with_findings',
      shownOr(findings, (known) => findingsView(known, say, speaking.language)),
    ),
  ];
  const links = [{ href: '/practice', label: say('practice_title') }];
  redrawInto(root, pageFrame(settings, speaking, { title: say('teacher_title'), links, content }));
  document.documentElement.dataset['list'] = listState;
}

function speakingNow() {
  return { say: speaking.say, language: speaking.language };
}

function card(title: CardTitle, content: Child): HTMLElement {
  return element(
    'section',
    { class: 'card', 'aria-labelledby': `card-${title}` },
    element('h2', { id: `card-${title}` }, speaking.say(title)),
    content,
  );
}

type CardTitle = Extract<
  MessageKey,
  'filters' | 'reviews_waiting' | 'overview' | 'scorings' | 'standards_with_findings'
>;

function shownOr<T>(state: Loaded<T>, shown: (known: T) => HTMLElement): HTMLElement {
  const { say } = speaking;
  if (state === 'loading') return element('p', { class: 'quiet', role: 'status' }, say('loading'));
  if (!isTrouble(state)) return shown(state);
  const again = () => {
    void load();
    void loadOnce();
  };
  return notice(say(TROUBLES[state]), '', {
    mild: true,
    actions: state === 'wrong' ? [] : button(say('try_again'), again, { key: 'again' }),
  });
}

function isTrouble(state: unknown): state is Trouble {
  return typeof state === 'string' && Object.hasOwn(TROUBLES, state);
}

function list(): HTMLElement {
  const { say, language } = speaking;
  return element(
    'div',
    {},
    element(
      'a',
      {
        class: 'button export',
        href: `/api/v1/scorings.csv?${exported()}`,
        download: 'scorings.csv',
      },
      say('export_csv'),
    ),
    scorings.length > 0
      ? scoringRows(scorings, {
          say,
          language,
          sort,
          onSort: (wanted) => {
            sort = wanted;
            void load();
          },
        })
      : shownOr(listState, () => element('p', {}, say('no_scores'))),
    cursor === null ? null : button(say('more'), () => void loadMore(), { key: 'more' }),
  );
}

/** The dates may be half typed. */
function exported(): string {
  try {
    return filterQuery(filter).toString();
  } catch {
    return '';
  }
}
