/** Where a report is read from: our rows, the kept analyses, both buckets. */
import { createHash } from 'node:crypto';
import type { AudioEngines, ObjectStore } from '../activities/ports.ts';
import type { FinalStatus, ObjectRef } from '../contract.ts';
import { ElocuteError, isFailureCode } from '../failures.ts';
import type { KeptRecording, ReportRow, ReportSources } from '../report/ports.ts';
import type { StoredResult } from '../report/report-data.ts';
import type { Alignment, PitchTrack } from '../scoring/analyses.ts';
import { createAnalysisStore } from './postgres-analyses.ts';
import { findAnalyses } from './postgres-score-analyses.ts';
import type { Database } from './postgres.ts';
import {
  BY_GIVEN_ID,
  givenIdValues,
  lessonOf,
  objectOf,
  type ScoringColumns,
} from './scoring-columns.ts';

export interface ReportSourceOptions {
  database: Database;
  objects: ObjectStore;
  toSpeechWav: AudioEngines['toSpeechWav'];
  /** Where the standard of a lesson line lies. */
  standardOf: (lesson: ReportRow['scoring']['lesson']) => { bucket: string; key: string };
  maxBytes: number;
}

interface Row extends ScoringColumns {
  id: string;
  workflow_id: string;
  sentence: string | null;
  status: FinalStatus;
  failure_code: string | null;
  result: StoredResult | null;
  finished_at: Date;
}

/** Versions tried for one content: it may have been uploaded again and again. */
const MOST_VERSIONS = 5;

export function createReportSources(options: ReportSourceOptions): ReportSources {
  const { database, standardOf } = options;
  const analyses = createAnalysisStore(database);
  return {
    async find(id) {
      const rows = await database.query<Row>(
        `select * from elocute.scoring where ${BY_GIVEN_ID} limit 2`,
        givenIdValues(id),
      );
      return rows.length === 1 && rows[0] !== undefined ? reportRowOf(rows[0]) : null;
    },
    async analysisKeys({ scoring, object, result }) {
      if (result === null || scoring.sentence === null) return null;
      const found = await findAnalyses(
        database,
        { object, sentence: scoring.sentence, result },
        standardOf(scoring.lesson),
      );
      return 'keys' in found ? found.keys : null;
    },
    pitch: (key) => analyses.get(key) as Promise<PitchTrack>,
    alignment: (key) => analyses.get(key) as Promise<Alignment>,
    learnerRecording: ({ object }, signal) => recordingOf(options, object, null, signal),
    async standardRecording({ scoring }, pitchKey, signal) {
      const place = standardOf(scoring.lesson);
      const sha256 = pitchKey === null ? null : await contentOf(database, pitchKey);
      const versions = sha256 === null ? [] : await versionsOf(database, place, sha256);
      let otherwise: 'gone' | 'unreadable' = 'gone';
      for (const object of [...versions, { ...place, versionId: null, etag: null }]) {
        const recording = await recordingOf(options, object, sha256, signal);
        if (typeof recording !== 'string') return recording;
        if (recording === 'unreadable') otherwise = recording;
      }
      return otherwise;
    },
  };
}

function reportRowOf(row: Row): ReportRow {
  return {
    scoring: {
      id: row.id,
      workflowId: row.workflow_id,
      status: row.status,
      lesson: lessonOf(row),
      sentence: row.sentence,
      failureCode: isFailureCode(row.failure_code) ? row.failure_code : null,
      finishedAtMs: row.finished_at.getTime(),
    },
    object: objectOf(row),
    result: row.result,
  };
}

/** The digest of the audio that an analysis is of. */
async function contentOf(database: Database, key: string): Promise<string | null> {
  const rows = await database.query<{ sha256: string }>(
    'select sha256 from elocute.analysis where key = $1',
    [key],
  );
  return rows[0]?.sha256 ?? null;
}

/** What had this content; a remembered version is a version id, or an etag where there is none. */
async function versionsOf(
  database: Database,
  place: { bucket: string; key: string },
  sha256: string,
): Promise<ObjectRef[]> {
  const rows = await database.query<{ version: string }>(
    `select version from elocute.recording_digest
     where bucket = $1 and object_key = $2 and sha256 = $3 order by created_at desc limit $4`,
    [place.bucket, place.key, sha256, MOST_VERSIONS],
  );
  return rows.flatMap(({ version }) => [
    { ...place, versionId: version, etag: null },
    { ...place, versionId: null, etag: version },
  ]);
}

/** Gone too where it is another content by now; outages are thrown. */
async function recordingOf(
  { objects, toSpeechWav, maxBytes }: ReportSourceOptions,
  object: ObjectRef,
  sha256: string | null,
  signal: AbortSignal,
): Promise<KeptRecording> {
  try {
    const bytes = await objects.read(object, maxBytes, signal);
    const isOther = sha256 !== null && createHash('sha256').update(bytes).digest('hex') !== sha256;
    return isOther ? 'gone' : await toSpeechWav(bytes, signal);
  } catch (error) {
    if (!(error instanceof ElocuteError)) throw error;
    if (error.code.startsWith('UPLOAD_')) return 'gone';
    if (/^(AUDIO_|ANALYSIS_CRASHED$)/.test(error.code)) return 'unreadable';
    throw error;
  }
}
