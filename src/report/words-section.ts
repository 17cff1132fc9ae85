import type { Language } from '../scoring/messages/message.ts';
import type { ScoredPhone } from '../scoring/scoring-result.ts';
import { soundGradeOf, type Grade } from './grades.ts';
import { markup, type Markup } from './markup.ts';
import { gradeIcon, playIcon } from './icons.ts';
import type { Say } from './messages/message.ts';
import { shownNumber, type ScoredContext } from './page-context.ts';
import { writePieces } from './pieces.ts';
import { piecesOf, type ReportWord } from './report-words.ts';
import { isPhone, soundOf, type Phone } from './sounds.ts';

const GRADES: readonly Grade[] = ['clear', 'fair', 'practise', 'omitted', 'inserted'];

/** The sentence as buttons, graded by colour and shape, and the sounds of the chosen word. */
export function wordsSection(context: ScoredContext): Markup | null {
  const { words, say, data } = context;
  if (words.length === 0) return null;
  const first = worstOf(words);
  const { learner, standard } = data.recordings;
  const hint =
    learner === null
      ? 'words_hint_silent'
      : standard === null
        ? 'words_hint_learner'
        : 'words_hint';
  const used = GRADES.filter((grade) => words.some((word) => word.grade === grade));
  return markup`<section class="card" id="words" aria-labelledby="words-title" tabindex="-1">
    <h2 id="words-title">${say('words')}</h2>
    <p class="quiet screen">${say(hint)}</p>
    <ul class="words" lang="en">
      ${words.map((word, at) => chip(word, at, at === first, context))}
    </ul>
    <ul class="legend">
      ${used.map((grade) => markup`<li class="grade-${grade}">${gradeIcon(grade)}${say(`grade_${grade}`)}</li>`)}
    </ul>
    ${words.map((word, at) => panel(word, at, at === first, context))}
    <p class="quiet small">${say('sounds_note')}</p>
  </section>`;
}

/** The word whose sounds are shown first. */
function worstOf(words: readonly ReportWord[]): number {
  const scores = words.map(({ score, phones }) => (phones.length === 0 ? 101 : (score ?? 101)));
  return Math.max(0, scores.indexOf(Math.min(...scores)));
}

function chip(word: ReportWord, at: number, isFirst: boolean, context: ScoredContext): Markup {
  const { say, data, language } = context;
  const { grade, label, score } = word;
  const spoken = say(`grade_${grade}`);
  const name =
    score === null || grade === 'omitted'
      ? say('word_label', { word: label, grade: spoken })
      : say('word_label_score', {
          word: label,
          grade: spoken,
          score: shownNumber(score, language, 0),
        });
  return markup`<li>
    <button
      type="button"
      class="word grade-${grade}"
      lang="${language}"
      aria-label="${name}"
      aria-expanded="${String(isFirst)}"
      aria-controls="word-${at}"
      data-panel="word-${at}"
      data-play="${writePieces(piecesOf(word, data))}"
    >
      <span class="word-text" lang="en">${label}</span>${gradeIcon(grade)}
    </button>
  </li>`;
}

function panel(word: ReportWord, at: number, isFirst: boolean, context: ScoredContext): Markup {
  const { say, language } = context;
  const { label, grade, score } = word;
  return markup`<div class="panel" id="word-${at}" ${isFirst ? null : markup` hidden`}>
    <div class="panel-head">
      <h3>
        <span lang="en">${label}</span>
        <span class="grade grade-${grade}">${gradeIcon(grade)}${say(`grade_${grade}`)}</span>
      </h3>
      ${score === null || grade === 'omitted' ? null : markup`<p class="panel-score">${shownNumber(score, language, 0)} <span class="quiet">${say('of_100')}</span></p>`}
      ${buttons(word, context)}
    </div>
    ${remarks(word, say).map((text) => markup`<p>${text}</p>`)}
    ${word.phones.length === 0 ? null : soundsTable(word, context)}
  </div>`;
}

function buttons(word: ReportWord, { say, data }: ScoredContext): Markup | null {
  const pieces = piecesOf(word, data);
  if (pieces.length === 0) return null;
  return markup`<p class="panel-buttons">
    ${pieces.map(
      (piece) =>
        markup`<button
          type="button"
          class="button button-${piece.role}"
          data-stops
          data-play="${writePieces([piece])}"
          aria-label="${say(`play_word_${piece.role}_label`, { word: word.label })}"
        >
          ${playIcon()}${say(`play_word_${piece.role}`)}
        </button>`,
    )}
  </p>`;
}

function remarks({ kind, heard, reason }: ReportWord, say: Say): string[] {
  if (kind === 'omitted') return [say('omitted_text')];
  if (kind === 'inserted') {
    if (reason === 'repetition' || reason === 'hesitation') return [say(`inserted_${reason}`)];
    return [say('inserted_text')];
  }
  return heard === null ? [] : [say('heard_as', { heard })];
}

function soundsTable({ label, phones }: ReportWord, { say, language }: ScoredContext): Markup {
  return markup`<table class="sounds">
    <caption class="hidden">
      ${say('sounds_of', { word: label })}
    </caption>
    <thead>
      <tr>
        <th scope="col">${say('sound')}</th>
        <th scope="col">${say('sound_score')}</th>
        <th scope="col">${say('sound_advice')}</th>
      </tr>
    </thead>
    <tbody>
      ${phones.map((phone) => soundRow(phone, say, language))}
    </tbody>
  </table>`;
}

function soundRow({ phone, stress, score }: ScoredPhone, say: Say, language: Language): Markup {
  const grade = soundGradeOf(score);
  const known = isPhone(phone);
  return markup`<tr>
    <th scope="row">${known ? soundName(phone, stress, say) : phone}</th>
    <td>
      <span class="grade grade-${grade}"
        >${gradeIcon(grade)}${shownNumber(score, language, 0)}</span
      >
    </td>
    <td>${known ? say(adviceKeyOf(phone, stress)) : null}</td>
  </tr>`;
}

function soundName(phone: Phone, stress: ScoredPhone['stress'], say: Say): Markup {
  const { ipa, example } = soundOf(phone, stress);
  const [before, letters, after] = example;
  return markup`<span class="ipa" lang="en">${ipa}</span>
    <span class="example"
      ><span class="hidden">${say('sound_example')} </span
      ><span lang="en">${before}<b>${letters}</b>${after}</span></span
    >`;
}

function adviceKeyOf(phone: Phone, stress: ScoredPhone['stress']): `sound_${Phone | 'schwa'}` {
  return phone === 'AH' && stress === 0 ? 'sound_schwa' : `sound_${phone}`;
}
