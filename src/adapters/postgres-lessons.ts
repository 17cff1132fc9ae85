/** Lesson lines by the application's own SQL, and digests of object versions. */
import type {
  ContentDigests,
  LessonDirectory,
  LessonRow,
  RecordingContent,
} from '../activities/ports.ts';
import type { LessonLine, ObjectRef } from '../contract.ts';
import type { Database } from './postgres.ts';

/** `query` uses :contentType, :level, :title, :line; undefined: no lookup is configured. */
export function createLessonDirectory(
  database: Database,
  query: string | undefined,
): LessonDirectory {
  if (query === undefined) return { find: () => Promise.resolve(null) };
  return {
    async find(lesson) {
      const { text, values } = bindLesson(query, lesson);
      const [row] = await database.query<Record<string, unknown>>(text, values);
      return row === undefined ? null : lessonRowOf(row);
    },
  };
}

/** Named parameters to PostgreSQL's numbered ones; `::type` casts stay. */
export function bindLesson(query: string, lesson: LessonLine) {
  const values: unknown[] = [];
  const text = query.replace(/(?<!:):(contentType|level|title|line)\b/g, (_, name: string) => {
    values.push(lesson[name as keyof LessonLine]);
    return `$${values.length}`;
  });
  return { text, values };
}

function lessonRowOf(row: Record<string, unknown>): LessonRow {
  const read = (name: string) => {
    const value = row[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  return {
    contentTypeId: read('content_type_id'),
    objectId: read('object_id'),
    sentence: read('sentence'),
  };
}

export function createContentDigests(database: Database): ContentDigests {
  return {
    async find(object) {
      const version = versionOf(object);
      if (version === null) return null;
      const rows = await database.query<RecordingContent>(
        `select sha256, format from elocute.recording_digest
         where bucket = $1 and object_key = $2 and version = $3`,
        [object.bucket, object.key, version],
      );
      return rows[0] ?? null;
    },
    async remember(object, { sha256, format }) {
      const version = versionOf(object);
      if (version === null) return;
      await database.query(
        `insert into elocute.recording_digest (bucket, object_key, version, sha256, format)
         values ($1, $2, $3, $4, $5)
         on conflict (bucket, object_key, version) do update set format = excluded.format
           where elocute.recording_digest.format is null`,
        [object.bucket, object.key, version, sha256, format],
      );
    },
  };
}

function versionOf({ versionId, etag }: ObjectRef): string | null {
  return versionId ?? etag;
}
