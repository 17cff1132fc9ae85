import assert from 'node:assert/strict';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { buildWav, encodeSamples } from '../support/build-wav.ts';

function toneFile(sampleRateHz: number, bits: number): Uint8Array {
  const tone = Array.from(
    { length: sampleRateHz / 2 },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / sampleRateHz),
  );
  return buildWav({ sampleRateHz, bits, data: encodeSamples(tone, 1, bits) });
}

describe('decodeSpeech', () => {
  it('gives the same 16 kHz sound for every rate and width of a file', () => {
    const reference = decodeSpeech(toneFile(16_000, 16), { maxSeconds: 1 });
    assert.equal(reference.length, 8000);
    for (const rate of [8000, 16_000, 22_050, 44_100, 48_000]) {
      for (const bits of [8, 16, 24]) {
        const samples = decodeSpeech(toneFile(rate, bits), { maxSeconds: 1 });
        assert.equal(samples.length, 8000);
        for (let i = 200; i < 7800; i++) {
          const difference = Math.abs((samples[i] ?? NaN) - (reference[i] ?? NaN));
          assert.ok(difference < (bits === 8 ? 0.02 : 0.002), `${rate} Hz, ${bits} bits: ${i}`);
        }
      }
    }
  });

  it('refuses what decodeWav refuses', () => {
    assert.throws(() => decodeSpeech(toneFile(8000, 16), { maxSeconds: 0.4 }), /at most 0.4 s/);
  });
});
