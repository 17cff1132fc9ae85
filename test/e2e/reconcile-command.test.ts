import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { runReconciliation } from '../../src/adapters/temporal-reconciliation.ts';
import { inputOf } from '../../src/commands/reconcile.ts';
import { freePort } from '../../src/local/free-port.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { elocute, ROOT, runCommand } from '../support/run-command.ts';
import { freshName, temporaryFolder } from '../support/services.ts';

const pair = lessonPair(25);
const learner = readFileSync(pair.learner);

describe('the command elocute reconcile', function () {
  this.timeout(180_000);
  let world: LocalWorld;
  let upload: PutUpload;
  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    world = await openWorld({ starter: false });
    const lesson = { contentType: 'novel', level: 1, title: 'A Title', line: 1 };
    await putStandard(world, lesson, readFileSync(pair.standard), pair.sentence);
    upload = await putLearner(world, lesson, learner, '70707');
  });
  after(() => world.close());

  function reconcile(args: string[], environment: Record<string, string> = {}) {
    return elocute(['reconcile', '--data', temporaryFolder('none'), ...args], {
      environment: { ...world.environment, ...environment },
    });
  }

  it('says in a dry run what is missing, by lesson and never by name, and starts nothing', async () => {
    const { code, stdout, stderr } = await reconcile(['--since', '2d', '--dry-run']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ +1 {2}listed$/m);
    assert.match(stdout, /^ +1 {2}would be started$/m);
    assert.match(stdout, /^ +1 {2}novel\/level_1\/A Title$/m);
    assert.ok(!`${stdout}${stderr}`.includes('70707'));
    await assert.rejects(world.client.workflow.getHandle(upload.workflowId).describe(), {
      name: 'WorkflowNotFoundError',
    });
  });

  it('starts what is missing, and prints the totals as JSON', async () => {
    const { code, stdout, stderr } = await reconcile(['--json']);
    assert.equal(code, 0, stderr);
    const { totals, dryRun, complete } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([dryRun, complete], [false, true]);
    assert.equal((totals as { started: number }).started, 1);
    const { ours } = await outcomeOf(world, upload);
    assert.deepEqual(
      ours.map((row) => [row['status'], row['failure_code'], row['failure_message']]),
      [['completed', null, null]],
    );
    const again = await reconcile([]);
    assert.match(again.stdout, /^ +1 {2}scored already$/m);
  });

  it('exits with 2 for a wrong argument and with 3 where Temporal does not answer', async () => {
    const wrong = await reconcile(['--since', 'yesterday']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--since "yesterday" is no time/);
    const away = await reconcile([], { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` });
    assert.equal(away.code, 3);
    assert.match(away.stderr, /Temporal at 127\.0\.0\.1:\d+ does not answer/);
  });

  it('joins the one that runs already', async () => {
    // Nobody works on this queue, so it waits until it is stopped.
    const queue = freshName('nobody');
    const running = await runReconciliation(
      world.client,
      queue,
      inputOf({}, Date.now(), world.config),
    );
    const child = spawn(process.execPath, ['bin/elocute.js', 'reconcile', '--since', '2d'], {
      cwd: ROOT,
      env: { ...process.env, ...world.environment, TEMPORAL_TASK_QUEUE: queue },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    let said = '';
    for await (const chunk of child.stderr) {
      said += String(chunk);
      if (said.includes('runs already, with the options it was started with; joining it')) break;
    }
    await world.client.workflow.getHandle(running.workflowId).terminate('for the test');
    assert.deepEqual(await ended, [1, null], said);
  });
});
