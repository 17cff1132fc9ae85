/** Scores that wait for a teacher: heard, then accepted or changed. */
import type { Say } from '../messages/message.ts';
import { ApiError } from './call-api.ts';
import { element } from './element.ts';
import type { Language } from './language.ts';
import { field, notice } from './page-frame.ts';
import type { Player } from './player.ts';
import { button, playButton } from './stage-view.ts';
import { decideReview, type Decision, type Review } from './teacher-data.ts';

export interface ReviewsState {
  reviews: Review[];
  /** Which one is being changed. */
  changing: string | null;
  /** What was said to each decision, by scoring. */
  answers: Map<string, string>;
  draft: { overall: string; reason: string };
}

interface ReviewsOptions {
  say: Say;
  language: Language;
  player: Player;
  draw: () => void;
}

export function reviewsView(state: ReviewsState, options: ReviewsOptions): HTMLElement {
  const { say } = options;
  if (state.reviews.length === 0) return element('p', { class: 'quiet' }, say('no_reviews'));
  return element(
    'ul',
    { class: 'reviews' },
    state.reviews.map((review) => reviewItem(review, state, options)),
  );
}

function reviewItem(review: Review, state: ReviewsState, options: ReviewsOptions): HTMLElement {
  const { say, language, player } = options;
  const { scoringId: id, lesson, links, before } = review;
  const answer = state.answers.get(id);
  const play = (role: string, label: string, url: string) =>
    playButton(label, role, () => player.toggle(`${id}-${role}`, url), playing(player, id));
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(
    new Date(review.endsAt),
  );
  const decide = (decision: Decision) => void settle(id, decision, state, options);
  return element(
    'li',
    {},
    element('p', {}, element('strong', {}, say('lesson', { ...lesson }))),
    element(
      'p',
      {},
      `${say('learner')} ${review.userId} · ${say('overall')} ${before.overall ?? '–'}`,
    ),
    element(
      'p',
      { class: 'small quiet' },
      say('review_because', { because: review.because }),
      ' · ',
      say('review_until', { day }),
    ),
    answer === undefined
      ? element(
          'div',
          { class: 'actions' },
          play('own', say('listen_learner'), links.learnerRecording),
          play('standard', say('listen_standard'), links.standardRecording),
          button(say('accept'), () => decide({ kind: 'accept' }), { key: `accept-${id}` }),
          button(say('override'), () => change(id, state, options), { key: `change-${id}` }),
        )
      : element('p', { role: 'status' }, answer),
    answer === undefined && state.changing === id ? overrideForm(id, state, options, decide) : null,
  );
}

function playing(player: Player, id: string): string | null {
  const { playing: name } = player;
  return name?.startsWith(`${id}-`) === true ? name.slice(id.length + 1) : null;
}

function change(id: string, state: ReviewsState, { draw }: ReviewsOptions): void {
  state.changing = state.changing === id ? null : id;
  state.draft = { overall: '', reason: '' };
  draw();
}

function overrideForm(
  id: string,
  state: ReviewsState,
  { say }: ReviewsOptions,
  decide: (decision: Decision) => void,
): HTMLElement {
  const overall = element('input', {
    type: 'number',
    min: 0,
    max: 100,
    step: 0.1,
    'data-key': `overall-${id}`,
    oninput: () => (state.draft.overall = overall.value),
  });
  const reason = element('input', {
    type: 'text',
    maxlength: 500,
    'data-key': `reason-${id}`,
    oninput: () => (state.draft.reason = reason.value),
  });
  overall.value = state.draft.overall;
  reason.value = state.draft.reason;
  const wrong = element('div', {});
  const save = () => {
    const points = Number(state.draft.overall);
    const isComplete =
      state.draft.overall.trim() !== '' &&
      points >= 0 &&
      points <= 100 &&
      state.draft.reason.trim() !== '';
    if (!isComplete) wrong.replaceChildren(notice(say('override_incomplete'), '', { mild: true }));
    else decide({ kind: 'override', reason: state.draft.reason, scores: { overall: points } });
  };
  return element(
    'div',
    { class: 'override' },
    field(say('new_score'), overall),
    field(say('reason'), reason),
    button(say('save_override'), save, { key: `save-${id}`, primary: true }),
    wrong,
  );
}

/** Long enough to read why it was not saved. */
const AGAIN_MS = 4000;

async function settle(
  id: string,
  decision: Decision,
  state: ReviewsState,
  { say, draw }: ReviewsOptions,
): Promise<void> {
  const forget = () => {
    state.answers.delete(id);
    draw();
  };
  try {
    const { before, after } = await decideReview(id, decision);
    const text =
      decision.kind === 'accept'
        ? say('decided_accept')
        : say('decided_override', { before: before.overall ?? '–', after: after.overall ?? '–' });
    state.answers.set(id, text);
    state.changing = null;
  } catch (error) {
    const isLate = error instanceof ApiError && (error.status === 404 || error.status === 409);
    state.answers.set(id, say(isLate ? 'decision_late' : 'decision_failed'));
    // What was not saved may be tried again.
    if (!isLate) setTimeout(forget, AGAIN_MS);
  }
  draw();
}
