import assert from 'node:assert/strict';
import { adtsFrame, parseAacConfig } from '../../src/audio/adts.ts';
import { AudioError } from '../../src/audio/audio-error.ts';

const config = (hex: string) => parseAacConfig(Uint8Array.from(Buffer.from(hex, 'hex')));

describe('parseAacConfig', () => {
  it('reads AAC-LC, and the core of HE-AAC that names its own rate', () => {
    // LC, 44.1 kHz, stereo; HE-AAC (SBR), core 22.05 kHz, mono, 44.1 kHz beside it.
    assert.deepEqual(config('1210'), {
      profile: 2,
      rateIndex: 4,
      sampleRateHz: 44_100,
      channels: 2,
    });
    assert.deepEqual(config('2b8a0800'), {
      profile: 2,
      rateIndex: 7,
      sampleRateHz: 22_050,
      channels: 1,
    });
  });

  it('refuses what ADTS cannot carry', () => {
    const unsupported = (error: unknown) =>
      error instanceof AudioError && error.problem === 'unsupported';
    // Rate 15 (written out), 5.1 channels, USAC, channels 0 (told elsewhere).
    for (const hex of ['1788', '1230', 'f90c', '1200']) {
      assert.throws(() => config(hex), unsupported, hex);
    }
    assert.throws(() => config('12'), /does not say how it is coded/);
  });
});

describe('adtsFrame', () => {
  it('puts the seven bytes before the frame that ffmpeg’s own muxer would', () => {
    const framed = adtsFrame(config('1210'), new Uint8Array(371 - 7));
    assert.equal(Buffer.from(framed.subarray(0, 7)).toString('hex'), 'fff150802e7ffc');
    assert.equal(framed.length, 371);
    assert.throws(() => adtsFrame(config('1210'), new Uint8Array(8185)), /a frame of 8185 bytes/);
  });
});
