import assert from 'node:assert/strict';
import { speakerRange, trackPitchTwice } from '../../src/audio/two-pass-pitch.ts';
import type { Autocorrelate } from '../../src/audio/pitch-path.ts';

const autocorrelate: Autocorrelate = (frame) =>
  Float64Array.from({ length: frame.length }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < frame.length; i++) sum += (frame[i] ?? 0) * (frame[i - lag] ?? 0);
    return sum;
  });

describe('speakerRange', () => {
  it('takes 0.75 of the lower and 1.75 of the upper quartile of the voiced frames', () => {
    assert.deepEqual(speakerRange([0, 100, 200, 0, 180, 120, 160, 0]), {
      floorHz: 90,
      ceilingHz: 315,
    });
  });

  it('stays within 60 and 600 Hz', () => {
    assert.equal(speakerRange([76, 76, 76, 76, 76])?.floorHz, 60);
    assert.equal(speakerRange([500, 500, 500, 500, 500])?.ceilingHz, 600);
  });

  it('is undefined with fewer than 5 voiced frames', () => {
    assert.equal(speakerRange([0, 100, 100, 0, 100, 100, 0]), undefined);
  });
});

describe('trackPitchTwice', () => {
  it('tracks a steady voice alike in both passes, the second with a shorter window', () => {
    const samples = Float32Array.from({ length: 3200 }, (_, i) => {
      const phase = (2 * Math.PI * 200 * i) / 16_000;
      return 0.2 * (Math.sin(phase) + Math.sin(2 * phase) + Math.sin(3 * phase));
    });
    const { contour, refined } = trackPitchTwice(samples, autocorrelate);
    for (const hz of [...contour.hz, ...refined.hz]) assert.ok(Math.abs(hz - 200) < 0.1, `${hz}`);
    assert.equal(contour.hz.length, 17);
    // Three periods of 150 Hz are 20 ms.
    assert.equal(refined.hz.length, 19);
  });

  it('repeats the first contour where too little is voiced', () => {
    const { contour, refined } = trackPitchTwice(new Float32Array(3200), autocorrelate);
    assert.equal(refined, contour);
    assert.deepEqual(contour.hz, new Array(17).fill(0));
  });
});
