import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { buildWorkflowBundle } from '../../src/adapters/workflow-bundle.ts';
import { bundle, tracedBundle } from '../support/services.ts';
import { foreignModules, modulesOf } from '../support/bundle-modules.ts';

/** Twice today's size: Temporal's own runtime is nearly all of it. */
const BUDGET_BYTES = 2.5 * 1024 * 1024;
/** OpenTelemetry in the sandbox is as large as Temporal's runtime. */
const TRACED_BUDGET_BYTES = 2 * BUDGET_BYTES;

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

  it('has the OpenTelemetry of the SDK only where spans are collected, and nothing else', async () => {
    const isTracing = (name: string) => name.includes('opentelemetry');
    const { code } = await tracedBundle();
    const modules = modulesOf(code);
    assert.ok(modules.some(isTracing));
    assert.deepEqual(foreignModules(modules, 'traced'), []);
    assert.ok(code.length < TRACED_BUDGET_BYTES, `${code.length} bytes`);
    assert.ok(!modulesOf((await bundle()).code).some(isTracing));
  });

  it('lets nothing through that only looks like what is allowed', () => {
    const foreign = [
      './node_modules/zod/index.js',
      './node_modules/ignored-pkg/index.js',
      './node_modules/other/node_modules/@temporalio/workflow/lib/index.js',
      './src/adapters/postgres.ts',
      './src/adapters/workflow-bundle.ts',
      './src/activities/index.ts',
      'fs (ignored)',
      'node:crypto (ignored)',
      './node_modules/@opentelemetry/exporter-trace-otlp-http/build/src/index.js',
    ];
    assert.deepEqual(foreignModules(['./src/workflows/progress.ts', ...foreign]), foreign);
    assert.deepEqual(foreignModules(foreign, 'traced'), foreign);
  });

  it('is not built from a workflow that imports a module of Node.js, which the error names', async () => {
    await assert.rejects(
      buildWorkflowBundle(fixture('workflow-with-files')),
      /workflow-with-files[^]*\bfs\b/,
    );
  });

  it('is found out where a workflow imports a package that nobody allowed', async () => {
    const { code } = await buildWorkflowBundle(fixture('workflow-with-zod'));
    const foreign = foreignModules(modulesOf(code));
    assert.ok(foreign.includes('./test/support/workflow-with-zod.ts'));
    assert.ok(foreign.some((name) => name.startsWith('./node_modules/zod/')));
  });
});

function fixture(name: string): string {
  return fileURLToPath(new URL(`../support/${name}.ts`, import.meta.url));
}
