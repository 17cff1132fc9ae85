import assert from 'node:assert/strict';
import { OTHER_NODES, otherNode } from '../support/other-node.ts';
import { runCommand } from '../support/run-command.ts';

describe('the unit tests', function () {
  this.timeout(400_000);

  const runs = new Map<string, ReturnType<typeof runUnitTests>>();
  // All at once: each keeps one core busy.
  before(() => {
    for (const version of OTHER_NODES) runs.set(version, runUnitTests(version));
  });

  for (const version of OTHER_NODES) {
    it(`pass on Node.js ${version} too`, async () => {
      const run = (await runs.get(version)) ?? assert.fail();
      assert.equal(run.version, `v${version}`);
      assert.equal(run.code, 0, run.stdout.slice(-4000) + run.stderr.slice(-2000));
      assert.match(run.stdout, /[1-9]\d* passing/);
    });
  }
});

async function runUnitTests(version: string) {
  const node = otherNode(version);
  const { stdout } = await runCommand(node, ['--version']);
  // Mutated recordings meet WebAssembly and ffmpeg, which are the same everywhere, for half a minute.
  const slow = ['--ignore', 'test/unit/decode-formats-fuzz.test.ts'];
  const files = 'test/unit/**/*.test.ts';
  const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'dot', ...slow, files];
  return { version: stdout.trim(), ...(await runCommand(node, mocha)) };
}
