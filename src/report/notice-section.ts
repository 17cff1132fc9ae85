import { learnerMessage } from '../failures.ts';
import { markup, type Markup } from './markup.ts';
import type { PageContext } from './page-context.ts';
import { textIn } from './text-in.ts';

/** What is to be known before any score: no attempt, a failure, a newer recording. Null: nothing. */
export function noticeSection(context: PageContext): Markup | null {
  const { data, say, language } = context;
  const { scoring, result } = data;
  if (scoring.status === 'superseded') {
    const why = scoring.failureCode ?? 'UPLOAD_REPLACED';
    const text = result === null ? learnerMessage(why, language) : say('superseded_scored');
    return markup`${notice(say('status_superseded'), markup`<p>${text}</p>`)}${attemptNotice(context)}`;
  }
  if (result !== null) return attemptNotice(context);
  const code = scoring.failureCode ?? 'INTERNAL';
  return notice(
    say('status_failed'),
    markup`<p>${learnerMessage(code, language)}</p>
      <p class="quiet">${say('support_code', { code })}</p>`,
  );
}

function attemptNotice({ data: { result }, say, language }: PageContext): Markup | null {
  const kind = result?.attempt.kind ?? 'ok';
  if (result === null || kind === 'ok') return null;
  const advice = result.feedback.advice.map(({ text }) => markup`<p>${textIn(text, language)}</p>`);
  return notice(
    say(`attempt_${kind}`),
    markup`${advice}
      <p class="quiet">${say('no_score')}</p>`,
  );
}

function notice(title: string, body: Markup): Markup {
  return markup`<section class="card notice">
    <h2>${title}</h2>
    ${body}
  </section>`;
}

/** What is wrong with the standard; null where nothing is. */
export function standardSection({ data: { result }, say }: PageContext): Markup | null {
  const findings = result?.standardFindings ?? [];
  if (findings.length === 0) return null;
  return markup`<section class="card notice notice-mild">
    <h2>${say('standard_note')}</h2>
    <p>${say('standard_note_text')}</p>
    <ul>
      ${findings.map((code) => markup`<li>${say(`finding_${code}`)}</li>`)}
    </ul>
  </section>`;
}
