import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockFolder } from '../../src/local/folder-lock.ts';
import { identityOf, isRunning } from '../../src/local/process-identity.ts';
import { forgetProcess, recordProcess, stopOrphans } from '../../src/local/process-record.ts';
import { openDataFolder } from '../../src/local/data-folder.ts';
import { startServerProcess } from '../../src/local/server-process.ts';

const CARELESS_OWNER = fileURLToPath(new URL('../support/careless-owner.ts', import.meta.url));
const OWNER = fileURLToPath(new URL('../support/killed-owner.ts', import.meta.url));

describe('processes of the local stack', () => {
  let folder = '';
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'elocute-processes-'));
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** A process that does nothing until it is killed. */
  async function idleProcess(): Promise<{ pid: number; child: ChildProcess }> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")']);
    children.push(child);
    await once(child.stdout, 'data');
    assert.ok(child.pid);
    return { pid: child.pid, child };
  }

  /** An owner that was killed without warning; its child lives on. */
  async function killedOwner(mode = ''): Promise<{ owner: number; child: number }> {
    const owner = spawn(process.execPath, ['--import', 'tsx', OWNER, folder, mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(owner);
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const pids = JSON.parse(line.toString()) as { owner: number; child: number };
    assert.throws(() => lockFolder(folder), new RegExp(`in use by process ${pids.owner}`));
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    assert.ok(identityOf(pids.child), 'the child should outlive its owner');
    return pids;
  }

  it('that outlived a killed owner are stopped, and only they', async () => {
    const bystander = await idleProcess();
    const { child } = await killedOwner();
    const lines: string[] = [];
    const lock = lockFolder(folder);
    const stopped = await stopOrphans(folder, (line) => lines.push(line));
    lock.release();
    assert.deepEqual(
      stopped.map(({ pid, name }) => [pid, name]),
      [[child, 'child']],
    );
    assert.equal(identityOf(child), undefined);
    assert.ok(identityOf(bystander.pid));
    assert.match(lines.join('\n'), new RegExp(`Stopping child \\(process ${child}\\)`));
    assert.deepEqual(await stopOrphans(folder, unexpected), []);
  });

  it('that ignore the polite signal are killed', async () => {
    const { child } = await killedOwner('trap');
    await stopOrphans(folder, () => undefined, 200);
    assert.equal(identityOf(child), undefined);
  });

  it('are left alone when their number belongs to somebody else now', async () => {
    const stranger = await idleProcess();
    const record = join(folder, 'processes.json');
    writeFileSync(
      record,
      JSON.stringify([{ name: 'postgres', pid: stranger.pid, startedAt: 'another boot/123' }]),
    );
    assert.deepEqual(await stopOrphans(folder, unexpected), []);
    assert.ok(identityOf(stranger.pid));
    assert.equal(existsSync(record), false);
  });

  it('are forgotten once stopped, and a record that is no JSON counts as empty', async () => {
    const first = await idleProcess();
    const second = await idleProcess();
    recordProcess(folder, 'first', first.pid);
    recordProcess(folder, 'second', second.pid);
    forgetProcess(folder, first.pid);
    const record = join(folder, 'processes.json');
    const entries = JSON.parse(readFileSync(record, 'utf8')) as { name: string }[];
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['second'],
    );
    writeFileSync(record, '[{"name": "sec');
    assert.deepEqual(await stopOrphans(folder, unexpected), []);
  });

  it('count as gone when dead but not collected, and when their number was never used', async () => {
    const { pid, child } = await idleProcess();
    const identity = identityOf(pid);
    assert.ok(identity && isRunning(identity));
    assert.equal(isRunning({ ...identity, startedAt: 'another' }), false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(isRunning(identity), false);
    assert.equal(identityOf(2 ** 22 + 1), undefined);
  });

  it('are refused as a second owner of a folder until the first lets go', () => {
    const lock = lockFolder(folder);
    assert.throws(() => lockFolder(folder), new RegExp(`in use by process ${process.pid}`));
    lock.release();
    lock.release();
    const again = lockFolder(folder);
    lock.release();
    assert.throws(() => lockFolder(folder), /in use/, 'an old lock must not release a new one');
    again.release();
  });

  it('take over the folder of a dead owner', async () => {
    await killedOwner();
    const lock = lockFolder(folder);
    assert.throws(() => lockFolder(folder), new RegExp(`in use by process ${process.pid}`));
    lock.release();
    await stopOrphans(folder, () => undefined);
  });

  it('that die at once are reported with the end of their log', async () => {
    const logFile = join(folder, 'logs/server.log');
    const start = startServerProcess({
      name: 'Example',
      command: process.execPath,
      args: ['-e', 'console.error("the disk is full"); process.exit(3)'],
      logFile,
      readyWithinMs: 10_000,
      isReady: () => Promise.resolve(false),
    });
    await assert.rejects(start, /Example did not start \(exit code 3\)[^]*the disk is full/);
    const missing = startServerProcess({
      name: 'Example',
      command: join(folder, 'no-such-program'),
      args: [],
      logFile,
      readyWithinMs: 10_000,
      isReady: () => Promise.resolve(true),
    });
    await assert.rejects(missing, /did not start \(.*ENOENT/);
  });

  it('end with an owner that dies of an uncaught error', async () => {
    const owner = spawn(process.execPath, ['--import', 'tsx', CARELESS_OWNER, folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(owner);
    const exit = once(owner, 'exit');
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const server = identityOf(Number(line.toString()));
    await exit;
    const deadline = performance.now() + 5_000;
    while (server !== undefined && isRunning(server) && performance.now() < deadline) {
      await new Promise(setImmediate);
    }
    assert.equal(identityOf(Number(line.toString())), undefined);
  });

  it('that are not ready in time are stopped', async () => {
    let pid = 0;
    const start = startServerProcess({
      name: 'Example',
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      logFile: join(folder, 'server.log'),
      readyWithinMs: 200,
      isReady: () => Promise.reject(new Error('refused')),
      onSpawn: (spawned) => (pid = spawned),
    });
    await assert.rejects(start, /not ready within 0.2 s/);
    assert.ok(pid > 0);
    assert.equal(identityOf(pid), undefined);
  });

  it('find their places in one data folder that others cannot read', () => {
    const data = openDataFolder(join(folder, 'data'));
    assert.equal(data.postgres, join(folder, 'data/postgres'));
    for (const path of [data.root, data.objects, data.logs]) {
      assert.equal(statSync(path).mode & 0o006, 0, `${path} is open to others`);
    }
    assert.deepEqual(openDataFolder(join(folder, 'data')), data);
  });
});

function unexpected(line: string): void {
  assert.ok(false, `nothing should have been reported, but: ${line}`);
}
