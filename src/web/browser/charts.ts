/** Small drawings: scores as bars, a mean over days as a line. */
import type { Say } from '../messages/message.ts';
import { drawn, element } from './element.ts';
import type { Insights } from './teacher-data.ts';

const WIDTH = 320;
const HEIGHT = 130;
const FLOOR = 108;
const TOP = 16;

/** Bars with their counts; the same in words for who hears the page. */
export function distributionChart(counts: readonly number[], say: Say): HTMLElement {
  const most = Math.max(1, ...counts);
  const step = WIDTH / counts.length;
  const bars = counts.flatMap((count, bin) => {
    const height = ((FLOOR - TOP) * count) / most;
    const middle = (bin + 0.5) * step;
    return [
      drawn('rect', {
        class: 'bar-learner',
        x: bin * step + 3,
        y: FLOOR - height,
        width: step - 6,
        height,
        rx: 2,
      }),
      count === 0
        ? null
        : drawn(
            'text',
            { class: 'axis', x: middle, y: FLOOR - height - 4, 'text-anchor': 'middle' },
            count,
          ),
      drawn('text', { class: 'axis', x: middle, y: FLOOR + 16, 'text-anchor': 'middle' }, bin * 10),
    ];
  });
  const text = counts.flatMap((count, bin) =>
    count === 0
      ? []
      : [say('distribution_text', { count, from: bin * 10, to: bin === 9 ? 100 : bin * 10 + 9 })],
  );
  return figure(say('distribution'), text, bars);
}

/** 0 to 100 points from bottom to top; days at even distances, as they come. */
export function progressChart(progress: Insights['progress'], say: Say): HTMLElement {
  const left = 26;
  const wide = WIDTH - left - 10;
  const x = (index: number) =>
    progress.length === 1 ? left + wide / 2 : left + (wide * index) / (progress.length - 1);
  const y = (score: number) => FLOOR - ((FLOOR - TOP) * score) / 100;
  const grid = [0, 50, 100].flatMap((score) => [
    drawn('line', { class: 'grid', x1: left, x2: WIDTH, y1: y(score), y2: y(score) }),
    drawn('text', { class: 'axis', x: left - 6, y: y(score) + 4, 'text-anchor': 'end' }, score),
  ]);
  const points = progress.map(
    ({ overall }, index) => `${x(index).toFixed(1)},${y(overall).toFixed(1)}`,
  );
  const ends = [progress[0], progress.length > 1 ? progress.at(-1) : undefined];
  const text = progress.map(({ day, overall, scored }) =>
    say('progress_text', { day, score: overall, count: scored }),
  );
  return figure(say('progress_over_time'), text, [
    ...grid,
    drawn('polyline', { class: 'line-learner', points: points.join(' ') }),
    ...progress.map(({ overall }, index) =>
      drawn('circle', { class: 'point', cx: x(index), cy: y(overall), r: 4 }),
    ),
    ...ends.map((end, index) =>
      end === undefined
        ? null
        : drawn(
            'text',
            {
              class: 'axis',
              x: progress.length === 1 ? x(0) : index === 0 ? left : WIDTH,
              y: FLOOR + 18,
              'text-anchor': progress.length === 1 ? 'middle' : index === 0 ? 'start' : 'end',
            },
            end.day,
          ),
    ),
  ]);
}

function figure(
  title: string,
  text: readonly string[],
  shapes: readonly (SVGElement | null)[],
): HTMLElement {
  const view = `0 0 ${WIDTH} ${HEIGHT}`;
  return element(
    'figure',
    { class: 'chart' },
    element('figcaption', {}, element('h3', {}, title)),
    drawn(
      'svg',
      { viewBox: view, class: 'plot', 'aria-hidden': 'true', focusable: 'false' },
      shapes,
    ),
    element(
      'ul',
      { class: 'hidden' },
      text.map((line) => element('li', {}, line)),
    ),
  );
}
