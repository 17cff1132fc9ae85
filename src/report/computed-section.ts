import type { Contributions, Evidence, Explanations } from '../scoring/explanation.ts';
import { markup, type Markup } from './markup.ts';
import { shownNumber, signedNumber, type ScoredContext } from './page-context.ts';
import { rounded1 } from './svg-size.ts';
import { isPhone, soundOf } from './sounds.ts';

const NAMES = [
  'overall',
  'accuracy',
  'fluency',
  'prosody',
] as const satisfies readonly (keyof Explanations)[];

/** Of each score that is ours the parts that add up to it. Null where there are none. */
export function computedSection(context: ScoredContext): Markup | null {
  const { result, say } = context;
  const contributions = result.contributions ?? null;
  if (contributions === null || NAMES.every((name) => contributions[name] === null)) return null;
  return markup`<section class="card" aria-labelledby="computed-title">
    <h2 id="computed-title">${say('computed')}</h2>
    <p class="quiet">${say('computed_intro')}</p>
    ${result.teacher === undefined ? null : markup`<p class="quiet">${say('computed_not')}</p>`}
    ${NAMES.map((name) => scoreParts(name, contributions[name], context))}
  </section>`;
}

function scoreParts(
  name: (typeof NAMES)[number],
  contributions: Contributions | null,
  context: ScoredContext,
): Markup | null {
  const { result, say, language } = context;
  const score = result[name];
  if (score === null || contributions === null) return null;
  const { base, parts, limit } = contributions;
  const widest = Math.max(1, ...parts.map(({ points }) => Math.abs(points)));
  const shown = shownNumber(score, language);
  return markup`<details class="computed">
    <summary>${say('computed_of', { score: say(name), value: shown })}</summary>
    <table class="parts">
      <caption class="hidden">
        ${say('contributions_title', { score: say(name) })}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('part')}</th>
          <td></td>
          <th scope="col">${say('points')}</th>
        </tr>
      </thead>
      <tbody>
        ${row(say('part_base'), null, shownNumber(base, language))}
        ${parts.map(({ part, points, evidence }) => row(say(`part_${part}`), { points, widest, text: evidenceText(evidence, context) }, signedNumber(points, language)))}
        ${limit === 0 ? null : row(say('part_limit'), { points: limit, widest, text: null }, signedNumber(limit, language))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">${say('part_total')}</th>
          <td></td>
          <td>${shown}</td>
        </tr>
      </tfoot>
    </table>
  </details>`;
}

interface Part {
  points: number;
  widest: number;
  text: string | null;
}

function row(name: string, part: Part | null, points: string): Markup {
  return markup`<tr>
    <th scope="row">
      ${name}${part?.text == null ? null : markup`<span class="evidence">${part.text}</span>`}
    </th>
    <td class="part-bar">${part === null ? null : partBar(part)}</td>
    <td>${points}</td>
  </tr>`;
}

/** To the right what was gained, to the left what was lost. */
function partBar({ points, widest }: Part): Markup {
  const size = rounded1(Math.min(1, Math.abs(points) / widest) * 50);
  const x = points < 0 ? rounded1(50 - size) : 50;
  return markup`<svg viewBox="0 0 100 14" aria-hidden="true">
    <line class="grid" x1="50" x2="50" y1="0" y2="14" />
    <rect
      class="${points < 0 ? 'part-lost' : 'part-gained'}"
      x="${x}"
      y="2"
      width="${size}"
      height="10"
    />
  </svg>`;
}

function evidenceText(evidence: Evidence, context: ScoredContext): string | null {
  const { say, language } = context;
  const number = (value: number, digits = 1) => shownNumber(value, language, digits);
  const word = (index: number) => wordOf(index, context);
  switch (evidence.kind) {
    case 'sounds': {
      const sounds = evidence.phones.map(({ word: index, phone }) =>
        say('evidence_sound', {
          sound: isPhone(phone) ? soundOf(phone, null).ipa : phone,
          word: word(index),
        }),
      );
      return sounds.length === 0 ? null : say('evidence_sounds', { sounds: sounds.join(', ') });
    }
    case 'words': {
      const words = evidence.words.map(({ word: index, score }) =>
        say('evidence_word', { word: word(index), score: number(score, 0) }),
      );
      return words.length === 0 ? null : say('evidence_words', { words: words.join(', ') });
    }
    case 'rhythm':
      if (evidence.word === null) return null;
      return say(evidence.longer ? 'evidence_rhythm_longer' : 'evidence_rhythm_shorter', {
        word: word(evidence.word),
      });
    case 'speed':
      return say('evidence_speed', {
        learner: number(evidence.learnerRate),
        standard: number(evidence.standardRate),
      });
    case 'pauses': {
      if (evidence.gaps.length === 0) return say('evidence_no_pauses');
      const pauses = evidence.gaps.map(({ afterWord, durationS }) =>
        say('evidence_pause', { word: word(afterWord), seconds: number(durationS, 2) }),
      );
      return say('evidence_pauses', { pauses: pauses.join(', ') });
    }
  }
}

function wordOf(index: number, { words }: ScoredContext): string {
  return words.find((word) => word.index === index)?.label ?? '';
}
