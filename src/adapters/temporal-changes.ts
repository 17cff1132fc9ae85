/** Changes that a running workflow is asked for, and may refuse. */
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';

/** The workflow did not take the change; the message says why. */
export class ChangeRefused extends Error {
  override readonly name = 'ChangeRefused';
}

/** No worker for so long: whoever asks wants to know. */
export const ANSWER_WITHIN_MS = 10_000;

/** `what` is asked, for the message. @throws ChangeRefused where it has ended, or refuses */
export async function askForChange<T>(
  client: Client,
  what: string,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, change);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      throw new ChangeRefused(`${what} does not run`, { cause: error });
    }
    if (error instanceof WorkflowUpdateFailedError) {
      throw new ChangeRefused(error.cause?.message ?? error.message, { cause: error });
    }
    throw error;
  }
}
