import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { keepScoring, olderBy, type KeptScoring } from '../support/kept-scorings.ts';
import { openWorld, type LocalWorld } from '../support/local-world.ts';
import { elocute, runCommand, type Finished } from '../support/run-command.ts';
import { temporaryFolder } from '../support/services.ts';

const SCORINGS = 200;

interface ShownBatch {
  batchId: string;
  status: string;
  total: number;
  counts: { unchanged: number; changed: number; written: number; failed: number };
  failureCode: string | null;
  report: { compared: number; movers: { scoringId: string; move: number }[] };
  progress: { paused: boolean; limits: { concurrency: number; tolerance: object } } | null;
}

describe('rescoring 200 scorings', function () {
  this.timeout(240_000);
  let world: LocalWorld;
  const kept: KeptScoring[] = [];
  let analysesBefore: unknown[];
  const data = temporaryFolder('rescore');

  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    world = await openWorld();
    for (let index = 0; index < SCORINGS; index += 1) {
      // A tenth is of an older formula; three of these would move far.
      const isOlder = index % 10 === 0;
      const points = index < 30 ? -15 : -2;
      kept.push(
        await keepScoring(world.database, {
          index: index % 10 === 0 ? index / 10 + 5 : index,
          userId: String(1000 + index),
          ...(isOlder ? { older: olderBy(points) } : {}),
        }),
      );
    }
    analysesBefore = await analyses();
    assert.equal(analysesBefore.length, 3, 'transcripts, pitch, alignments');
  });
  after(() => world.close());

  /** How many are kept of each kind that is made from sound. */
  const analyses = () =>
    world.database.query(
      `select kind, count(*)::int as count from elocute.analysis
       where kind <> 'score' group by kind order by kind`,
    );

  const command = (...args: string[]): Promise<Finished> =>
    elocute([...args, '--data', data], { environment: world.environment });

  const shown = (finished: Finished) => JSON.parse(finished.stdout) as ShownBatch;

  async function formulas(): Promise<Record<string, number>> {
    const rows = await world.database.query<{ formula_version: string; count: number }>(
      'select formula_version, count(*)::int as count from elocute.scoring group by 1',
    );
    return Object.fromEntries(rows.map((row) => [row.formula_version, row.count]));
  }

  it('changes nothing in a dry run, and shows what would', async () => {
    const finished = await command('rescore', '--lesson', 'novel/2', '--dry-run', '--json');
    assert.equal(finished.code, 0, finished.stderr);
    const { counts, status, report, total } = shown(finished);
    assert.equal(status, 'completed');
    assert.equal(total, SCORINGS);
    assert.deepEqual(counts, { unchanged: 180, changed: 20, written: 0, failed: 0 });
    assert.equal(report.compared, SCORINGS);
    assert.deepEqual(
      report.movers.slice(0, 4).map(({ move }) => Math.round(move)),
      [15, 15, 15, 2],
    );
    assert.match(finished.stderr, /^Batch [0-9a-f]{12}: rescore \(dry run\) · novel\/2\n/);
    assert.match(finished.stderr, /computing .* 200\/200/);
    assert.equal((await formulas())['1'], 20);
  });

  it('writes nothing where scores move too far, until that is accepted', async () => {
    const refused = await command('rescore', '--outdated', '--max-move', '10');
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stdout, /BATCH_MOVES_TOO_FAR: Scores would move by more than --max-move/);
    assert.match(refused.stdout, /Largest moves:\n\n\| scoring/);
    assert.equal((await formulas())['1'], 20);

    const reason = ['--yes', '--reason', 'formula 2'];
    const written = await command('rescore', '--outdated', ...reason, '--json');
    assert.equal(written.code, 0, written.stderr);
    const { batchId, counts } = shown(written);
    assert.deepEqual(counts, { unchanged: 0, changed: 20, written: 20, failed: 0 });
    assert.equal((await formulas())['1'], undefined);
    const far = kept[0] ?? assert.fail();
    const [row] = await world.database.query<{ result: ScoringResult }>(
      'select result from elocute.scoring where id = $1',
      [far.id],
    );
    assert.equal(Math.round((row?.result.overall ?? 0) - (far.result.overall ?? 0)), 15);
    const changes = await world.database.query('select * from elocute.score_change');
    assert.equal(changes.length, 20);

    const listed = await command('batch', 'list');
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, new RegExp(`${batchId} .*completed .*20 written.*formula 2`));
    const show = await command('batch', batchId.slice(0, 6));
    assert.match(show.stdout, /20 scorings compared[^]*\| overall +\|[^]*Results: s3:\/\//);
    const again = await command('rescore', '--all', '--json');
    assert.deepEqual(shown(again).counts, { unchanged: 200, changed: 0, written: 0, failed: 0 });
    const late = await command('batch', batchId, 'pause');
    assert.equal(late.code, 2);
    assert.match(late.stderr, /Not changed: batch [0-9a-f]{12} does not run\./);
  });

  it('goes on when its watcher leaves, and is paused, changed, resumed and watched again', async () => {
    const file = join(data, 'ids.jsonl');
    writeFileSync(file, kept.map(({ id }) => `${JSON.stringify({ id })}\n`).join(''));
    const tolerate = ['--tolerate', '5', '2.5%'];
    const slowly = ['--file', file, '--dry-run', '--chunk', '1', '--concurrency', '1', ...tolerate];
    const { code, stderr } = await elocute(['rescore', ...slowly, '--data', data], {
      environment: world.environment,
      interruptAt: 'computing',
    });
    assert.equal(code, 130, stderr);
    const [, batchId = ''] = /^Batch ([0-9a-f]{12}):/.exec(stderr) ?? [];
    assert.match(
      stderr,
      new RegExp(`Detached: the batch goes on\\.\n +elocute batch ${batchId} watch`),
    );

    const paused = await command('batch', batchId, 'pause', '--json');
    assert.equal(paused.code, 0, paused.stderr);
    assert.equal(shown(paused).progress?.paused, true);
    const tolerance = shown(paused).progress?.limits.tolerance;
    assert.deepEqual(tolerance, { count: 5, percent: 2.5 });
    const nonsense = await command('batch', batchId, 'set', '--concurrency', '0');
    assert.equal(nonsense.code, 2);
    assert.match(nonsense.stderr, /concurrency must be a whole number from 1 to 100, not 0/);
    const twice = await command('batch', batchId, 'pause');
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /Not changed: it is paused already/);
    const set = await command(
      'batch',
      batchId,
      'set',
      '--concurrency',
      '20',
      '--chunk',
      '20',
      '--json',
    );
    assert.equal(shown(set).progress?.limits.concurrency, 20);
    const text = await command('batch', batchId);
    assert.match(text.stdout, /\| state \| paused \|/);
    assert.equal((await command('batch', batchId, 'resume')).code, 0);
    const watched = await command('batch', batchId, 'watch', '--json');
    assert.equal(watched.code, 0, watched.stderr);
    assert.equal(shown(watched).counts.unchanged, 200);
  });

  it('ends a batch that is cancelled, with a report of what was done', async () => {
    const slowly = ['--all', '--dry-run', '--chunk', '1', '--concurrency', '1', '--no-wait'];
    const started = await command('rescore', ...slowly, '--json');
    const { batchId } = shown(started);
    const cancelled = await command('batch', batchId, 'cancel');
    assert.equal(cancelled.code, 0, cancelled.stderr);
    const watched = await command('batch', batchId, 'watch', '--json');
    assert.equal(watched.code, 1);
    const { status, counts, report } = shown(watched);
    assert.equal(status, 'cancelled');
    const done = counts.unchanged + counts.changed;
    assert.ok(done < 200);
    assert.equal(report.compared, done);
  });

  it('refuses to mean everything by accident, and to be told nonsense', async () => {
    const refusals: [RegExp, ...string[]][] = [
      [/Say which scorings: --ids/, 'rescore'],
      [/--all means every scoring/, 'rescore', '--all', '--lesson', 'novel'],
      [/No scoring is known as deadbeef/, 'rescore', '--ids', 'deadbeef'],
      [/No batch is known as ffffffffffff/, 'batch', 'ffffffffffff'],
      [/'stop' is invalid.*Allowed choices are show, watch/, 'batch', 'ffffffffffff', 'stop'],
      [/`set` needs some/, 'batch', 'ffffffffffff', 'set'],
      [/neither a number nor a percentage/, 'rescore', '--all', '--tolerate', 'few'],
    ];
    for (const [message, ...args] of refusals) {
      const { code, stderr } = await command(...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
  });

  it('has made no speech call and no signal processing at all', async () => {
    assert.equal(world.speech.calls(), 0);
    // Whatever is computed from sound is kept.
    assert.deepEqual(await analyses(), analysesBefore);
  });
});
