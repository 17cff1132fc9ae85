/** For tests of activities that have nothing to do with batches: whoever uses one, fails. */
import assert from 'node:assert/strict';
import type { BatchDependencies } from '../../src/activities/batch-ports.ts';

const refuse = new Proxy(
  {},
  { get: (_, name) => () => assert.fail(`nobody asked for batches: ${String(name)}`) },
);

export const noBatches = {
  ledger: refuse,
  rescoring: refuse,
  objects: refuse,
} as unknown as BatchDependencies;
