/** Reads S3, both tables and Temporal with the vendors' own clients: nothing of ours decides here. */
import {
  ListObjectVersionsCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import pg from 'pg';
import type { Intent, Ledger } from '../ledger.ts';
import { uploadIdOf } from '../upload-id.ts';
import { kindOf } from '../upload-kinds.ts';
import { learnerDigestOf } from './learner-digest.ts';
import type { AcceptedUpload, EventOutcome, ProcessEnd, WorkflowRun, World } from './world.ts';

export interface WorldSource {
  environment: Record<string, string>;
  buckets: { user: string; standard: string };
  ledger: Ledger;
  /** By the id of the upload. */
  events: ReadonlyMap<string, EventOutcome>;
  ends: ProcessEnd[];
}

export async function readWorld(source: WorldSource): Promise<World> {
  const [uploads, standards, tables, workflows] = await Promise.all([
    listVersions(source.environment, source.buckets.user),
    listVersions(source.environment, source.buckets.standard),
    readTables(source.environment['DATABASE_URL'] ?? ''),
    readWorkflows(source.environment['TEMPORAL_ADDRESS'] ?? ''),
  ]);
  return {
    stored: uploads.length + standards.length,
    accepted: acceptedUploads(uploads, source),
    ...tables,
    workflows,
    ends: source.ends,
  };
}

interface Version {
  key: string;
  versionId: string | null;
  etag: string;
  latest: boolean;
}

/** What was acknowledged, and what S3 has though its answer never came. */
function acceptedUploads(
  stored: Version[],
  { buckets, ledger, events }: WorldSource,
): AcceptedUpload[] {
  const bucket = buckets.user;
  const accepted = new Map<string, AcceptedUpload>();
  const take = (
    { key, etag, versionId }: { key: string; etag: string; versionId: string | null },
    { kind, sha256 }: Intent,
  ) => {
    const id = uploadIdOf({ bucket, key, etag, versionId });
    const ofKey = stored.filter((one) => one.key === key);
    const still = ofKey.filter((one) => one.versionId === versionId && one.etag === etag);
    accepted.set(id, {
      id,
      key,
      versionId,
      etag,
      sha256,
      expected: kindOf(kind).expected,
      current: still.some(({ latest }) => latest),
      kept: still.length > 0,
      deleted: ofKey.every(({ latest }) => !latest),
      event: events.get(id) ?? null,
    });
  };
  for (const version of stored) {
    const intent = ledger.intents.find(
      ({ key, etag }) => key === version.key && etag === version.etag,
    );
    if (intent === undefined) throw new Error('S3 has an object that nobody uploaded.');
    take(version, intent);
  }
  for (const upload of ledger.acknowledged) take(upload, upload);
  return [...accepted.values()];
}

async function listVersions(
  environment: Record<string, string>,
  bucket: string,
): Promise<Version[]> {
  const s3 = new S3Client({
    endpoint: environment['S3_ENDPOINT'] ?? '',
    region: environment['AWS_REGION'] ?? '',
    forcePathStyle: true,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  try {
    const found: Version[] = [];
    let page: Partial<ListObjectVersionsCommandOutput> = { IsTruncated: true };
    while (page.IsTruncated === true) {
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      page = await s3.send(
        new ListObjectVersionsCommand({ Bucket: bucket, KeyMarker, VersionIdMarker }),
      );
      for (const { Key = '', VersionId, ETag = '', IsLatest } of page.Versions ?? []) {
        found.push({
          key: Key,
          versionId: VersionId === 'null' ? null : (VersionId ?? null),
          etag: ETag.replaceAll('"', ''),
          latest: IsLatest === true,
        });
      }
    }
    return found;
  } finally {
    s3.destroy();
  }
}

async function readTables(
  connectionString: string,
): Promise<Pick<World, 'scorings' | 'applicationRows' | 'claims'>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const scorings = await client.query<World['scorings'][number]>(
      `select id, scoring.object_key as key, version_id as "versionId", etag, status,
         failure_code as "failureCode", workflow_id as "workflowId",
         application_row_id as "applicationRowId", digest.sha256
       from elocute.scoring
       left join elocute.recording_digest as digest
         on digest.bucket = scoring.bucket and digest.object_key = scoring.object_key
           and digest.version = coalesce(version_id, etag)`,
    );
    const applicationRows = await client.query<World['applicationRows'][number]>(
      'select id::text, audio_file as key, status from public.app_userpronunciation',
    );
    const claims = await client.query<World['claims'][number]>(
      `select key, (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs",
         expires_at > now() as live
       from elocute.analysis_claim`,
    );
    return {
      scorings: scorings.rows,
      applicationRows: applicationRows.rows,
      claims: claims.rows,
    };
  } finally {
    await client.end();
  }
}

/** Histories read at once. */
const AT_ONCE = 8;

async function readWorkflows(address: string): Promise<WorkflowRun[]> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const runs: WorkflowRun[] = [];
    const listed: Pick<WorkflowRun, 'type' | 'workflowId' | 'runId' | 'status'>[] = [];
    for await (const { type, workflowId, runId, status } of client.workflow.list()) {
      listed.push({ type, workflowId, runId, status: status.name });
    }
    const readers = Array.from({ length: AT_ONCE }, async () => {
      for (let next = listed.pop(); next !== undefined; next = listed.pop()) {
        const { events } = await client.workflow
          .getHandle(next.workflowId, next.runId)
          .fetchHistory();
        runs.push({
          ...next,
          ...endOf(events ?? []),
          priority: priorityOf(events ?? []),
          sha256: learnerDigestOf(events ?? []),
        });
      }
    });
    await Promise.all(readers);
    return runs;
  } finally {
    await connection.close();
  }
}

type Events = proto.temporal.api.history.v1.IHistoryEvent[];

const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
/** A signal or a cancellation that came in between: the task is simply done again. */
const HARMLESS = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

function priorityOf([started]: Events): number | null {
  return started?.workflowExecutionStartedEventAttributes?.priority?.priorityKey ?? null;
}

function endOf(events: Events): Pick<WorkflowRun, 'failure' | 'taskFailures'> {
  const failed = events.flatMap(
    ({ workflowExecutionFailedEventAttributes: attributes }) => attributes?.failure ?? [],
  );
  const taskFailures = events.flatMap(({ workflowTaskFailedEventAttributes: attributes }) =>
    attributes == null || attributes.cause === HARMLESS
      ? []
      : [WorkflowTaskFailedCause[attributes.cause ?? 0] ?? 'unknown'],
  );
  return { failure: failed.at(-1)?.applicationFailureInfo?.type ?? null, taskFailures };
}
