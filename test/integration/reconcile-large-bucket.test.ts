import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIND_SCORED } from '../../src/adapters/postgres-scored-uploads.ts';
import { runReconciliation } from '../../src/adapters/temporal-reconciliation.ts';
import { emptyTotals, type ReconcileUploadsInput } from '../../src/contract/reconciliation.ts';
import { startMain, type RunningMain } from '../../src/local/main-child.ts';
import { openWorld, type LocalWorld } from '../support/local-world.ts';
import { startPlainStore, type PlainStore } from '../support/plain-store.ts';
import { temporaryFolder } from '../support/services.ts';

const KEYS = 100_000;
const MISSING = 100;
const IGNORED = 24_900;
const OLDER = 15_000;
const SCORED = KEYS - MISSING - IGNORED - OLDER;
const PAGES = KEYS / 1000;

const LARGEST_GROWTH_BYTES = 200 * 1024 * 1024;
/** Temporal warns at 10,240 events of a run and ends it at 51,200. */
const MOST_EVENTS_A_RUN = 1000;
const DAY_MS = 86_400_000;

const INPUT: ReconcileUploadsInput = {
  lookBackMs: 30 * DAY_MS,
  graceMs: 600_000,
  dryRun: false,
  exactLookBackMs: null,
  maxStarts: null,
};

/** Every page holds some of each kind. */
function kindOf(index: number): 'missing' | 'ignored' | 'older' | 'scored' {
  const place = (index * 7919) % KEYS;
  if (place < MISSING) return 'missing';
  if (place < MISSING + IGNORED) return 'ignored';
  return place < MISSING + IGNORED + OLDER ? 'older' : 'scored';
}

function keyOf(index: number): string {
  const user = String(Math.floor(index / 20)).padStart(6, '0');
  const file = kindOf(index) === 'ignored' ? 'notes.txt' : `audio_line_${index % 20}.wav`;
  return `user-audio-file/learner-${user}/novel/level_1/No_Such_Lesson_${index % 20}/${file}`;
}

describe('reconciliation of 100,000 keys', function () {
  this.timeout(240_000);
  let store: PlainStore;
  let world: LocalWorld;
  let worker: RunningMain;
  let memoryAtRest = 0;

  before(async () => {
    store = await startPlainStore();
    world = await openWorld({
      worker: false,
      starter: false,
      environment: { S3_ENDPOINT: store.endpoint },
    });
    const bytes = Buffer.alloc(44);
    const recent = new Date(Date.now() - DAY_MS);
    const old = new Date(Date.now() - 40 * DAY_MS);
    let etag = '';
    for (let index = 0; index < KEYS; index += 1) {
      const modifiedAt = kindOf(index) === 'older' ? old : recent;
      etag = store.put(world.config.USER_BUCKET, keyOf(index), bytes, modifiedAt).etag;
    }
    await insertRows(etag);
    worker = await startMain(
      'worker',
      {
        PATH: process.env['PATH'] ?? '',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
        ...world.environment,
      },
      join(temporaryFolder('large'), 'worker.log'),
    );
  });
  after(async () => {
    await worker.stop();
    await world.close();
    await store.close();
  });

  /** Rows as the scorings of these objects would have left them. */
  async function insertRows(etag: string): Promise<void> {
    await world.database.query(
      `insert into elocute.scoring (id, bucket, object_key, etag, content_type, level, title, line,
         user_id, status, failure_code, workflow_id, run_id, started_at)
       select encode(sha256(convert_to(format('["%s","%s","%s"]', $1::text, key, $2::text), 'UTF8')), 'hex'),
         $1, key, $2, 'novel', 1, 'No Such Lesson', 1, '7', 'failed', 'STANDARD_MISSING', 'w', 'r', now()
       from (
         select format('user-audio-file/learner-%s/novel/level_1/No_Such_Lesson_%s/audio_line_%s.wav',
           lpad((i / 20)::text, 6, '0'), i % 20, i % 20) as key
         from generate_series(0, $3::int - 1) as i
         where (i::bigint * 7919) % $3 >= $4
       ) as keys`,
      [world.config.USER_BUCKET, etag, KEYS, MISSING + IGNORED + OLDER],
    );
    await world.database.query('analyze elocute.scoring');
  }

  /** Events of each run of a workflow that went on in new ones. */
  async function eventsOf(workflowId: string): Promise<number[]> {
    const { raw } = await world.client.workflow.getHandle(workflowId).describe();
    let runId = raw.workflowExecutionInfo?.firstRunId ?? '';
    const counts: number[] = [];
    while (runId !== '') {
      const handle = world.client.workflow.getHandle(workflowId, runId);
      const { events } = await handle.fetchHistory();
      counts.push(events?.length ?? 0);
      const last = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
      runId = last?.newExecutionRunId ?? '';
    }
    return counts;
  }

  function memoryOf(name: 'VmRSS' | 'VmHWM'): number {
    const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8');
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  }

  /** From here on growth is counted anew: what ran before may have left 100 scorings in the cache. */
  function startMeasuring(): void {
    memoryAtRest = memoryOf('VmRSS');
    writeFileSync(`/proc/${worker.pid}/clear_refs`, '5');
  }

  function assertBounded(): void {
    const growth = memoryOf('VmHWM') - memoryAtRest;
    assert.ok(growth < LARGEST_GROWTH_BYTES, `grew by ${Math.round(growth / 1024 / 1024)} MB`);
  }

  it('stays below 200 MB and within a bounded history, and finds each that is missing', async () => {
    startMeasuring();
    const queue = world.config.TEMPORAL_TASK_QUEUE;
    const run = await runReconciliation(world.client, queue, INPUT);
    const { totals, pages, complete } = await run.result();
    assert.deepEqual(totals, {
      ...emptyTotals(),
      listed: KEYS,
      ignored: { OTHER_SUFFIX: IGNORED },
      older: OLDER,
      scored: SCORED,
      started: MISSING,
      byLesson: totals.byLesson,
    });
    assert.equal(
      Object.values(totals.byLesson).reduce((sum, n) => sum + n, 0),
      MISSING,
    );
    assert.deepEqual([pages, complete], [PAGES, true]);
    assert.equal(store.requests.get('GET list'), PAGES);
    const events = await eventsOf(run.workflowId);
    assert.ok(events.length >= 2, 'it went on in new runs');
    assert.ok(Math.max(...events) < MOST_EVENTS_A_RUN, `events of each run: ${events.join(', ')}`);
    assertBounded();
  });

  it('starts nothing the second time', async () => {
    startMeasuring();
    const queue = world.config.TEMPORAL_TASK_QUEUE;
    const run = await runReconciliation(world.client, queue, INPUT);
    const { totals } = await run.result();
    assert.equal(totals.started, 0);
    assert.equal(totals.scored + totals.running, SCORED + MISSING);
    assertBounded();
  });

  it('asks the database once a page, and by the index', async () => {
    const keys = Array.from({ length: 1000 }, (_, index) => keyOf(index * 37));
    const etags = keys.map(() => 'e');
    const rows = await world.database.query<{ 'QUERY PLAN': string }>(`explain ${FIND_SCORED}`, [
      world.config.USER_BUCKET,
      keys,
      etags,
    ]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    assert.match(plan, /Index Scan .*scoring_upload/);
    assert.doesNotMatch(plan, /Seq Scan/);
  });
});
