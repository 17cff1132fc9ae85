/** What a replay needs from outside, without any vendor's types. Adapters implement it. */
import type { FailedScorings, ReplayableScoring } from './failed-scorings.ts';

/** `failed`: where it failed. `lesson`: from the first step, which reads lesson and standard anew. */
export type ReplayFrom = 'failed' | 'lesson';

/** How the latest run of a workflow stands. */
export type RunStanding =
  | { kind: 'running' }
  /** Not retained, or nothing in it can be reset to. */
  | { kind: 'gone' }
  /** Also where it only tells the application of its failure any more. */
  | {
      kind: 'closed';
      runId: string;
      /** The activity that runs again first. */
      step: string;
      /** The new run; null where Temporal does not take the reset. Repeated with one `requestId`: the same run. */
      reset(request: { reason: string; requestId: string }): Promise<string | null>;
    };

export interface ReplayRuns {
  look(scoring: ReplayableScoring, from: ReplayFrom): Promise<RunStanding>;
  /** Starts anew under the same workflow id; null where it runs already. */
  start(scoring: ReplayableScoring): Promise<string | null>;
  /** Has this run ended? */
  hasClosed(workflowId: string, runId: string): Promise<boolean>;
}

export interface ReplayRequest {
  requestedBy: string;
  reason: string | null;
}

export interface ReplayLog {
  /** The id of the open entry; null where another replay of the scoring is open. */
  open(scoring: ReplayableScoring, request: ReplayRequest): Promise<string | null>;
  close(id: string, end: ReplayEnd): Promise<void>;
}

export type ReplayHow = 'reset' | 'new run';

export type ReplayEnd =
  | { outcome: 'started'; how: ReplayHow; step: string; oldRunId: string; newRunId: string }
  | { outcome: 'refused' | 'failed'; note: string };

export interface ReplayPorts {
  scorings: FailedScorings;
  runs: ReplayRuns;
  log: ReplayLog;
}
