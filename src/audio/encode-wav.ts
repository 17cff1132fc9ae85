const headerBytes = 44;
const bytesPerSample = 2;

/**
 * A 16-bit mono PCM WAV file of `samples` (-1 to 1, clamped; NaN becomes silence) at
 * `sampleRateHz`. What `decodeWav` reads back differs by at most half a step of 2^-15.
 * Throws nothing. Source: the canonical 44-byte RIFF header.
 */
export function encodeWav(samples: Float32Array, sampleRateHz: number): Uint8Array {
  const dataBytes = samples.length * bytesPerSample;
  const bytes = new Uint8Array(headerBytes + dataBytes);
  const view = new DataView(bytes.buffer);
  const writeText = (at: number, text: string) => {
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  };
  writeText(0, 'RIFF');
  view.setUint32(4, headerBytes - 8 + dataBytes, true);
  writeText(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * bytesPerSample, true);
  view.setUint16(32, bytesPerSample, true);
  view.setUint16(34, 8 * bytesPerSample, true);
  writeText(36, 'data');
  view.setUint32(40, dataBytes, true);
  for (let at = 0; at < samples.length; at++) {
    const value = Math.round((samples[at] ?? 0) * 32_768);
    view.setInt16(headerBytes + at * bytesPerSample, clampToInt16(value), true);
  }
  return bytes;
}

function clampToInt16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}
