import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/services.ts';

async function mocha(spec: string, environment: Record<string, string | undefined>) {
  const file = join(temporaryFolder('totals'), 'a.test.ts');
  writeFileSync(file, spec);
  const args = ['node_modules/mocha/bin/mocha.js', '--spec', file];
  return runCommand(process.execPath, args, { environment });
}

describe('the totals of a run', function () {
  this.timeout(60_000);

  it('are those of mocha itself, whatever the tests print', async () => {
    const totals = join(temporaryFolder('totals'), 'totals');
    const spec = `
      it('prints', () => console.log('  99 passing', process.env.MOCHA_TOTALS));
      it('fails', () => { throw new Error('  77 failing'); });`;
    const { code, stdout } = await mocha(spec, { MOCHA_TOTALS: totals, CI: undefined });
    assert.equal(code, 1);
    assert.equal(readFileSync(totals, 'utf8'), '1 passed, 1 failed\n');
    assert.match(stdout, /99 passing undefined/, 'no nested run can overwrite them');
    const ci = readFileSync('.ci/run', 'utf8');
    assert.ok(ci.includes('\nnpm ci && npm test\n') && ci.includes('MOCHA_TOTALS'));
  });

  it('do not count a test that was left out: CI refuses it', async () => {
    const spec = `it('is not written yet');`;
    const laptop = await mocha(spec, { CI: undefined, MOCHA_TOTALS: undefined });
    assert.equal(laptop.code, 0, laptop.stdout);
    const ci = await mocha(spec, { CI: 'true', MOCHA_TOTALS: undefined });
    assert.notEqual(ci.code, 0);
  });
});
