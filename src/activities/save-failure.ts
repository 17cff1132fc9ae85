/** Stores why a scoring failed, in our row and in the application's; repeating changes nothing. */
import type { SavedScoring, SaveFailureInput } from '../contract.ts';
import type { ActivityDependencies } from './ports.ts';

export function createSaveFailure(deps: Pick<ActivityDependencies, 'scorings' | 'notifier'>) {
  return async function saveFailure(input: SaveFailureInput): Promise<SavedScoring> {
    const saved = await deps.scorings.saveFailure(input);
    return deps.notifier === null ? saved : { ...saved, notify: true };
  };
}
