import assert from 'node:assert/strict';
import { OTHER_NODES, otherNode } from '../support/other-node.ts';
import { runCommand } from '../support/run-command.ts';

describe('the unit tests', function () {
  this.timeout(400_000);

  for (const version of OTHER_NODES) {
    it(`pass on Node.js ${version} too`, async () => {
      const node = otherNode(version);
      const { stdout } = await runCommand(node, ['--version']);
      assert.equal(stdout.trim(), `v${version}`);
      const mocha = [
        'node_modules/mocha/bin/mocha.js',
        '--reporter',
        'dot',
        'test/unit/**/*.test.ts',
      ];
      const run = await runCommand(node, mocha);
      assert.equal(run.code, 0, run.stdout.slice(-4000) + run.stderr.slice(-2000));
      assert.match(run.stdout, /[1-9]\d* passing/);
    });
  }
});
