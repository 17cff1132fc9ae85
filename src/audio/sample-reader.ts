import { AudioError } from './audio-error.ts';
import type { WavEncoding } from './wav-format.ts';

/** Reads the sample that begins at byte `at`; -1 to 1. */
export type SampleReader = (view: DataView, at: number) => number;

/**
 * The reader for an encoding and its width in bytes. Float samples beyond full scale are clamped;
 * the reader throws an AudioError (`damaged`) for NaN and infinity.
 */
export function sampleReaderFor(encoding: WavEncoding, bytesPerSample: number): SampleReader {
  switch (encoding) {
    case 'integer':
      return integerReader(bytesPerSample);
    case 'float':
      return bytesPerSample === 8
        ? (view, at) => clamp(view.getFloat64(at, true))
        : (view, at) => clamp(view.getFloat32(at, true));
    case 'a-law':
      return (view, at) => aLawToInt16(view.getUint8(at)) / 0x8000;
    case 'µ-law':
      return (view, at) => muLawToInt16(view.getUint8(at)) / 0x8000;
  }
}

function integerReader(bytesPerSample: number): SampleReader {
  switch (bytesPerSample) {
    case 1:
      return (view, at) => (view.getUint8(at) - 0x80) / 0x80;
    case 2:
      return (view, at) => view.getInt16(at, true) / 0x8000;
    case 3:
      return (view, at) => (view.getInt16(at + 1, true) * 0x100 + view.getUint8(at)) / 0x80_0000;
    default:
      return (view, at) => view.getInt32(at, true) / 0x8000_0000;
  }
}

function clamp(value: number): number {
  if (!Number.isFinite(value)) {
    throw new AudioError(
      'damaged',
      'The WAV file is damaged: a sample is not a finite number. Check the recorder.',
    );
  }
  return Math.max(-1, Math.min(1, value));
}

/** 16-bit value of an A-law byte. Source: ITU-T G.711, 13 bits left-justified. */
function aLawToInt16(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (code & 0x80) === 0 ? -magnitude : magnitude;
}

/** 16-bit value of a µ-law byte. Source: ITU-T G.711, 14 bits left-justified. */
function muLawToInt16(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return (code & 0x80) === 0 ? magnitude : -magnitude;
}
