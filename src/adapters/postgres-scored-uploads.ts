/** Which uploads have a row already: what a reconciliation compares a listing with. */
import type { ScoredUploads } from '../activities/ports.ts';
import type { Database } from './postgres.ts';

/**
 * One query a page over the index on object_key. A row without an etag belongs to an event that
 * brought a version only: its id decides.
 */
export const FIND_SCORED = `select s.id, s.object_key, s.etag, s.started_at
  from elocute.scoring s
  join unnest($2::text[], $3::text[]) as listed (object_key, etag)
    on listed.object_key = s.object_key and (s.etag is null or s.etag = listed.etag)
  where s.bucket = $1 and s.object_key = any($2::text[])`;

interface FoundRow extends Record<string, unknown> {
  id: string;
  object_key: string;
  etag: string | null;
  started_at: Date;
}

export function createScoredUploads(database: Database): ScoredUploads {
  return {
    async find(bucket, objects) {
      if (objects.length === 0) return [];
      const keys = objects.map(({ key }) => key);
      const etags = objects.map(({ etag }) => etag);
      const rows = await database.query<FoundRow>(FIND_SCORED, [bucket, keys, etags]);
      return rows.map(({ id, object_key, etag, started_at }) => ({
        scoringId: id,
        key: object_key,
        etag,
        startedAtMs: started_at.getTime(),
      }));
    },
    async has(scoringId) {
      const rows = await database.query('select 1 from elocute.scoring where id = $1', [scoringId]);
      return rows.length > 0;
    },
  };
}
