/** A teacher's review of a scoring: what is asked, decided and answered. Plain JSON only. */
import type { ScoreSummary } from '../contract.ts';

export const REVIEW_UPDATE = 'review';

export type ReviewedScore = 'overall' | 'accuracy' | 'fluency' | 'prosody';

export type ReviewScores = Partial<Record<ReviewedScore, number>>;

const SCORES: readonly string[] = ['overall', 'accuracy', 'fluency', 'prosody'];

export interface ReviewWanted {
  /** The rule of the policy that asks for it. */
  because: string;
  confidence: number;
  /** After this the machine's score stands. */
  timeoutMs: number;
}

/** What a teacher sends; `reviewer` is a pseudonym, never a name or an address. */
export type ReviewDecision =
  | { kind: 'accept'; reviewer: string; reason: string | null }
  | { kind: 'override'; reviewer: string; reason: string; scores: ReviewScores };

export interface ReviewAnswer {
  decision: 'accepted' | 'overridden';
  before: ScoreSummary;
  after: ScoreSummary;
}

/** How a review ended. */
export interface ReviewEnd {
  decision: 'accepted' | 'overridden' | 'timed_out';
  reviewer: string | null;
  reason: string | null;
  /** Null unless overridden. */
  scores: ReviewScores | null;
  decidedAtMs: number;
}

export interface OpenReviewInput {
  scoringId: string;
  workflowId: string;
  runId: string;
  lesson: { contentType: string; level: number; title: string; line: number };
  because: string;
  confidence: number;
  before: ScoreSummary;
  endsAtMs: number;
}

const REVIEWER = /^[A-Za-z0-9._-]{1,64}$/;
const REASON_CHARACTERS = 500;

/** What is wrong with a decision, whoever sent it; empty where nothing is. */
export function reviewProblems(decision: unknown): string[] {
  if (typeof decision !== 'object' || decision === null) return ['a decision is an object'];
  const { kind, reviewer, reason, scores } = decision as Record<string, unknown>;
  const problems: string[] = [];
  if (kind !== 'accept' && kind !== 'override') problems.push('kind must be accept or override');
  if (typeof reviewer !== 'string' || !REVIEWER.test(reviewer)) {
    problems.push('reviewer must be a pseudonym of 1 to 64 letters, digits, dots, - or _');
  }
  const isText = typeof reason === 'string' && reason.trim() !== '';
  if (kind === 'override' && !isText) problems.push('an override needs a reason');
  if (reason != null && typeof reason !== 'string') problems.push('reason must be text');
  if (typeof reason === 'string' && reason.length > REASON_CHARACTERS) {
    problems.push(`reason must have at most ${REASON_CHARACTERS} characters`);
  }
  if (kind === 'override') problems.push(...scoreProblems(scores));
  return problems;
}

function scoreProblems(scores: unknown): string[] {
  if (typeof scores !== 'object' || scores === null || Object.keys(scores).length === 0) {
    return [`an override needs one of ${SCORES.join(', ')}`];
  }
  return Object.entries(scores).flatMap(([name, value]: [string, unknown]) => {
    if (!SCORES.includes(name)) return [`"${name}" is none of ${SCORES.join(', ')}`];
    const isScore = typeof value === 'number' && value >= 0 && value <= 100;
    return isScore ? [] : [`${name} must be a number from 0 to 100`];
  });
}
