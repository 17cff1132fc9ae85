/** A teacher's decision, sent to the scoring that waits for it. */
import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { workflowIdFor } from '../contract.ts';
import { REVIEW_UPDATE, type ReviewAnswer, type ReviewDecision } from '../contract/review.ts';
import { askForChange } from './temporal-changes.ts';

/**
 * The same decision sent again is the same update, and gets the same answer.
 * @throws ChangeRefused where the scoring does not wait, or the decision makes no sense
 */
export async function sendReview(
  client: Client,
  scoringId: string,
  decision: ReviewDecision,
): Promise<ReviewAnswer> {
  const handle = client.workflow.getHandle(workflowIdFor(scoringId));
  return askForChange(client, 'the scoring', () =>
    handle.executeUpdate<ReviewAnswer, [ReviewDecision]>(REVIEW_UPDATE, {
      args: [decision],
      updateId: updateIdOf(decision),
    }),
  );
}

function updateIdOf(decision: ReviewDecision): string {
  const scores = decision.kind === 'override' ? Object.entries(decision.scores).sort() : [];
  const text = JSON.stringify([decision.kind, decision.reviewer, decision.reason, scores]);
  return `review-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
