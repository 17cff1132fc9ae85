import assert from 'node:assert/strict';
import { resample } from '../../src/audio/resample.ts';

const targetHz = 16_000;
const sourceRates = [8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000];

function tone(hz: number, rateHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / rateHz + 0.3),
  );
}

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

/** Without the edges, where the filter sees the silence around the recording. */
function middleOf(samples: Float32Array): Float32Array {
  return samples.subarray(400, samples.length - 400);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

/** Amplitude of the tone at `hz`, and the RMS of all that is left without it. */
function fitTone(samples: Float32Array, hz: number): { amplitude: number; rest: number } {
  const angle = (i: number) => (2 * Math.PI * hz * i) / targetHz;
  let [cc, ss, cs, xc, xs] = [0, 0, 0, 0, 0];
  samples.forEach((value, i) => {
    const [c, s] = [Math.cos(angle(i)), Math.sin(angle(i))];
    cc += c * c;
    ss += s * s;
    cs += c * s;
    xc += value * c;
    xs += value * s;
  });
  const determinant = cc * ss - cs * cs;
  const a = (xc * ss - xs * cs) / determinant;
  const b = (xs * cc - xc * cs) / determinant;
  const rest = samples.map((value, i) => value - a * Math.cos(angle(i)) - b * Math.sin(angle(i)));
  return { amplitude: Math.hypot(a, b), rest: rms(rest) };
}

describe('resample', () => {
  for (const rateHz of [...sourceRates, 12_347, 95_999]) {
    const lowerNyquist = Math.min(rateHz, targetHz) / 2;

    it(`passes tones at ${rateHz} Hz within 0.1 dB and adds nothing above -60 dB`, () => {
      for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.875]) {
        const hz = share * lowerNyquist;
        const { amplitude, rest } = fitTone(
          middleOf(resample(tone(hz, rateHz, 0.3), rateHz, targetHz)),
          hz,
        );
        assert.ok(Math.abs(decibels(amplitude)) < 0.1, `${hz} Hz: ${decibels(amplitude)} dB`);
        assert.ok(decibels(rest) < -60 + decibels(Math.SQRT1_2), `${hz} Hz: ${decibels(rest)} dB`);
      }
    });

    if (rateHz > targetHz) {
      it(`keeps what would alias from ${rateHz} Hz 60 dB down`, () => {
        for (const share of [0, 0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
          const hz = targetHz / 2 + share * (rateHz / 2 - targetHz / 2);
          const input = tone(hz, rateHz, 0.3);
          const level = decibels(rms(middleOf(resample(input, rateHz, targetHz))) / Math.SQRT1_2);
          assert.ok(level < -60, `${hz} Hz: ${level} dB`);
        }
      });
    }

    it(`keeps the duration and the start from ${rateHz} Hz`, () => {
      const input = new Float32Array(rateHz);
      const clickAt = Math.round(rateHz / 2);
      input[clickAt] = 1;
      const output = resample(input, rateHz, targetHz);
      assert.equal(output.length, targetHz);
      const peak = output.indexOf(Math.max(...output));
      assert.ok(Math.abs(peak / targetHz - clickAt / rateHz) <= 0.5 / targetHz + 1e-9);
    });
  }

  it('returns the samples themselves where the rates are equal', () => {
    const samples = tone(100, targetHz, 0.1);
    assert.equal(resample(samples, targetHz, targetHz), samples);
  });

  it('handles no samples and fewer samples than the filter has taps', () => {
    assert.equal(resample(new Float32Array(0), 44_100, targetHz).length, 0);
    assert.equal(resample(Float32Array.of(1, 1, 1), 48_000, targetHz).length, 1);
  });

  it('refuses rates that are not positive whole numbers', () => {
    for (const rate of [0, -8000, 44_100.5, NaN]) {
      assert.throws(() => resample(new Float32Array(4), rate, targetHz), RangeError);
    }
  });
});
