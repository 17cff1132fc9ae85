import { AudioError } from './audio-error.ts';

/** What an AudioSpecificConfig says, as far as an ADTS header can repeat it. */
export interface AacConfig {
  /** 1 Main, 2 LC, 3 SSR, 4 LTP: the coder of the core, below any spectral band replication. */
  profile: number;
  rateIndex: number;
  /** Of the core. */
  sampleRateHz: number;
  channels: number;
}

/** Every AAC frame that ADTS can carry. */
export const aacFrameSamples = 1024;

const ratesHz = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000,
];
const headerBytes = 7;
/** The frame's length has 13 bits. */
const mostFrameBytes = 0x1fff - headerBytes;

/**
 * Reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). HE-AAC names its core behind its own
 * rate; decoders find the replicated bands by themselves. Throws an AudioError: `damaged` where it is
 * cut off, `unsupported` for other coders, rates that have no index, and more than two channels.
 */
export function parseAacConfig(config: Uint8Array): AacConfig {
  if (config.length < 2) {
    throw new AudioError('damaged', 'The M4A file is damaged: it does not say how it is coded.');
  }
  const bits = (at: number, count: number): number => {
    let value = 0;
    for (let i = at; i < at + count; i++) {
      value = (value << 1) | (((config[i >> 3] ?? 0) >> (7 - (i & 7))) & 1);
    }
    return value;
  };
  const rateIndex = bits(5, 4);
  const channels = bits(9, 4);
  const outer = bits(0, 5);
  // 5: SBR, 29: PS. Then follow the replicated rate and the profile of the core.
  const profile = outer === 5 || outer === 29 ? bits(17, 5) : outer;
  const sampleRateHz = ratesHz[rateIndex];
  if (profile < 1 || profile > 4 || sampleRateHz === undefined || channels < 1 || channels > 2) {
    throw new AudioError(
      'unsupported',
      `The M4A file has AAC of profile ${profile}, rate index ${rateIndex} and ${channels} channels, which is not supported. Have the application upload AAC-LC with one or two channels.`,
    );
  }
  return { profile, rateIndex, sampleRateHz, channels };
}

/** A frame as ADTS: bare AAC that needs no container. Throws an AudioError where it is too large. */
export function adtsFrame({ profile, rateIndex, channels }: AacConfig, frame: Uint8Array) {
  if (frame.length > mostFrameBytes) {
    throw new AudioError('damaged', `The M4A file is damaged: a frame of ${frame.length} bytes.`);
  }
  const length = frame.length + headerBytes;
  const bytes = new Uint8Array(length);
  bytes.set([
    0xff,
    0xf1,
    ((profile - 1) << 6) | (rateIndex << 2) | (channels >> 2),
    ((channels & 3) << 6) | (length >> 11),
    (length >> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  ]);
  bytes.set(frame, headerBytes);
  return bytes;
}
