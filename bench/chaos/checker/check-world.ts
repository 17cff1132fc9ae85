import { workflowIdOf } from '../upload-id.ts';
import { checkClaims } from './check-claims.ts';
import { eventWasLost, forgivenUploads } from './forgiven-uploads.ts';
import type { AcceptedUpload, Breach, ScoringRow, WorkflowRun, World } from './world.ts';

/** What the application reads as an end. */
const ENDED_STATUSES = new Set(['completed', 'failed']);
/** How a workflow may end. */
const ENDED_WELL = new Set(['COMPLETED', 'FAILED']);
/** A failure's type is its code of the catalogue: capitals. */
const CATALOGUE_CODE = /^[A-Z][A-Z_]+$/;
/** What docs/reliability.md says that reconciliation starts with. */
const RECONCILED_PRIORITY = 4;

/** Everything that breaks the promise: one row for every accepted upload, the right one, no more. */
export function checkWorld(all: World): Breach[] {
  const isScoring = ({ type }: WorkflowRun) => type === 'scorePronunciation';
  const world = { ...all, workflows: all.workflows.filter(isScoring) };
  const forgiven = new Set(forgivenUploads(world).map(({ id }) => id));
  return [
    ...world.accepted
      .filter(({ id }) => !forgiven.has(id))
      .flatMap((upload) => checkUpload(upload, world)),
    ...checkStrangers(world),
    ...checkApplicationRows(world),
    ...checkWaiting(world, forgiven),
    ...checkNewest(world),
    ...checkWorkflows(world),
    ...all.workflows.filter((run) => !isScoring(run)).flatMap(checkOther),
    ...checkClaims(world),
  ];
}

function checkUpload(upload: AcceptedUpload, { scorings, workflows }: World): Breach[] {
  const { id, expected } = upload;
  const rows = scorings.filter((row) => row.id === id);
  const runs = workflows.filter(({ workflowId }) => workflowId === workflowIdOf(id));
  if (expected.status === 'unscored') {
    return rows.length + runs.length === 0
      ? []
      : [{ kind: 'orphan', id, why: 'it is no recording of a lesson line, and was scored' }];
  }
  const [row, ...more] = rows;
  if (row === undefined) {
    return [{ kind: 'lost', id, why: `no row${runs.length > 0 ? ', though a workflow ran' : ''}` }];
  }
  const breaches = [...checkRow(upload, row), ...checkContent(upload, row, runs)];
  if (runs.some(({ priority }) => priority === RECONCILED_PRIORITY) && !eventWasLost(upload)) {
    const why = `only reconciliation has started it, and its event was ${upload.event ?? 'never sent'}`;
    breaches.push({ kind: 'dropped', id, why });
  }
  if (more.length > 0) breaches.push({ kind: 'doubled', id, why: `${rows.length} rows` });
  if (runs.length > 1) breaches.push({ kind: 'doubled', id, why: `${runs.length} workflow runs` });
  return breaches;
}

function checkRow(upload: AcceptedUpload, row: ScoringRow): Breach[] {
  const { id, expected } = upload;
  const wrong = (why: string): Breach[] => [{ kind: 'wrong', id, why }];
  if (row.key !== upload.key) return wrong('the row names another object');
  if (row.versionId !== upload.versionId || (row.etag !== null && row.etag !== upload.etag)) {
    return wrong('the row names another version');
  }
  if (row.workflowId !== workflowIdOf(id)) return wrong('the row names another workflow');
  // What was replaced or deleted is scored or not, as it was read in time or not.
  if (!upload.current && row.status === 'superseded') return [];
  const code = expected.status === 'failed' ? expected.code : null;
  if (row.status === expected.status && row.failureCode === code) return [];
  const shown = (status: string, why: string | null) =>
    why === null ? status : `${status} ${why}`;
  return wrong(`${shown(row.status, row.failureCode)} instead of ${shown(expected.status, code)}`);
}

/** Scored was what was uploaded as this version, byte for byte. */
function checkContent(
  { id, sha256 }: AcceptedUpload,
  row: ScoringRow,
  runs: WorkflowRun[],
): Breach[] {
  const contents = [row, ...runs].flatMap((one) => one.sha256 ?? []);
  const read = row.sha256 !== null && runs.some((run) => run.sha256 !== null);
  if (row.status === 'completed' && !read) {
    return [{ kind: 'wrong', id, why: 'it has a score, and nothing says of which content' }];
  }
  if (contents.every((content) => content === sha256)) return [];
  return [{ kind: 'wrong', id, why: 'another content was scored than was uploaded' }];
}

/** Rows and workflows of what nobody has uploaded. */
function checkStrangers({ accepted, scorings, workflows }: World): Breach[] {
  const ids = new Set(accepted.map(({ id }) => id));
  const workflowIds = new Set(accepted.map(({ id }) => workflowIdOf(id)));
  return [
    ...scorings
      .filter(({ id }) => !ids.has(id))
      .map(({ id }): Breach => ({ kind: 'orphan', id, why: 'a row of no accepted upload' })),
    ...workflows
      .filter(({ workflowId }) => !workflowIds.has(workflowId))
      .map(({ workflowId: id }): Breach => {
        return { kind: 'orphan', id, why: 'a workflow of no accepted upload' };
      }),
  ];
}

