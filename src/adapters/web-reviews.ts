/** Scores that wait for a teacher, for the web process. */
import type { Client } from '@temporalio/client';
import type { Reviews, WaitingReview } from '../web/web-ports.ts';
import type { StoredReview } from './postgres-stored-reviews.ts';
import type { Database } from './postgres.ts';
import { ChangeRefused } from './temporal-changes.ts';
import { translateTemporalError } from './temporal-errors.ts';
import { sendReview } from './temporal-reviews.ts';

type Row = StoredReview & Record<string, unknown>;

export function createWebReviews(database: Database, client: Client): Reviews {
  return {
    async waiting(lessons, after, limit) {
      const { confidence = null, scoringId = null } = after ?? {};
      // Of a scoring whose first run was terminated, the latest asks.
      const rows = await database.query<Row>(
        `select * from (
           select distinct on (scoring_id) * from elocute.review where decision is null
              and ($1::text[] is null or content_type || '/' || level || '/' || title = any($1))
            order by scoring_id, asked_at desc) as latest
          where $2::double precision is null or (confidence, scoring_id) > ($2, $3)
          order by confidence, scoring_id limit $4`,
        [lessons, confidence, scoringId, limit],
      );
      return rows.map(waitingOf);
    },
    async find(scoringId) {
      const [row] = await database.query<Row>(
        `select * from elocute.review where scoring_id = $1 and decision is null
          order by asked_at desc limit 1`,
        [scoringId],
      );
      return row === undefined ? null : waitingOf(row);
    },
    async decide(scoringId, decision) {
      try {
        return { answer: await sendReview(client, scoringId, decision) };
      } catch (error) {
        if (error instanceof ChangeRefused) return { refused: error.message };
        throw translateTemporalError(error);
      }
    },
  };
}

function waitingOf(row: Row): WaitingReview {
  const { content_type: contentType, level, title, line } = row;
  return {
    scoringId: row.scoring_id,
    lesson: { contentType, level, title, line },
    because: row.because,
    confidence: row.confidence,
    before: row.before,
    askedAt: row.asked_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
  };
}
