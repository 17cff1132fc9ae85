import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { residentMiB, watchProcesses } from '../../bench/chaos/process-tree.ts';
import { supervise, type Running } from '../../bench/chaos/supervise.ts';

/** A process that waits to be ended; with a child of its own where asked for. */
function waiting(withChild = false): Promise<Running> {
  const idle = 'setInterval(() => undefined, 1000)';
  const code = withChild
    ? `require('node:child_process').spawn(process.execPath, ['-e', '${idle}']); ${idle}; console.log('up')`
    : `${idle}; console.log('up')`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve(signal ?? String(exitCode)));
  });
  return new Promise((resolve) => {
    child.stdout.once('data', () =>
      resolve({
        pid: child.pid ?? 0,
        ended,
        async stop() {
          child.kill('SIGTERM');
          await ended;
        },
      }),
    );
  });
}

describe('a supervised process', function () {
  this.timeout(20_000);
  const quiet = { beforeEnd: () => undefined, report: () => undefined };

  it('comes back after a kill and after a restart, as another process', async () => {
    const part = supervise({ name: 'part', launch: () => waiting(), ...quiet });
    try {
      await part.up();
      const beganMs = Date.now();
      const pids = [part.pid()];
      await part.fault('kill', 0);
      pids.push(part.pid());
      await part.fault('restart', 0);
      pids.push(part.pid());
      assert.equal(new Set(pids).size, 3);
      assert.deepEqual(part.deaths, []);
      assert.equal(part.ends.length, 2);
      for (const { fromMs, endedMs, backMs = 0 } of part.ends) {
        assert.ok(fromMs >= beganMs && endedMs >= fromMs && backMs >= endedMs);
      }
    } finally {
      await part.close();
    }
    assert.equal(part.pid(), null);
  });

  it('is brought back when it ends by itself, and its death is noted', async () => {
    const launched: Running[] = [];
    let again: (() => void) | undefined;
    const back = new Promise<void>((resolve) => (again = resolve));
    const part = supervise({
      name: 'part',
      launch: async () => {
        const running = await waiting();
        launched.push(running);
        if (launched.length === 2) again?.();
        return running;
      },
      ...quiet,
    });
    try {
      await part.up();
      process.kill(part.pid() ?? 0, 'SIGKILL');
      await back;
      assert.deepEqual(part.deaths, ['SIGKILL']);
      assert.equal(part.ends.length, 1);
    } finally {
      await part.close();
    }
    assert.equal(await launched[1]?.ended, 'SIGTERM');
  });

  it('is started until it does start', async () => {
    let attempts = 0;
    const launch = () => {
      attempts += 1;
      return attempts < 2 ? Promise.reject(new Error('its server is away')) : waiting();
    };
    const part = supervise({ name: 'part', launch, ...quiet });
    try {
      await part.up();
      assert.equal(part.refusals(), 1);
    } finally {
      await part.close();
    }
  });

  it('that leaves a child behind is found out', async () => {
    const tree = watchProcesses();
    const part = supervise({
      name: 'part',
      launch: () => waiting(true),
      beforeEnd: (pid) => tree.remember(pid),
      report: () => undefined,
    });
    await part.up();
    const pid = part.pid() ?? 0;
    const family = residentMiB(pid) ?? 0;
    await part.close();
    assert.equal(residentMiB(pid), null);
    const [child, ...more] = await tree.survivors(0);
    assert.ok(child !== undefined && more.length === 0);
    const alone = residentMiB(child) ?? Infinity;
    assert.ok(family > alone, 'a process weighs as much as all that come from it');
    process.kill(child, 'SIGKILL');
    assert.deepEqual(await tree.survivors(5000), []);
  });
});
