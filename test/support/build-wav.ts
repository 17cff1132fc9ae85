/** Writes WAV files of every encoding, and of every way writers get the header wrong. */
export interface WavSpec {
  /** 1 PCM, 3 float, 6 A-law, 7 µ-law. */
  tag: number;
  bits: number;
  channels: number;
  sampleRateHz: number;
  extensible: boolean;
  /** Encoded samples, interleaved. */
  data: Uint8Array;
  /** What the data chunk claims; its length where absent. */
  declaredBytes?: number;
  /** Whole chunks to put between the format and the data chunk. */
  between?: Uint8Array;
}

const extensibleGuidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

export function buildWav(spec: Partial<WavSpec> & Pick<WavSpec, 'data'>): Uint8Array {
  const { tag = 1, bits = 16, channels = 1, sampleRateHz = 16_000, extensible = false } = spec;
  const blockAlign = (channels * bits) / 8;
  const format = extensible ? new Uint8Array(40) : new Uint8Array(16);
  const view = new DataView(format.buffer);
  view.setUint16(0, extensible ? 0xfffe : tag, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRateHz, true);
  view.setUint32(8, sampleRateHz * blockAlign, true);
  view.setUint16(12, blockAlign, true);
  view.setUint16(14, bits, true);
  if (extensible) {
    view.setUint16(16, 22, true);
    view.setUint16(18, bits, true);
    view.setUint16(24, tag, true);
    format.set(extensibleGuidTail, 26);
  }
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format),
    spec.between ?? new Uint8Array(0),
    chunk('data', spec.data, spec.declaredBytes),
  ]);
  return Uint8Array.from(chunk('RIFF', body));
}

/** One chunk; `declaredBytes` may lie. Padding is the caller's matter. */
export function chunk(name: string, body: Uint8Array, declaredBytes = body.length): Uint8Array {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(declaredBytes, 4);
  return Buffer.concat([header, body]);
}

/** Samples from -1 to 1 as little-endian integers or floats. */
export function encodeSamples(samples: readonly number[], tag: number, bits: number): Uint8Array {
  const bytes = Buffer.alloc((samples.length * bits) / 8);
  samples.forEach((sample, index) => {
    const at = (index * bits) / 8;
    const steps = Math.min(2 ** (bits - 1) - 1, Math.round(sample * 2 ** (bits - 1)));
    if (tag === 3 && bits === 32) bytes.writeFloatLE(sample, at);
    else if (tag === 3) bytes.writeDoubleLE(sample, at);
    else if (bits === 8) bytes.writeUInt8(steps + 128, at);
    else bytes.writeIntLE(steps, at, bits / 8);
  });
  return bytes;
}
