/**
 * Completed scorings that are rescored: found, traced to their analyses, written once. Those whose
 * scores a teacher has overridden are none of them.
 */
import type {
  RescoringStore,
  ScoringToRescore,
  StoredScoringResult,
  TargetVersions,
} from '../activities/batch-ports.ts';
import type { BatchItem, ScoringFilter } from '../batches/batch.ts';
import type { Language } from '../scoring/messages/message.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import { rewriteApplicationRow } from './application-row.ts';
import { OVERRIDDEN } from './postgres-reviews.ts';
import { findAnalyses } from './postgres-score-analyses.ts';
import type { Database } from './postgres.ts';
import {
  addLesson,
  conditionsWith,
  lessonOf,
  objectOf,
  type ScoringColumns,
} from './scoring-columns.ts';
import { applicationScore } from './scoring-row.ts';

const RESCORABLE = `status = 'completed' and not ${OVERRIDDEN}`;

/** `language`: of the advice in the application's row. */
export function createRescoringStore(
  database: Database,
  language: Language = 'en',
): RescoringStore {
  return {
    async count(filter, target) {
      const { where, values } = conditionsOf(filter, target);
      const [row] = await database.query<{ count: number }>(
        `select count(*)::int as count from elocute.scoring where ${where}`,
        values,
      );
      return row?.count ?? 0;
    },
    async page(filter, target, after, limit) {
      const { where, values } = conditionsOf(filter, target);
      const n = values.length;
      const rows = await database.query<{ id: string }>(
        `select id from elocute.scoring where ${where} and id > $${n + 1}
         order by id limit $${n + 2}`,
        [...values, after, limit],
      );
      return rows.map(({ id }) => id);
    },
    async ofObjects(bucket, objects) {
      const rows = await database.query<{ id: string }>(
        `select distinct on (place) id
         from unnest($2::text[], $3::text[]) with ordinality as listed (key, tag, place)
         join elocute.scoring on bucket = $1 and object_key = key and etag = tag
         where ${RESCORABLE}
         order by place, finished_at desc, id`,
        [bucket, objects.map(({ key }) => key), objects.map(({ etag }) => etag)],
      );
      return rows.map(({ id }) => id);
    },
    async find(scoringId) {
      const [row] = await database.query<ScoringRow>(
        `select id, bucket, object_key, version_id, etag, content_type, level, title, line, user_id,
           content_type_id, object_id, sentence, result, md5(result::text) as digest,
           application_row_id
         from elocute.scoring where id = $1 and ${RESCORABLE}`,
        [scoringId],
      );
      return row === undefined ? null : scoringOf(row);
    },
    analysesOf: (scoring, standard) => findAnalyses(database, scoring, standard),
    write: (item, scoring, result) =>
      database.transaction((query) => write(query, { item, scoring, result, language })),
  };
}

interface Rewrite {
  item: BatchItem;
  scoring: ScoringToRescore;
  result: ScoringResult;
  language: Language;
}

async function write(
  query: Database['query'],
  { item, scoring, result, language }: Rewrite,
): Promise<'written' | 'stale'> {
  const { key } = scoring.object;
  // The same locks in the same order as a scoring that is saved.
  await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
  const [row] = await query<{ same: boolean; application_row_id: string | null }>(
    `select ${RESCORABLE} and md5(result::text) = $2 as same, application_row_id
     from elocute.scoring where id = $1 for update`,
    [scoring.id, scoring.resultDigest],
  );
  if (row?.same !== true) return 'stale';
  await query(
    `update elocute.scoring set result = $2, schema_version = $3, formula_version = $4,
       attempt_kind = $5, updated_at = now() where id = $1`,
    [
      scoring.id,
      JSON.stringify(result),
      result.schemaVersion,
      result.formulaVersion,
      result.attempt.kind,
    ],
  );
  // Read under the lock: a newer scoring may have taken the application's row over since.
  if (row.application_row_id !== null) {
    const { userId, contentTypeId, objectId } = scoring;
    const owner = { ids: { userId, contentTypeId, objectId }, upload: uploadOf(scoring) };
    const application = applicationScore(owner, result, language);
    await rewriteApplicationRow(query, application, row.application_row_id);
  }
  await query(
    `insert into elocute.score_change
       (scoring_id, batch_id, before, after, versions_before, versions_after)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      scoring.id,
      item.batchId,
      JSON.stringify(item.before),
      JSON.stringify(item.after),
      JSON.stringify(scoring.result.versions ?? null),
      JSON.stringify(result.versions),
    ],
  );
  await query(
    `update elocute.batch_item set state = 'written' where batch_id = $1 and position = $2`,
    [item.batchId, item.position],
  );
  return 'written';
}

function uploadOf({ object }: ScoringToRescore) {
  return { ...object, sequencer: null };
}

function conditionsOf(filter: ScoringFilter, { formula, model }: TargetVersions) {
  const conditions = conditionsWith(RESCORABLE);
  const { add, where, values } = conditions;
  addLesson(conditions, filter);
  add('finished_at >= ?', filter.since);
  add('finished_at < ?', filter.until);
  if (filter.outdated === true) {
    add(
      `(formula_version is distinct from ? or result -> 'versions' ->> 'model' is distinct from ?)`,
      formula,
      model,
    );
  }
  return { where: where(), values };
}

interface ScoringRow extends ScoringColumns {
  id: string;
  user_id: string;
  content_type_id: string | null;
  object_id: string | null;
  sentence: string | null;
  result: StoredScoringResult;
  digest: string;
  application_row_id: string | null;
}

function scoringOf(row: ScoringRow): ScoringToRescore {
  return {
    id: row.id,
    object: objectOf(row),
    lesson: lessonOf(row),
    userId: row.user_id,
    contentTypeId: row.content_type_id,
    objectId: row.object_id,
    sentence: row.sentence ?? '',
    result: row.result,
    resultDigest: row.digest,
    applicationRowId: row.application_row_id,
  };
}
