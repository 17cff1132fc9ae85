/** Counts, charts, the hardest words and sounds, and standards that something is wrong with. */
import { isPhone, soundOf } from '../../report/sounds.ts';
import type { Say } from '../messages/message.ts';
import { distributionChart, progressChart } from './charts.ts';
import { element, type Child } from './element.ts';
import type { Language } from './language.ts';
import type { Difficulty, Finding, Insights } from './teacher-data.ts';

export function insightsView(insights: Insights, say: Say): HTMLElement {
  const { scored, most, learners, overall } = insights;
  if (scored === 0) return element('p', {}, say('no_scores'));
  return element(
    'div',
    {},
    element(
      'dl',
      { class: 'tiles' },
      tile(say('scorings_counted'), scored),
      tile(say('learners_counted'), learners),
      tile(say('mean_overall'), overall ?? '–'),
    ),
    scored < most ? null : element('p', { class: 'small quiet' }, say('latest_only', { most })),
    element(
      'div',
      { class: 'halves' },
      distributionChart(insights.distribution, say),
      progressChart(insights.progress, say),
      hardest(say('hard_words'), say('word'), insights.words, (name) => name, say),
      hardest(say('hard_sounds'), say('sound'), insights.sounds, soundName, say),
    ),
  );
}

function tile(name: string, value: string | number): HTMLElement {
  return element('div', {}, element('dt', { class: 'quiet' }, name), element('dd', {}, value));
}

function hardest(
  title: string,
  column: string,
  items: readonly Difficulty[],
  shown: (name: string) => Child,
  say: Say,
): HTMLElement {
  return element(
    'section',
    { class: 'hardest' },
    element('h3', {}, title),
    items.length === 0
      ? element('p', { class: 'quiet' }, say('nothing_hard'))
      : element(
          'table',
          {},
          element(
            'thead',
            {},
            element(
              'tr',
              {},
              [column, say('missed_of'), say('mean_points')].map((name) =>
                element('th', { scope: 'col' }, name),
              ),
            ),
          ),
          element(
            'tbody',
            {},
            items.map(({ name, said, missed, score }) =>
              element(
                'tr',
                {},
                element('th', { scope: 'row', lang: 'en' }, shown(name)),
                element('td', {}, say('missed_said', { missed, said })),
                element('td', {}, score),
              ),
            ),
          ),
        ),
  );
}

function soundName(name: string): Child {
  // `AH0`: the weak vowel of "about", a sound of its own.
  const phone = name === 'AH0' ? 'AH' : name;
  if (!isPhone(phone)) return name;
  const { ipa, example } = soundOf(phone, name === 'AH0' ? 0 : null);
  const [before, letters, after] = example;
  return [
    element('span', { class: 'ipa' }, `/${ipa}/`),
    ' ',
    element('span', { class: 'example' }, before, element('b', {}, letters), after),
  ];
}

export function findingsView(
  findings: readonly Finding[],
  say: Say,
  language: Language,
): HTMLElement {
  if (findings.length === 0) return element('p', { class: 'quiet' }, say('no_findings'));
  return element(
    'ul',
    { class: 'findings' },
    findings.map(({ lesson, findings: found }) =>
      element(
        'li',
        {},
        lesson === null ? null : element('strong', {}, say('lesson', { ...lesson })),
        found.map(({ message }) => element('p', {}, message[language])),
      ),
    ),
  );
}
