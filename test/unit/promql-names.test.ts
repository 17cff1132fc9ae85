import assert from 'node:assert/strict';
import { promqlNames } from '../support/promql-names.ts';

describe('the names of metrics in PromQL', () => {
  it('are told from functions, labels, texts, durations and keywords', () => {
    const names = promqlNames(
      'histogram_quantile(0.95, sum by (le, kind) (rate(a_seconds_bucket{kind="b_total"}[5m]))) > 5 and on (instance) max(c_total offset 1h) unless d_gauge',
    );
    assert.deepEqual(names, ['a_seconds_bucket', 'c_total', 'd_gauge']);
  });

  it('are found where a division has one on both sides', () => {
    assert.deepEqual(promqlNames('sum(rate(a_total[$__rate_interval])) * 60 / sum(b_total)'), [
      'a_total',
      'b_total',
    ]);
  });
});
