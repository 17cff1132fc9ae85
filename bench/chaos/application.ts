/** The application's part: it makes a row for a recording before it uploads it. */
import pg from 'pg';

export interface Application {
  /** A row that waits for its score; asked twice for the same moment, there is still one. */
  expectScore(key: string, userId: number, atMs: number): Promise<void>;
}

export function createApplication(connectionString: string): Application {
  return {
    async expectScore(key, userId, atMs) {
      // A connection each time: PostgreSQL is killed under it.
      const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query(
          `insert into public.app_userpronunciation (user_id, audio_file, status, created_at)
           select $1, $2::varchar, 'waiting', $3::timestamptz
           where not exists (
             select 1 from public.app_userpronunciation
             where audio_file = $2::varchar and created_at = $3::timestamptz
           )`,
          [userId, key, new Date(atMs).toISOString()],
        );
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}
