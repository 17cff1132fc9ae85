import type { Advice } from '../scoring/advice.ts';
import { markup, type Markup } from './markup.ts';
import { playIcon } from './icons.ts';
import type { ScoredContext } from './page-context.ts';
import { writePieces } from './pieces.ts';
import { piecesOf } from './report-words.ts';
import { textIn } from './text-in.ts';

const MOST = 3;

/** The first three things to practise, each to be heard, and what was good. */
export function adviceSection(context: ScoredContext): Markup | null {
  const { result, say } = context;
  const { advice } = result.feedback;
  if (advice.length === 0) return null;
  const good = advice.filter(({ code }) => code === 'strength');
  const rest = advice.filter(({ code }) => code !== 'strength').slice(0, MOST);
  return markup`<section class="card" aria-labelledby="advice-title">
    <h2 id="advice-title">${say('advice')}</h2>
    <ol class="advice">
      ${rest.map((one) => markup`<li>${body(one, context)}</li>`)}
    </ol>
    ${good.map((one) => markup`<div class="good"><strong>${say('good_advice')}</strong> ${textIn(one.text, context.language)}</div>`)}
  </section>`;
}

function body(advice: Advice, { data, say, language }: ScoredContext): Markup {
  const text = textIn(advice.text, language);
  const { listen, listenStandard } = advice;
  const pieces =
    listen === null && listenStandard === null
      ? wholeOf(data)
      : piecesOf({ learner: listen, standard: listenStandard }, data);
  return markup`<p>${text}</p>
    ${
      pieces.length === 0
        ? null
        : markup`<button
            type="button"
            class="button"
            data-stops
            data-play="${writePieces(pieces)}"
            aria-label="${say('listen_advice', { advice: text })}"
          >
            ${playIcon()}${say('listen')}
          </button>`
    }`;
}

/** Advice about the whole is heard in the whole. */
function wholeOf({ recordings }: ScoredContext['data']) {
  return (['learner', 'standard'] as const)
    .filter((role) => recordings[role] !== null)
    .map((role) => ({ role, interval: null }));
}
