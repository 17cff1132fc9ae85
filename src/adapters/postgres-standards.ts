/** What was found wrong with standard recordings, by their content. */
import type { RecordingRef } from '../contract.ts';
import type { StandardFinding } from '../scoring/check-standard.ts';
import type { Database } from './postgres.ts';

export interface StandardCheck {
  standard: RecordingRef;
  findings: StandardFinding[];
  formulaVersion: string;
}

/** A standard as it is now, with what is wrong with it. */
export interface CheckedStandard {
  bucket: string;
  object_key: string;
  version: string | null;
  sha256: string;
  findings: StandardFinding[];
  formula_version: string;
  checked_at: Date;
}

/**
 * Keeps what was found, unless that stands there as the latest check of the object already: then
 * nothing is written, so that many scorings of one lesson do not wait for one row.
 */
export async function saveStandardCheck(
  query: Database['query'],
  { standard, findings, formulaVersion }: StandardCheck,
): Promise<void> {
  const { object, sha256 } = standard;
  const values = [sha256, object.bucket, object.key, JSON.stringify(findings), formulaVersion];
  const [latest] = await query<{ same: boolean }>(
    `select sha256 = $1 and findings = $4::jsonb and formula_version = $5 as same
     from elocute.standard_check where bucket = $2 and object_key = $3
     order by checked_at desc limit 1`,
    values,
  );
  if (latest?.same === true) return;
  await query(
    `insert into elocute.standard_check
       (sha256, bucket, object_key, findings, formula_version, version, checked_at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp())
     on conflict (sha256, bucket, object_key) do update set
       findings = excluded.findings, formula_version = excluded.formula_version,
       version = excluded.version, checked_at = excluded.checked_at`,
    [...values, object.versionId ?? object.etag],
  );
}

/** Standards whose latest check found something, by key. */
export async function findFaultyStandards(database: Database): Promise<CheckedStandard[]> {
  return database.query<CheckedStandard & Record<string, unknown>>(
    `select * from (
       select distinct on (bucket, object_key) bucket, object_key, version, sha256, findings,
         formula_version, checked_at
       from elocute.standard_check order by bucket, object_key, checked_at desc
     ) latest where findings <> '[]'::jsonb order by bucket, object_key`,
  );
}
