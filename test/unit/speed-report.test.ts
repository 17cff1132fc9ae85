import assert from 'node:assert/strict';
import { median, ownStageNames, reportSpeed, toTable } from '../../bench/speed-report.ts';
import type { OwnStage, SpeedMeasurements } from '../../bench/speed-report.ts';

function measurements(changes: Partial<Record<OwnStage, number[]>> = {}): SpeedMeasurements {
  const own = Object.fromEntries(ownStageNames.map((name) => [name, [0.001]]));
  return {
    own: { ...(own as Record<OwnStage, number[]>), ...changes },
    original: { load: [0.001], pitch: [0.004, 0.002, 0.003], compare: [0.001] },
  };
}

describe('the report of bench:speed', () => {
  it('compares medians, the whole with everything in it', () => {
    const { original, ratios } = reportSpeed(measurements({ 'pitch, one pass': [0.0015, 1, 0] }));
    assert.equal(original.pitch, 0.003);
    assert.equal(ratios[0]?.ratio, 0.5);
    // Decode, resample, pitch, energy and compare: 5 ms beside 5 ms.
    assert.equal(ratios[2]?.ratio, 1);
  });

  it('says where a bound is exceeded, and only there', () => {
    const table = toTable(reportSpeed(measurements({ alignment: [0.2] })));
    const exceeded = table.split('\n').filter((line) => line.includes('EXCEEDED'));
    assert.equal(exceeded.length, 1);
    assert.match(exceeded[0] ?? '', /^alignment .* 0\.20 {2}at most 0\.15/);
  });

  it('takes the mean of the middle two of an even number', () => {
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([5]), 5);
  });
});
