/** Reviews as the database keeps them, for whoever looks. */
import type { ScoreSummary } from '../contract.ts';
import type { ReviewedScore } from '../contract/review.ts';
import type { Database } from './postgres.ts';

export interface StoredReview {
  scoring_id: string;
  workflow_id: string;
  content_type: string;
  level: number;
  title: string;
  line: number;
  because: string;
  confidence: number;
  before: ScoreSummary;
  asked_at: Date;
  ends_at: Date;
  /** Null while it waits. */
  decision: 'accepted' | 'overridden' | 'timed_out' | 'cancelled' | null;
  after: Pick<ScoreSummary, ReviewedScore> | null;
  reviewer: string | null;
  reason: string | null;
  decided_at: Date | null;
}

/** Those that wait, the least certain first; `ended`: those that have ended, the latest first. */
export async function listReviews(
  database: Database,
  ended: boolean,
  limit: number,
): Promise<StoredReview[]> {
  const rest = ended
    ? 'decision is not null order by decided_at desc'
    : 'decision is null order by confidence, asked_at';
  return database.query<StoredReview & Record<string, unknown>>(
    `select * from elocute.review where ${rest} limit $1`,
    [limit],
  );
}

/** The latest of each scoring, by scoring id or its beginning; at most two scorings. */
export async function findReviews(database: Database, id: string): Promise<StoredReview[]> {
  return database.query<StoredReview & Record<string, unknown>>(
    `select distinct on (scoring_id) * from elocute.review where starts_with(scoring_id, $1)
     order by scoring_id, asked_at desc limit 2`,
    [id],
  );
}
