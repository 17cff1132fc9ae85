import assert from 'node:assert/strict';
import fc from 'fast-check';
import { frameEnergyDb } from '../../src/audio/energy.ts';
import { atStandardLevel } from '../../src/audio/level.ts';
import { samplesOf, speechRegion } from '../../src/audio/speech-region.ts';

const QUIET = -70;
const LOUD = -20;
const energies = (before: number, speech: number, after: number) => [
  ...Array.from({ length: before }, () => QUIET),
  ...Array.from({ length: speech }, () => LOUD),
  ...Array.from({ length: after }, () => QUIET),
];

describe('speechRegion', () => {
  it('keeps a quarter of a second around the speech, whatever silence lies beyond', () => {
    const length = fc.integer({ min: 25, max: 400 });
    fc.assert(
      fc.property(length, fc.integer({ min: 50, max: 200 }), length, (before, speech, after) => {
        const { startS, endS } = speechRegion(energies(before, speech, after));
        assert.ok(Math.abs(startS - (before - 25) / 100) < 1e-9);
        assert.ok(Math.abs(endS - (before + speech + 25) / 100) < 1e-9);
      }),
    );
  });

  it('keeps everything where speech is under 3 % of the recording, rather than miss it', () => {
    assert.deepEqual(speechRegion(energies(500, 20, 500)), { startS: -0.25, endS: 10.45 });
  });

  it('keeps as much where the recording has less, as silence; is empty without frames', () => {
    const region = speechRegion(energies(3, 50, 0));
    assert.deepEqual(region, { startS: -0.22, endS: 0.78 });
    const samples = Float32Array.from({ length: 8480 }, (_, at) => at + 1);
    const speech = samplesOf(samples, region, 16_000);
    assert.equal(speech.length, 16_000);
    assert.deepEqual(speech.subarray(3520, 12_000), samples);
    assert.ok([...speech.subarray(0, 3520), ...speech.subarray(12_000)].every((x) => x === 0));
    assert.deepEqual(speechRegion([]), { startS: 0, endS: 0 });
  });

  for (const down of [0, 27]) {
    it(`is the same part, whatever digital silence is added, ${down} dB softer`, () => {
      const inner = energies(10, 60, 2).map((db) => db - down);
      const empty = Array.from({ length: 3000 }, () => -100);
      const { startS, endS } = speechRegion(inner);
      const moved = speechRegion([...empty, ...inner, ...empty]);
      assert.deepEqual(moved, { startS: startS + 30, endS: endS + 30 });
    });
  }
});

describe('atStandardLevel', () => {
  const tone = Float32Array.from({ length: 16_000 }, (_, at) => 0.1 * Math.sin(at / 7));
  const levelled = (samples: Float32Array) => atStandardLevel(samples, frameEnergyDb(samples));

  it('gives a recording and a louder or softer copy of it the same level', () => {
    const expected = levelled(tone);
    for (const factor of [0.01, 0.25, 4, 9]) {
      const other = levelled(tone.map((sample) => sample * factor));
      for (const at of [10, 5_000, 15_000]) {
        // Energies are rounded to 0.01 dB: a thousandth.
        const [one, two] = [expected[at] ?? NaN, other[at] ?? NaN];
        assert.ok(Math.abs(one - two) <= 0.003 * Math.abs(one) + 1e-9, `${factor}: ${one}, ${two}`);
      }
    }
  });

  it('never passes full scale, and leaves silence alone', () => {
    const clicks = Float32Array.from({ length: 16_000 }, (_, at) => (at % 4_000 === 0 ? 0.9 : 0));
    assert.ok(levelled(clicks).every((sample) => Math.abs(sample) <= 0.981));
    const silent = new Float32Array(1_600);
    assert.equal(levelled(silent), silent);
  });
});
