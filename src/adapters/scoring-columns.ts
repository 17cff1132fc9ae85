/** What all readers of `elocute.scoring` share: its names in SQL, ours in what they return. */
import type { LessonLine, ObjectRef } from '../contract.ts';

export interface ScoringColumns {
  [column: string]: unknown;
  bucket: string;
  object_key: string;
  version_id: string | null;
  etag: string | null;
  content_type: string;
  level: number;
  title: string;
  line: number;
}

export function lessonOf({
  content_type: contentType,
  level,
  title,
  line,
}: ScoringColumns): LessonLine {
  return { contentType, level, title, line };
}

export function objectOf({ bucket, object_key: key, version_id, etag }: ScoringColumns): ObjectRef {
  return { bucket, key, versionId: version_id, etag };
}

/** By workflow id ($1) or the beginning of a scoring id ($2): `values` of an id as somebody gave it. */
export const BY_GIVEN_ID = 'workflow_id = $1 or id like $2';

/** Fewer than 8 digits begin too many. */
export function givenIdValues(id: string): [workflowId: string, prefix: string | null] {
  return [id, /^[0-9a-f]{8,64}$/.test(id) ? `${id}%` : null];
}

export interface Conditions {
  /** `?` stands for each value in turn; where one is absent, nothing is asked. */
  add: (condition: string, ...given: unknown[]) => void;
  where: () => string;
  values: unknown[];
}

/** Conditions with their values; `fixed` ones have none. */
export function conditionsWith(...fixed: string[]): Conditions {
  const values: unknown[] = [];
  const conditions = [...fixed];
  return {
    values,
    add(condition, ...given) {
      if (given.some((value) => value === undefined || value === null)) return;
      const rest = [...given];
      conditions.push(
        condition.replaceAll('?', () => {
          values.push(rest.shift());
          return `$${values.length}`;
        }),
      );
    },
    where: () => (conditions.length === 0 ? 'true' : conditions.join(' and ')),
  };
}

export interface LessonFilter {
  contentType?: string | undefined;
  level?: number | undefined;
  title?: string | undefined;
  line?: number | undefined;
}

export function addLesson({ add }: Conditions, { contentType, level, title, line }: LessonFilter) {
  add('content_type = ?', contentType);
  add('level = ?', level);
  add('title = ?', title);
  add('line = ?', line);
}
