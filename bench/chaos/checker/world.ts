/** What the checker looks at: plain data, read from the servers by `read-world.ts`. */
import type { Expected } from '../upload-kinds.ts';

/**
 * What became of an upload's event: no copy was ever sent; every copy that was sent was still held by
 * the store when that ended; a starter has acknowledged it; or it is in the queue still.
 */
export type EventOutcome = 'lost by plan' | 'lost with the store' | 'taken' | 'held';

/** An upload that S3 has accepted, whether or not it is still there. */
export interface AcceptedUpload {
  id: string;
  key: string;
  versionId: string | null;
  etag: string;
  /** SHA-256 of the bytes that were sent, hex. */
  sha256: string;
  expected: Expected;
  /** It is what S3 gives for its key now. */
  current: boolean;
  /** S3 still has it, if only as an older version. */
  kept: boolean;
  /** Its key has been deleted since. */
  deleted: boolean;
  /** Null: S3 never announced it. */
  event: EventOutcome | null;
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
  /** Of the bytes that were read for it; null where none were. */
  sha256: string | null;
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
  /** Temporal's: 2 where an event has started it, 4 where reconciliation has. */
  priority: number | null;
  /** Of the learner's recording that it has analysed; null where it came to none. */
  sha256: string | null;
}

/** Somebody's claim to compute an analysis. */
export interface Claim {
  key: string;
  /** When the lease ends or has ended. */
  expiresAtMs: number;
  live: boolean;
}

/** A process that was killed, stopped, or ended by itself; by the clock of the harness. */
export interface ProcessEnd {
  /** When it was told to. */
  fromMs: number;
  endedMs: number;
  /** When it ran again; absent: it does not yet. */
  backMs?: number;
}

export interface World {
  /** Versions in both buckets: so many files S3 may have. */
  stored: number;
  accepted: AcceptedUpload[];
  scorings: ScoringRow[];
  applicationRows: ApplicationRow[];
  workflows: WorkflowRun[];
  claims: Claim[];
  /** Of workers and PostgreSQL: what was computed just then may be kept nowhere. */
  ends: ProcessEnd[];
}

/** `dropped`: a starter has acknowledged an event, and not started its scoring. */
export type BreachKind = 'lost' | 'dropped' | 'doubled' | 'stuck' | 'orphan' | 'wrong';

export interface Breach {
  kind: BreachKind;
  /** Of an upload, a workflow or a row; never a key, which names a person. */
  id: string;
  why: string;
}
