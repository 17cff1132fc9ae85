import { markup, type Markup } from './markup.ts';
import { shownNumber, type ScoredContext } from './page-context.ts';

/** What was measured against the standard, as a short list. */
export function figuresSection({ result, say, language }: ScoredContext): Markup {
  const percent = (value: number | null) =>
    value === null ? null : say('percent', { value: shownNumber(value * 100, language, 0) });
  const { fluencyFigures, speedRatio } = result;
  const rate = (value: number | undefined) =>
    value === undefined
      ? null
      : say('syllables_per_second', { value: shownNumber(value, language) });
  const rows = [
    [say('melody_figure'), percent(result.pitchSimilarity)],
    [say('rhythm_figure'), percent(result.rhythmSimilarity)],
    [say('pauses_figure'), percent(result.pauseSimilarity)],
    [
      say('speed_figure'),
      speedRatio === null ? null : say('times', { value: shownNumber(speedRatio, language, 2) }),
    ],
    [say('speech_rate'), rate(fluencyFigures?.speechRate)],
    [say('articulation_rate'), rate(fluencyFigures?.articulationRate)],
    [
      say('pause_count'),
      fluencyFigures === null ? null : shownNumber(fluencyFigures.pauseCount, language),
    ],
    [
      say('longest_pause'),
      fluencyFigures === null || fluencyFigures.pauseCount === 0
        ? null
        : say('seconds', { value: shownNumber(fluencyFigures.longestPauseS, language, 2) }),
    ],
  ] as const;
  const hasPause = (fluencyFigures?.pauseCount ?? 1) > 0;
  return markup`<section class="card" aria-labelledby="figures-title">
    <h2 id="figures-title">${say('compared')}</h2>
    <dl class="figure-list">
      ${rows
        .filter(([name]) => hasPause || name !== say('longest_pause'))
        .map(
          ([name, value]) =>
            markup`<div>
              <dt>${name}</dt>
              <dd>${value ?? markup`<span class="none">${say('not_measured')}</span>`}</dd>
            </div>`,
        )}
    </dl>
  </section>`;
}
