/** Recordings that must be decoded first. Loaded when one comes: most services see WAV alone. */
import { AudioError } from '../audio/audio-error.ts';
import { collectSound, type SoundCollector } from '../audio/collect-sound.ts';
import { id3Length } from '../audio/recording-format.ts';
import { resample } from '../audio/resample.ts';
import { speechRateHz } from '../audio/speech-rate.ts';
import { decodeAac } from './decode-aac.ts';
import { decodeFlac } from './decode-flac.ts';
import { decodeMp3 } from './decode-mp3.ts';
import { decodeOpus } from './decode-opus.ts';
import { decodeVorbis } from './decode-vorbis.ts';
import { openMediaPackets, type Container } from './media-packets.ts';
import { FfmpegTrouble } from './run-ffmpeg.ts';

export type CompressedFormat = Container | 'mp3';

export interface CompressedLimits {
  maxSeconds: number;
  ffmpegPath: string | null;
}

/**
 * Mono at 16 kHz, -1 to 1. Decoding ends with the first packets beyond `maxSeconds`. Throws an
 * AudioError; whatever a decoder throws of a file is that file's damage, unless it is FfmpegTrouble.
 */
export async function decodeCompressed(
  bytes: Uint8Array,
  format: CompressedFormat,
  limits: CompressedLimits,
): Promise<Float32Array> {
  const sound = collectSound(limits);
  try {
    await decode(bytes, format, sound, limits);
  } catch (error) {
    // That says nothing of the recording: it is tried again.
    if (error instanceof AudioError || error instanceof FfmpegTrouble) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AudioError(
      'damaged',
      `The ${format} recording is damaged: ${reason.slice(0, 200)}. Record or upload it again.`,
    );
  }
  const { samples, sampleRateHz } = sound.finish();
  return resample(samples, sampleRateHz, speechRateHz);
}

async function decode(
  bytes: Uint8Array,
  format: CompressedFormat,
  sound: SoundCollector,
  limits: CompressedLimits,
): Promise<void> {
  const untagged = bytes.subarray(Math.min(bytes.length, id3Length(bytes)));
  if (format === 'mp3') return decodeMp3(untagged, sound);
  const media = await openMediaPackets(untagged, format);
  const { codec } = media;
  if (codec === 'flac') return decodeFlac(media, sound);
  if (codec === 'opus') return decodeOpus(media, sound, { endIsExact: format === 'ogg' });
  if (codec === 'aac') return decodeAac(media, sound, limits);
  if (codec === 'vorbis' && format === 'ogg') return decodeVorbis(untagged, sound);
  throw new AudioError(
    'unsupported',
    `The ${format} file holds ${codec ?? 'a sound that is not known'}, which is not supported. Have the application upload WAV, FLAC, MP3, Ogg Opus, WebM Opus or M4A (AAC).`,
  );
}