/** The application's row of every scoring, and a scoring for every row of the application. */
function checkApplicationRows({ scorings, applicationRows }: World): Breach[] {
  const rows = new Map(applicationRows.map((row) => [row.id, row]));
  const owners = new Map<string, ScoringRow[]>();
  const breaches: Breach[] = [];
  for (const scoring of scorings) {
    const { id, applicationRowId, key, status } = scoring;
    if (applicationRowId === null) {
      if (status === 'completed') breaches.push({ kind: 'lost', id, why: 'no application row' });
      continue;
    }
    owners.set(applicationRowId, [...(owners.get(applicationRowId) ?? []), scoring]);
    const row = rows.get(applicationRowId);
    if (row === undefined) breaches.push({ kind: 'lost', id, why: 'its application row is gone' });
    else if (row.key !== key) {
      breaches.push({ kind: 'wrong', id, why: 'its application row is of another object' });
    }
  }
  for (const { id, status } of applicationRows) {
    const scored = owners.get(id) ?? [];
    if (!ENDED_STATUSES.has(status ?? '')) continue;
    const name = `application row ${id}`;
    if (scored.length === 0) breaches.push({ kind: 'orphan', id: name, why: 'no scoring has it' });
    if (new Set(scored.map((one) => one.id)).size > 1) {
      breaches.push({ kind: 'doubled', id: name, why: 'several scorings have it' });
    }
  }
  return breaches;
}

/** Rows that the application still waits in, beyond those for uploads that left no trace. */
function checkWaiting({ accepted, applicationRows }: World, forgiven: Set<string>): Breach[] {
  const traceless = new Map<string, number>();
  for (const { id, key } of accepted) {
    if (forgiven.has(id)) traceless.set(key, (traceless.get(key) ?? 0) + 1);
  }
  return applicationRows.flatMap(({ id, key, status }): Breach[] => {
    if (ENDED_STATUSES.has(status ?? '')) return [];
    const allowed = traceless.get(key) ?? 0;
    traceless.set(key, allowed - 1);
    if (allowed > 0) return [];
    return [{ kind: 'stuck', id: `application row ${id}`, why: 'the application still waits' }];
  });
}

/** What the application shows of a key, its newest row, is the score of what lies there now. */
function checkNewest({ accepted, scorings, applicationRows }: World): Breach[] {
  const newest = new Map<string, { id: string; status: string | null }>();
  for (const { key, id, status } of applicationRows) {
    const other = newest.get(key);
    if (other === undefined || BigInt(id) > BigInt(other.id)) newest.set(key, { id, status });
  }
  return accepted.flatMap(({ id, key, current }): Breach[] => {
    const scoring = scorings.find((row) => row.id === id);
    const shown = newest.get(key);
    if (!current || scoring === undefined || shown === undefined) return [];
    if (scoring.applicationRowId !== shown.id) {
      return [{ kind: 'wrong', id, why: 'the application shows another version of the recording' }];
    }
    if (scoring.status !== shown.status) {
      return [{ kind: 'wrong', id, why: `the application shows it as ${shown.status ?? 'null'}` }];
    }
    return [];
  });
}

function checkWorkflows({ scorings, workflows }: World): Breach[] {
  return workflows.flatMap(({ workflowId: id, status, failure, taskFailures }): Breach[] => {
    const stuck = (why: string): Breach[] => [{ kind: 'stuck', id, why }];
    if (taskFailures.length > 0) return stuck(`workflow task failed: ${taskFailures.join(', ')}`);
    if (!ENDED_WELL.has(status)) return stuck(`its workflow is ${status}`);
    if (status === 'FAILED' && !CATALOGUE_CODE.test(failure ?? '')) {
      return stuck(`its workflow failed without a code: ${failure ?? 'nothing'}`);
    }
    const row = scorings.find(({ workflowId }) => workflowId === id);
    if (row !== undefined) {
      const expected = row.status === 'failed' ? 'FAILED' : 'COMPLETED';
      if (status !== expected) {
        return [{ kind: 'wrong', id, why: `the row is ${row.status}, the workflow ${status}` }];
      }
    }
    return [];
  });
}

/** Reconciliations: one may run just now, by its schedule. */
function checkOther({ workflowId: id, status, failure, taskFailures }: WorkflowRun): Breach[] {
  if (taskFailures.length > 0) {
    return [{ kind: 'stuck', id, why: `workflow task failed: ${taskFailures.join(', ')}` }];
  }
  if (['COMPLETED', 'RUNNING', 'CONTINUED_AS_NEW'].includes(status)) return [];
  return [{ kind: 'stuck', id, why: `it ended as ${status}: ${failure ?? 'no reason'}` }];
}
