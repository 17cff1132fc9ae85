/** What the checker looks at: plain data, read from the servers by `read-world.ts`. */
import type { Expected } from '../upload-kinds.ts';

/** An upload that S3 has accepted, whether or not it is still there. */
export interface AcceptedUpload {
  id: string;
  key: string;
  versionId: string | null;
  etag: string;
  expected: Expected;
  /** It is what S3 gives for its key now. */
  current: boolean;
  /** Its event may have been lost before it was read, with a queue that was killed or by plan. */
  eventAtRisk: boolean;
}

export interface ScoringRow {
  id: string;
  key: string;
  versionId: string | null;
  etag: string | null;
  status: string;
  failureCode: string | null;
  workflowId: string;
  applicationRowId: string | null;
}

export interface ApplicationRow {
  id: string;
  key: string;
  status: string | null;
}

export interface WorkflowRun {
  type: string;
  workflowId: string;
  runId: string;
  /** As Temporal names it: `COMPLETED`, `FAILED`, `RUNNING` … */
  status: string;
  /** Type of the failure that ended it. */
  failure: string | null;
  /** Causes of failed workflow tasks: a workflow that cannot go on. */
  taskFailures: string[];
}

export interface World {
  /** Versions in both buckets: so many files S3 may have. */
  stored: number;
  accepted: AcceptedUpload[];
  scorings: ScoringRow[];
  applicationRows: ApplicationRow[];
  workflows: WorkflowRun[];
  /** Keys of analyses that somebody still claims to compute. */
  claims: string[];
}

export type BreachKind = 'lost' | 'doubled' | 'stuck' | 'orphan' | 'wrong';

export interface Breach {
  kind: BreachKind;
  /** Of an upload, a workflow or a row; never a key, which names a person. */
  id: string;
  why: string;
}
