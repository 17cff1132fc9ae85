/**
 * AAC by ffmpeg, in a process that can do nothing else: it is handed bare frames on its standard
 * input, since the container is read by us, and answers samples on its standard output.
 */
import { adtsFrame, aacFrameSamples, parseAacConfig } from '../audio/adts.ts';
import { AudioError } from '../audio/audio-error.ts';
import { tooLong, type SoundCollector } from '../audio/collect-sound.ts';
import { speechRateHz } from '../audio/speech-rate.ts';
import type { MediaPackets } from './media-packets.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

const SAMPLE_BYTES = 4;
/** Run-up and padding of any coder. */
const PADDING_S = 1;

/** `ffmpegPath` null: there is none on this machine. */
export async function decodeAac(
  { description, packets }: MediaPackets,
  sound: SoundCollector,
  { ffmpegPath, maxSeconds }: { ffmpegPath: string | null; maxSeconds: number },
): Promise<void> {
  const config = parseAacConfig(description);
  if (ffmpegPath === null) {
    throw new AudioError(
      'unsupported',
      'This is M4A (AAC), which needs ffmpeg, and none is installed on the worker. Install ffmpeg there (or set FFMPEG_PATH) and restart it, or have the application upload WAV, FLAC, MP3, Ogg Opus or WebM Opus.',
    );
  }
  const frames: Uint8Array[] = [];
  let runUpS = 0;
  const mostFrames = ((maxSeconds + PADDING_S) * config.sampleRateHz) / aacFrameSamples;
  for await (const { data, startS } of packets) {
    if (frames.length === 0) runUpS = Math.min(PADDING_S, Math.max(0, -startS));
    frames.push(adtsFrame(config, data));
    if (frames.length > mostFrames) throw tooLong(maxSeconds);
  }
  if (frames.length === 0) return;
  const decoded = await runFfmpeg(ffmpegPath, Buffer.concat(frames), {
    rateHz: speechRateHz,
    mostBytes: Math.ceil((maxSeconds + 2 * PADDING_S) * speechRateHz) * SAMPLE_BYTES,
  });
  const whole = decoded.subarray(0, decoded.length - (decoded.length % SAMPLE_BYTES));
  const samples = new Float32Array(new Uint8Array(whole).buffer);
  sound.add([samples.subarray(Math.round(runUpS * speechRateHz))], speechRateHz);
}
