import assert from 'node:assert/strict';
import fc from 'fast-check';
import { trackPitchPath } from '../../src/audio/pitch-path.ts';
import type { Autocorrelate } from '../../src/audio/pitch-path.ts';

const rateHz = 16_000;
const range = { floorHz: 75, ceilingHz: 600 };

/** The definition, lag by lag. */
const autocorrelate: Autocorrelate = (frame) => {
  const result = new Float64Array(frame.length);
  for (let lag = 0; lag < frame.length; lag++) {
    let sum = 0;
    for (let i = lag; i < frame.length; i++) sum += (frame[i] ?? 0) * (frame[i - lag] ?? 0);
    result[lag] = sum;
  }
  return result;
};

/** A voice-like sound: harmonics up to 4 kHz, falling with their number. */
function voice(hzAt: (timeS: number) => number, seconds: number, amplitude = 0.1): Float32Array {
  let phase = 0;
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, (_, i) => {
    const hz = hzAt(i / rateHz);
    phase += (2 * Math.PI * hz) / rateHz;
    let sum = 0;
    for (let k = 1; k * hz < 4000; k++) sum += Math.sin(k * phase) / k;
    return amplitude * sum;
  });
}

function join(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

const silence = (seconds: number) => new Float32Array(Math.round(seconds * rateHz));

function track(samples: Float32Array, searched = range): ReturnType<typeof trackPitchPath> {
  return trackPitchPath(samples, searched, autocorrelate);
}

describe('trackPitchPath', () => {
  it('finds the pitch of steady voices from 80 to 580 Hz within a cent', () => {
    for (const hz of [80, 110.5, 197.3, 320, 441, 580]) {
      for (const found of track(voice(() => hz, 0.15)).hz) {
        assert.ok(Math.abs(1200 * Math.log2(found / hz)) < 1, `${found} Hz for ${hz} Hz`);
      }
    }
  });

  it('follows a glide', () => {
    const hzAt = (timeS: number) => 120 + 200 * timeS;
    const contour = track(voice(hzAt, 0.4));
    contour.hz.forEach((found, index) => {
      const expected = hzAt(contour.startS + index * contour.stepS);
      assert.ok(Math.abs(1200 * Math.log2(found / expected)) < 12, `${found} for ${expected}`);
    });
  });

  it('calls silence and noise unvoiced, and a voice between them voiced', () => {
    let state = 7;
    const noise = silence(0.3).map(() => {
      state = (state * 48_271) % 2_147_483_647;
      return 0.1 * (state / 1_073_741_823.5 - 1);
    });
    const contour = track(
      join(
        silence(0.3),
        voice(() => 150, 0.3),
        noise,
      ),
    );
    const voicedAt = contour.hz.map(
      (hz, i) => [hz > 0, contour.startS + i * contour.stepS] as const,
    );
    for (const [isVoiced, timeS] of voicedAt) {
      if (timeS < 0.27 || timeS > 0.63) assert.equal(isVoiced, false, `at ${timeS} s`);
      if (timeS > 0.33 && timeS < 0.57) assert.equal(isVoiced, true, `at ${timeS} s`);
    }
  });

  it('calls a voice at a hundredth of the peak unvoiced, as Praat does', () => {
    const contour = track(
      join(
        voice(() => 200, 0.2),
        voice(() => 200, 0.3, 0.001),
      ),
    );
    assert.equal(contour.hz[5], 200);
    assert.deepEqual(contour.hz.slice(-20), new Array(20).fill(0));
  });

  it('ignores a constant offset', () => {
    const sound = voice(() => 210, 0.2);
    assert.deepEqual(track(sound.map((value) => value + 0.25)).hz, track(sound).hz);
  });

  it('lays frames as Praat: as many as fit, centred, 10 ms apart', () => {
    // 27,840 samples (1.74 s) have 171 frames from 20 ms on, although (1.74 - 0.04) / 0.01 is 169.9…
    const contour = track(silence(1.74));
    assert.equal(contour.hz.length, 171);
    assert.ok(Math.abs(contour.startS - 0.02) < 1e-9);
    assert.equal(contour.stepS, 0.01);
    assert.ok(Math.abs(track(silence(0.145)).startS - 0.0225) < 1e-9);
  });

  it('has no frames for recordings shorter than one window', () => {
    assert.deepEqual(track(new Float32Array(0)), { startS: 0, stepS: 0.01, hz: [] });
    assert.deepEqual(track(new Float32Array(639)).hz, []);
    assert.deepEqual(track(new Float32Array(640)).hz, [0]);
  });

  it('stays within the range it searches, whatever the sound', () => {
    const sample = fc.float({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 700, maxLength: 1200 }),
        fc.integer({ min: 60, max: 300 }),
        (values, floorHz) => {
          const ceilingHz = 2 * floorHz;
          const { hz } = track(Float32Array.from(values), { floorHz, ceilingHz });
          // Praat searches a little beyond one period of the floor.
          assert.ok(
            hz.every((value) => value === 0 || (value > 0.95 * floorHz && value < ceilingHz)),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
