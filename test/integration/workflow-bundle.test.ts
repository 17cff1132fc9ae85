import assert from 'node:assert/strict';
import { bundle } from '../support/services.ts';
import { foreignModules, modulesOf } from '../support/bundle-modules.ts';

/** Twice today's size: Temporal's own runtime is nearly all of it. */
const BUDGET_BYTES = 2.5 * 1024 * 1024;

describe('the workflow bundle', () => {
  it('stays within its size budget', async () => {
    const { code } = await bundle();
    assert.ok(code.length < BUDGET_BYTES, `${code.length} bytes, the budget is ${BUDGET_BYTES}`);
  });

  it('holds nothing but Temporal, the workflows, the contract, the failures and scoring', async () => {
    const { code } = await bundle();
    const modules = modulesOf(code);
    assert.ok(
      modules.some((name) => name.includes('score-pronunciation')),
      'modules are seen',
    );
    assert.deepEqual(foreignModules(modules), []);
  });

  it('names the offender: a module that is not allowed is reported by its path', () => {
    const found = foreignModules([
      './src/workflows/score-pronunciation.ts',
      './node_modules/zod/index.js',
      './src/adapters/postgres.ts',
    ]);
    assert.deepEqual(found, ['./node_modules/zod/index.js', './src/adapters/postgres.ts']);
  });
});
