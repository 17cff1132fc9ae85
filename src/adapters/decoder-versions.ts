/** What decodes each format, with its version: part of the key of analyses of such recordings. */
import type { RecordingFormat } from '../audio/recording-format.ts';
import type { Ffmpeg } from './find-ffmpeg.ts';
import { packageVersion } from './package-version.ts';

/** Raise it when our own part of decoding gives other samples: mixing, trimming, the rate. */
const DECODE_REVISION = 'decode-1';

const PACKAGES: Record<Exclude<RecordingFormat, 'wav' | 'other'>, string[]> = {
  flac: ['mediabunny', '@wasm-audio-decoders/flac'],
  mp3: ['mpg123-decoder'],
  ogg: ['mediabunny', 'opus-decoder', '@wasm-audio-decoders/ogg-vorbis'],
  webm: ['mediabunny', 'opus-decoder'],
  m4a: ['mediabunny', 'opus-decoder'],
};

/**
 * Null for WAV, whose decoder has no version: its analyses stay valid whatever else is decoded here.
 * AAC needs ffmpeg, so analyses of M4A depend on the one that is installed.
 */
export function decoderVersion(format: string, ffmpeg: Ffmpeg | null): string | null {
  if (!Object.hasOwn(PACKAGES, format)) return null;
  const packages = PACKAGES[format as keyof typeof PACKAGES].map(packageVersion);
  const all = format === 'm4a' ? [...packages, `ffmpeg@${ffmpeg?.version ?? 'none'}`] : packages;
  return [DECODE_REVISION, ...all].join(' ');
}
