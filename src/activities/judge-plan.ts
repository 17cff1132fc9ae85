/** What a computed plan would change, and whether anything moves too far. */
import type { JudgePlanInput, PlanJudgement } from '../batches/batch.ts';
import type { ActivityDependencies } from './ports.ts';

export function createJudgePlan({ batches }: Pick<ActivityDependencies, 'batches'>) {
  return function judgePlan({ batchId, maxMove }: JudgePlanInput): Promise<PlanJudgement> {
    return batches.ledger.judge(batchId, maxMove);
  };
}
