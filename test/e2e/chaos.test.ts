import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Verdict } from '../../bench/chaos/verdict.ts';
import { runningProcesses } from '../support/processes.ts';
import { ROOT, runCommand } from '../support/run-command.ts';

async function chaos(...args: string[]): Promise<{ code: number | null; verdict: Verdict }> {
  const finished = await runCommand('npm', ['run', '-s', 'chaos', '--', '--json', ...args]);
  assert.notEqual(finished.stdout, '', finished.stderr);
  return { code: finished.code, verdict: JSON.parse(finished.stdout) as Verdict };
}

function chaosFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('elocute-chaos-'));
}

/** What a run that was meant to fail leaves for whoever looks into it. */
function removeLogs({ logs }: Verdict): void {
  assert.ok(logs, 'a run that fails keeps its logs and says where');
  assert.ok(readdirSync(logs).includes('starter-0.log'));
  assert.ok(readFileSync(join(dirname(logs), 'ledger.jsonl'), 'utf8').includes('acknowledged'));
  rmSync(dirname(logs), { recursive: true, force: true });
}

/** Processes of a fault run, whoever started them. */
function ofFaultRuns(): number[] {
  return runningProcesses().flatMap(({ pid, command }) =>
    /elocute-chaos-|bench\/chaos|dist\/(worker|starter)/.test(command) ? [pid] : [],
  );
}

describe('a fault run', function () {
  this.timeout(600_000);

  it('of 120 uploads and ten kills loses none, doubles none, and leaves nothing behind', async () => {
    const folders = chaosFolders();
    const processes = ofFaultRuns();
    const { code, verdict } = await chaos('--uploads', '120', '--seed', '5');
    const { lost, doubled, stuck, orphans, wrong, breaches } = verdict;
    assert.deepEqual(
      { lost, doubled, stuck, orphans, wrong, breaches },
      { lost: 0, doubled: 0, stuck: 0, orphans: 0, wrong: 0, breaches: [] },
    );
    assert.deepEqual(
      Object.entries(verdict.invariants).filter(([, holds]) => !holds),
      [],
    );
    assert.equal(code, 0);
    assert.equal(verdict.seed, 5);
    assert.ok(verdict.uploads >= 120, `${verdict.uploads} uploads`);
    assert.ok(verdict.kills >= 10, `${verdict.kills} kills`);
    const { kills, speech, hostile, overtaken } = verdict.faults;
    const { duplicated, delayed, reordered, lost: neverSent } = verdict.faults.events;
    for (const target of ['worker-0', 'starter-0', 'postgres', 'temporal', 'objects']) {
      assert.ok((kills[target] ?? 0) > 0, `${target} was never killed`);
    }
    assert.ok(['unavailable', 'exhausted', 'deadline', 'hang'].every((one) => speech[one]));
    for (const count of [duplicated, delayed, reordered, neverSent, hostile, overtaken]) {
      assert.ok(count > 0, JSON.stringify(verdict.faults));
    }
    assert.ok((verdict.reconciled[0] ?? 0) > 0, 'what the queue lost was found by listing');
    assert.equal(verdict.reconciled.at(-1), 0);
    assert.deepEqual(chaosFolders(), folders);
    assert.deepEqual(ofFaultRuns(), processes);
  });

  it('that is interrupted stops everything and leaves nothing behind', async () => {
    const folders = chaosFolders();
    const processes = ofFaultRuns();
    const args = ['--import', 'tsx', 'bench/chaos.ts', '--seed', '6'];
    const run = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => run.once('close', resolve));
    await new Promise<void>((resolve) => {
      run.stderr.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Uploads and faults')) resolve();
      });
    });
    run.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.deepEqual(chaosFolders(), folders);
    assert.deepEqual(ofFaultRuns(), processes);
  });

  it('finds a starter that deletes the message before it starts the workflow', async () => {
    const { code, verdict } = await chaos('--plant', 'delete-before-start', '--seed', '1');
    assert.equal(code, 1);
    assert.ok(verdict.lost > 0, JSON.stringify(verdict));
    assert.ok(!verdict.invariants.nothingLost);
    removeLogs(verdict);
  });

  it('finds a worker that inserts without the unique key', async () => {
    const { code, verdict } = await chaos('--plant', 'no-unique-key', '--seed', '1');
    assert.equal(code, 1);
    assert.ok(verdict.doubled > 0, JSON.stringify(verdict));
    assert.ok(!verdict.invariants.nothingDoubled);
    removeLogs(verdict);
  });
});
