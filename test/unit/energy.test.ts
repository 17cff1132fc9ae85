import assert from 'node:assert/strict';
import { frameEnergyDb } from '../../src/audio/energy.ts';

describe('frameEnergyDb', () => {
  it('equals the plain formula on noise, padded by zeros at both ends', () => {
    let state = 1;
    const samples = Float32Array.from({ length: 1000 }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 1_073_741_823.5 - 1;
    });
    // 10 log10(1e-10 + mean((x w)^2)) with numpy.pad(x, (120, 400)) and numpy.hanning(400).
    const padded = [
      ...new Array<number>(120).fill(0),
      ...samples,
      ...new Array<number>(400).fill(0),
    ];
    const expected = Array.from({ length: 6 }, (_, frame) => {
      const power = padded
        .slice(frame * 160, frame * 160 + 400)
        .map((x, n) => (x * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 399))) ** 2);
      const mean = power.reduce((sum, value) => sum + value, 0) / 400;
      return Math.round(100 * 10 * Math.log10(1e-10 + mean)) / 100;
    });
    assert.deepEqual(frameEnergyDb(samples), expected);
  });

  it('reads -100 dB in digital silence and -4.27 dB for a constant at full scale', () => {
    assert.deepEqual(frameEnergyDb(new Float32Array(480)), [-100, -100, -100]);
    // mean(hanning(400)^2) is 0.375 * 399 / 400.
    assert.equal(frameEnergyDb(new Float32Array(1600).fill(1))[5], -4.27);
  });

  it('centres frame i at (i + 0.5) * 10 ms', () => {
    const samples = new Float32Array(3200);
    samples[Math.round(0.125 * 16_000)] = 1;
    const energies = frameEnergyDb(samples);
    assert.equal(energies.length, 20);
    assert.equal(energies.indexOf(Math.max(...energies)), 12);
  });

  it('has no frame for less than 10 ms', () => {
    assert.deepEqual(frameEnergyDb(new Float32Array(159)), []);
  });
});
