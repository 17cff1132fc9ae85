/** A scoring by its id, ended or running, where whoever asks may see it. */
import { workflowIdFor, type LessonLine } from '../contract.ts';
import { maySee, type Principal } from './principal.ts';
import { Problem } from './problems.ts';
import type { ScoringRow, WebDependencies, WorkflowLook } from './web-ports.ts';

export interface FoundScoring {
  id: string;
  workflowId: string;
  userId: string;
  lesson: LessonLine;
  /** Null while the first run goes on. */
  row: ScoringRow | null;
  /** Null where it was not asked for, or where Temporal has forgotten it. */
  workflow: WorkflowLook | null;
}

/**
 * The row first; Temporal only where there is none, or where it may run again: a failed one.
 * @throws Problem NOT_FOUND, whether there is none or it is somebody else's
 */
export async function findScoring(
  id: string,
  principal: Principal,
  { scorings, workflows }: Pick<WebDependencies, 'scorings' | 'workflows'>,
  signal: AbortSignal,
): Promise<FoundScoring> {
  const row = await scorings.find(id);
  if (row !== null) {
    refuseOthers(principal, row);
    const { workflowId, userId, lesson } = row;
    const workflow =
      row.status === 'failed' ? await lookOrNull(workflowId, workflows, signal) : null;
    return { id: row.id, workflowId, userId, lesson, row, workflow };
  }
  const workflowId = id.startsWith('score-') ? id : workflowIdFor(id);
  const workflow = await workflows.look(workflowId, signal);
  if (workflow === null) throw notFound();
  const { scoringId, userId, lesson } = workflow.input;
  // Ids agree in their first half: the whole one must be right.
  if (!id.startsWith('score-') && scoringId !== id) throw notFound();
  refuseOthers(principal, { userId, lesson });
  // It may have ended between the two looks.
  const ended = workflow.running ? null : await scorings.find(scoringId);
  return { id: scoringId, workflowId, userId, lesson, row: ended, workflow };
}

/** What stands in the row is worth showing without Temporal. */
async function lookOrNull(
  workflowId: string,
  workflows: WebDependencies['workflows'],
  signal: AbortSignal,
): Promise<WorkflowLook | null> {
  try {
    return await workflows.look(workflowId, signal);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

function refuseOthers(principal: Principal, scoring: { userId: string; lesson: LessonLine }): void {
  if (!maySee(principal, scoring)) throw notFound();
}

/** For `catch`: null where there is none of theirs. */
export function nullWhereNone(error: unknown): null {
  if (error instanceof Problem && error.code === 'NOT_FOUND') return null;
  throw error;
}

export function notFound(): Problem {
  return new Problem('NOT_FOUND', 'No scoring of yours has this id.');
}
