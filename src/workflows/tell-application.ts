/** After saving: the application is told how the scoring ended, where it wants to be. */
import { log, patched, workflowInfo } from '@temporalio/workflow';
import type { SavedScoring, ScorePronunciationInput } from '../contract.ts';
import type { Notice } from '../contract/notice.ts';
import { notifyOptions } from './activity-options.ts';
import { describeFailure } from './failure-code.ts';
import type { Progress } from './progress.ts';
import { activities } from './scoring-activities.ts';

export type Told = Omit<Notice, 'scoringId' | 'runId' | 'occurredAtMs'>;

/** The outcome is stored already: that nobody could be told changes nothing about it. */
export async function tellApplication(
  { notify }: SavedScoring,
  { scoringId }: ScorePronunciationInput,
  told: Told,
  progress: Progress,
): Promise<void> {
  if (notify !== true || !patched('tells-the-application')) return;
  const { runId } = workflowInfo();
  const notice = { scoringId, runId, ...told, occurredAtMs: Date.now() };
  try {
    await progress.step('notify', () =>
      activities(notifyOptions, `tell the application · ${told.type}`).notifyApplication(notice),
    );
  } catch (error) {
    const { code, message } = describeFailure(error);
    progress.untold(`${code}, ${message}`);
    log.warn('the application was not told', { scoringId, code });
  }
}
