import { AudioError } from './audio-error.ts';
import type { ByteRange } from './riff-chunks.ts';

export type WavEncoding = 'integer' | 'float' | 'a-law' | 'µ-law';

export interface WavFormat {
  encoding: WavEncoding;
  channels: 1 | 2;
  sampleRateHz: number;
  bytesPerSample: number;
}

const lowestRateHz = 8000;
const highestRateHz = 96_000;
const extensibleTag = 0xfffe;
/** The rest of every KSDATAFORMAT_SUBTYPE, behind the two bytes of the tag. */
const extensibleGuid = '0000' + '00001000800000aa00389b71';
const encodings = new Map<number, { encoding: WavEncoding; bits: readonly number[] }>([
  [0x0001, { encoding: 'integer', bits: [8, 16, 24, 32] }],
  [0x0003, { encoding: 'float', bits: [32, 64] }],
  [0x0006, { encoding: 'a-law', bits: [8] }],
  [0x0007, { encoding: 'µ-law', bits: [8] }],
]);
const otherEncodings = new Map([
  [0x0002, 'Microsoft ADPCM'],
  [0x0011, 'IMA ADPCM'],
  [0x0031, 'GSM 6.10'],
  [0x0050, 'MPEG'],
  [0x0055, 'MP3'],
  [0x0161, 'Windows Media Audio'],
]);

/**
 * Reads the `fmt ` chunk at `range`. The byte rate is ignored (recorders get it wrong and nothing
 * needs it); everything else must be present and consistent. Throws an AudioError: `damaged` for
 * contradictions, `unsupported` for encodings, channels and rates that are not decoded.
 * Source: Microsoft, "Multiple channel audio data and WAVE files" (WAVEFORMATEXTENSIBLE).
 */
export function parseWavFormat(bytes: Uint8Array, range: ByteRange): WavFormat {
  if (range.length < 16) throw damaged(`the format chunk has ${range.length} bytes instead of 16`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + range.start, range.length);
  const channels = view.getUint16(2, true);
  const sampleRateHz = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  if (channels === 0) throw damaged('it claims 0 channels');
  if (sampleRateHz === 0) throw damaged('it claims a sample rate of 0 Hz');

  const encoding = parseEncoding(view, bits);
  if (channels !== 1 && channels !== 2) {
    throw unsupported(`${channels} channels`, 'one or two channels');
  }
  if (sampleRateHz < lowestRateHz || sampleRateHz > highestRateHz) {
    throw unsupported(`a sample rate of ${sampleRateHz} Hz`, '8 to 96 kHz');
  }
  const bytesPerSample = bits / 8;
  if (blockAlign !== channels * bytesPerSample) {
    throw damaged(
      `it claims ${blockAlign} bytes for ${channels} x ${bits} bits of each sampling instant`,
    );
  }
  return { encoding, channels, sampleRateHz, bytesPerSample };
}

function parseEncoding(view: DataView, bits: number): WavEncoding {
  const outerTag = view.getUint16(0, true);
  const tag = outerTag === extensibleTag ? extensibleSubTag(view) : outerTag;
  const known = tag === undefined ? undefined : encodings.get(tag);
  if (known === undefined) {
    const name = tag === undefined ? 'an unknown GUID' : (otherEncodings.get(tag) ?? hex(tag));
    throw unsupported(`the encoding ${name}`, 'PCM, float, A-law or µ-law');
  }
  if (!known.bits.includes(bits)) {
    throw unsupported(`${bits}-bit ${known.encoding} samples`, `${known.bits.join(', ')} bits`);
  }
  return known.encoding;
}

/** The tag inside WAVEFORMATEXTENSIBLE; undefined where its GUID is not of the common family. */
function extensibleSubTag(view: DataView): number | undefined {
  if (view.byteLength < 40) throw damaged('the extensible format chunk has less than 40 bytes');
  let guid = '';
  for (let at = 26; at < 40; at++) guid += view.getUint8(at).toString(16).padStart(2, '0');
  return guid === extensibleGuid ? view.getUint16(24, true) : undefined;
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(4, '0')}`;
}

function damaged(what: string): AudioError {
  return new AudioError('damaged', `The WAV header is damaged: ${what}. Check the recorder.`);
}

function unsupported(what: string, instead: string): AudioError {
  return new AudioError(
    'unsupported',
    `The WAV file has ${what}, which is not supported. Have the application upload ${instead}.`,
  );
}
