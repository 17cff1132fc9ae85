/** A teacher's decision, sent to the scoring that waits for it. */
import { createHash } from 'node:crypto';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { workflowIdFor } from '../contract.ts';
import { REVIEW_UPDATE, type ReviewAnswer, type ReviewDecision } from '../contract/review.ts';

/** The scoring did not take the decision; the message says why. */
export class ReviewRefused extends Error {
  override readonly name = 'ReviewRefused';
}

/** No worker for so long: whoever decides wants to know. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * The same decision sent again is the same update, and gets the same answer.
 * @throws ReviewRefused where the scoring does not wait, or the decision makes no sense
 */
export async function sendReview(
  client: Client,
  scoringId: string,
  decision: ReviewDecision,
): Promise<ReviewAnswer> {
  const handle = client.workflow.getHandle(workflowIdFor(scoringId));
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      handle.executeUpdate<ReviewAnswer, [ReviewDecision]>(REVIEW_UPDATE, {
        args: [decision],
        updateId: updateIdOf(decision),
      }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      throw new ReviewRefused('the scoring does not run', { cause: error });
    }
    if (error instanceof WorkflowUpdateFailedError) {
      throw new ReviewRefused(error.cause?.message ?? error.message, { cause: error });
    }
    throw error;
  }
}

function updateIdOf(decision: ReviewDecision): string {
  const scores = decision.kind === 'override' ? Object.entries(decision.scores).sort() : [];
  const text = JSON.stringify([decision.kind, decision.reviewer, decision.reason, scores]);
  return `review-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
