import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { keptInFolder } from '../../bench/kept-in-folder.ts';
import type { AnalysisKey } from '../../src/activities/ports.ts';
import { temporaryFolder } from '../support/services.ts';

const key: AnalysisKey = { kind: 'pitch', engine: 'e/1', sha256: 'a'.repeat(64), sentence: null };
const { signal } = new AbortController();

describe('analyses kept in a folder', () => {
  it('are computed once where several ask at the same time, and kept for the next run', async () => {
    const folder = temporaryFolder('kept');
    const store = await keptInFolder(folder);
    let computed = 0;
    const compute = () => Promise.resolve({ n: ++computed });
    const asked = await Promise.all([1, 2, 3].map(() => store.once(key, compute, signal)));
    assert.deepEqual(
      asked.map(({ value }) => value),
      [{ n: 1 }, { n: 1 }, { n: 1 }],
    );
    assert.deepEqual(readdirSync(folder), [`${asked[0]?.key ?? ''}.json.gz`]);
    const later = await (await keptInFolder(folder)).once(key, compute, signal);
    assert.deepEqual([later.value, later.cached, computed], [{ n: 1 }, true, 1]);
  });

  it('are not kept where computing failed', async () => {
    const store = await keptInFolder(temporaryFolder('kept'));
    const fail = () => Promise.reject(new Error('no'));
    await assert.rejects(store.once(key, fail, signal), /no/);
    assert.deepEqual((await store.once(key, () => Promise.resolve(1), signal)).value, 1);
  });

  it('of a score are computed anew each time', async () => {
    const store = await keptInFolder(temporaryFolder('kept'));
    const score = { ...key, kind: 'score' as const };
    for (const value of [1, 2]) {
      const kept = await store.once(score, () => Promise.resolve(value), signal);
      assert.equal(await store.get(kept.key), value);
    }
  });
});
