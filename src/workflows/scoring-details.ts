/** The current details of a scoring, as the Web UI shows them: Markdown, the outcome first. */
import type { ScoreSummary, ScoringProgress, StepState } from '../contract.ts';
import { failureOf, supersededText, type FailureCode } from '../failures.ts';

/** Long messages carry what is in the failure itself too. */
const REASON_CHARACTERS = 500;

/** `reason`: what happened this time, where it failed. */
export function detailsOf(progress: ScoringProgress, reason: string | null = null): string {
  return `${outcomeOf(progress, reason)}\n\n**Steps**\n\n${stepsOf(progress)}`;
}

function outcomeOf(progress: ScoringProgress, reason: string | null): string {
  const { status, failureCode, summary, steps } = progress;
  if (status === 'superseded') {
    const scores = summary === null ? '' : `\n\n${scoresOf(summary)}`;
    return `**Superseded**: ${supersededText(failureCode)}${scores}`;
  }
  if (status === 'reviewing' && summary !== null) return reviewText(progress, summary);
  if (failureCode !== null) return failureText(failureCode, reason);
  if (summary !== null) return scoresOf(summary);
  const ended = steps.filter(({ state }) => state === 'done' || state === 'kept').length;
  return `**Scoring**: ${ended} of ${steps.length} steps are done.`;
}

function reviewText({ review }: ScoringProgress, summary: ScoreSummary): string {
  const until = review === undefined ? '' : new Date(review.untilMs).toISOString().slice(0, 10);
  return [
    `**Waits for a teacher's review** (${review?.because ?? ''}). Without one, these scores stand from ${until} on.`,
    '**What to do**: `elocute review accept` or `elocute review override`',
    scoresOf(summary),
  ].join('\n\n');
}

function failureText(code: FailureCode, reason: string | null): string {
  const { operator, learner, replayable } = failureOf(code);
  return [
    `**${code}**: ${reason === null ? 'failed' : reason.slice(0, REASON_CHARACTERS)}`,
    `**What to do**: ${operator}${replayable ? '' : ' A replay cannot help.'}`,
    `**The learner reads**: ${learner}`,
  ].join('\n\n');
}

function scoresOf(summary: ScoreSummary): string {
  const parts = [
    ['accuracy', summary.accuracy],
    ['fluency', summary.fluency],
    ['prosody', summary.prosody],
    ['pitch similarity', summary.pitchSimilarity],
    ['rhythm similarity', summary.rhythmSimilarity],
    ['pause similarity', summary.pauseSimilarity],
    ['speed ratio', summary.speedRatio],
    ['mispronounced ratio', summary.mispronouncedRatio],
  ] as const;
  const known = parts.filter(([, value]) => value !== null);
  if (summary.overall === null) {
    return `**No score**: the attempt is ${summary.attempt.replaceAll('_', ' ')}. The learner is told why.`;
  }
  return [
    `**Overall ${summary.overall}** of 100 (attempt: ${summary.attempt})`,
    known.map(([name, value]) => `- ${name} ${value}`).join('\n'),
  ].join('\n\n');
}

const SAID: Record<StepState, (name: string) => string> = {
  waiting: (name) => `${name} (not begun)`,
  running: (name) => `… ${name} (running)`,
  done: (name) => `✓ ${name}`,
  kept: (name) => `✓ ${name} (kept from before)`,
  failed: (name) => `✗ **${name} (failed)**`,
  cancelled: (name) => `– ${name} (no longer needed)`,
};

function stepsOf({ steps }: ScoringProgress): string {
  return steps.map(({ name, state }) => `- ${SAID[state](name)}`).join('\n');
}
