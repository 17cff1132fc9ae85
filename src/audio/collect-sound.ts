import { AudioError } from './audio-error.ts';
import type { AudioLimits } from './decode-wav.ts';

export interface SoundCollector {
  /**
   * Takes the next stretch, one array a channel, -1 to 1, and mixes it down. Throws an AudioError:
   * `too_long` at the first sample beyond the limit, `unsupported` for more than two channels or
   * rates outside 8 to 96 kHz, `damaged` where the rate changes or a sample is not finite.
   */
  add(channels: readonly Float32Array[], sampleRateHz: number): void;
  /** Everything so far, at most `maxSeconds`. Throws an AudioError: `empty` without a sample. */
  finish(): { samples: Float32Array; sampleRateHz: number };
}

/** Coders pad both ends of a recording by frames; a recording of just the limit must still pass. */
const paddingS = 0.15;
const lowestRateHz = 8000;
const highestRateHz = 96_000;

/** Collects what a decoder gives, stretch by stretch, so that nothing is decoded beyond the limit. */
export function collectSound({ maxSeconds }: AudioLimits): SoundCollector {
  const parts: Float32Array[] = [];
  let rateHz: number | undefined;
  let count = 0;
  return {
    add(channels, sampleRateHz) {
      const [left, right] = channels;
      if (left === undefined || left.length === 0) return;
      requireSupported(channels.length, sampleRateHz);
      rateHz ??= sampleRateHz;
      if (sampleRateHz !== rateHz) throw damaged('its sample rate changes on the way');
      count += left.length;
      if (count > (maxSeconds + paddingS) * rateHz) throw tooLong(maxSeconds);
      parts.push(mixDown(left, right));
    },
    finish() {
      if (rateHz === undefined) {
        throw new AudioError(
          'empty',
          'The file holds no sound. Check that the microphone was on and the upload complete.',
        );
      }
      const length = Math.min(count, Math.round(maxSeconds * rateHz));
      const samples = new Float32Array(length);
      let at = 0;
      for (const part of parts) {
        const fitting = part.subarray(0, length - at);
        samples.set(fitting, at);
        at += fitting.length;
      }
      return { samples, sampleRateHz: rateHz };
    },
  };
}

/** The refusal of a recording of which no more is decoded than its beginning. */
export function tooLong(maxSeconds: number): AudioError {
  return new AudioError(
    'too_long',
    `The recording lasts more than ${maxSeconds} s, which is the most that is accepted. Record only the sentence.`,
  );
}

/** Decoders overshoot full scale a little; WAV's floats are clamped the same way. */
function mixDown(left: Float32Array, right: Float32Array | undefined): Float32Array {
  return left.map((value, at) => {
    const mixed = right === undefined ? value : (value + (right[at] ?? 0)) / 2;
    if (!Number.isFinite(mixed)) throw damaged('a sample is not a finite number');
    return Math.min(1, Math.max(-1, mixed));
  });
}

function requireSupported(channels: number, sampleRateHz: number): void {
  if (channels > 2) {
    throw unsupported(`${channels} channels`, 'one or two channels');
  }
  if (!(sampleRateHz >= lowestRateHz && sampleRateHz <= highestRateHz)) {
    throw unsupported(`a sample rate of ${sampleRateHz} Hz`, '8 to 96 kHz');
  }
}

function damaged(what: string): AudioError {
  return new AudioError('damaged', `The recording is damaged: ${what}. Record or upload it again.`);
}

function unsupported(what: string, instead: string): AudioError {
  return new AudioError(
    'unsupported',
    `The recording has ${what}, which is not supported. Have the application upload ${instead}.`,
  );
}
