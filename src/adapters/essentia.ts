/**
 * Pitch tracking, and essentia.js (AGPL-3.0): the only file that imports it. An engine computes the
 * autocorrelations, essentia or the transforms in `audio/`; what is made of them is in `audio/`.
 *
 * Load essentia in a worker thread: the WASM module takes about 17 MB there, and a crash stays there.
 */
import { createRequire } from 'node:module';
import { AudioError } from '../audio/audio-error.ts';
import { createAutocorrelation } from '../audio/autocorrelation.ts';
import { frameEnergyDb } from '../audio/energy.ts';
import type { Autocorrelate } from '../audio/pitch-path.ts';
import { clippedShare } from '../audio/quality.ts';
import { speechRateHz } from '../audio/speech-rate.ts';
import { trackPitchTwice } from '../audio/two-pass-pitch.ts';
import type { PitchTrack } from '../scoring/analyses.ts';

export interface PitchTracker {
  /** Engine and version, for the key under which analyses are kept. */
  version: string;
  /**
   * Pitch, energy and clipping of a mono recording at 16 kHz, -1 to 1. Recordings shorter than a
   * window (40 ms) have empty contours. Throws an AudioError for samples that are not finite.
   */
  track: (samples: Float32Array) => PitchTrack;
}

/** As much of the WASM module as is used; the package has no types for it. */
export interface EssentiaModule {
  /** Replaced when the WASM memory grows: never keep them. */
  readonly HEAPF32: Float32Array;
  readonly HEAPU32: Uint32Array;
  readonly HEAPU8: Uint8Array;
  readonly VectorFloat: new () => VectorFloat;
  readonly EssentiaJS: new (debug: boolean) => EssentiaAlgorithms;
}

interface VectorFloat {
  /** Embind's handle: `ptr` is the address of the std::vector, which begins with its data pointer. */
  readonly $$: { readonly ptr: number };
  resize(length: number, fill: number): void;
  size(): number;
  delete(): void;
}

interface EssentiaAlgorithms {
  AutoCorrelation(
    array: VectorFloat,
    frequencyDomainCompression: number,
    generalized: boolean,
    normalization: string,
  ): { autoCorrelation: VectorFloat };
}

/** Changes when the same samples can give other contours. */
const pathVersion = 'boersma-1';

/** Raise it when `createAutocorrelation` can give other values. */
const transformVersion = 'fft-1';

/**
 * What computes the autocorrelations. Both give the same contours; `essentia` takes 13 times the
 * CPU time and is the reference. See docs/decisions/0006-own-autocorrelation.md.
 */
export type PitchEngine = 'fft' | 'essentia';

/** A tracker for this thread. `essentia` loads the WASM module (0.1 s of CPU). */
export function createPitchTracker(engine: PitchEngine = 'fft'): Promise<PitchTracker> {
  // A promise, so that an engine that loads asynchronously can take this place.
  return Promise.resolve().then(() => {
    if (engine === 'fft') return trackerOf(transformVersion, createAutocorrelation());
    const { essentia, version } = loadEssentia();
    return trackerOf(`essentia.js-${version}`, createAutocorrelate(essentia));
  });
}

function trackerOf(engineVersion: string, autocorrelate: Autocorrelate): PitchTracker {
  return {
    version: `${engineVersion}/${pathVersion}`,
    track: (samples) => trackRecording(samples, autocorrelate),
  };
}

function trackRecording(samples: Float32Array, autocorrelate: Autocorrelate): PitchTrack {
  // The engines would make a plausible pitch of NaN.
  if (!samples.every(Number.isFinite)) {
    throw new AudioError('damaged', 'The recording holds samples that are not finite numbers.');
  }
  return {
    durationS: samples.length / speechRateHz,
    ...trackPitchTwice(samples, autocorrelate),
    energyDb: frameEnergyDb(samples),
    clippedShare: clippedShare(samples),
  };
}

/**
 * Requires the WASM build alone: the package's entry also loads its machine learning and plotting,
 * for half as much CPU time again. Emscripten's glue aborts the process on any unhandled rejection,
 * so the listeners it adds are removed again; loading is synchronous, so no others are.
 */
export function loadEssentia(): { essentia: EssentiaModule; version: string } {
  const require = createRequire(import.meta.url);
  const before = new Set([
    ...listenersOf('uncaughtException'),
    ...listenersOf('unhandledRejection'),
  ]);
  const essentia = require('essentia.js/dist/essentia-wasm.umd.js') as EssentiaModule;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    for (const listener of listenersOf(event)) {
      if (!before.has(listener)) process.off(event, listener);
    }
  }
  const { version } = require('essentia.js/package.json') as { version: string };
  return { essentia, version };
}

function listenersOf(event: 'uncaughtException' | 'unhandledRejection') {
  return process.rawListeners(event) as ((...args: unknown[]) => void)[];
}

/**
 * Autocorrelation by essentia. Frames are written into and read from the WASM memory directly:
 * its own element-by-element copies cost 0.1 ms beside the 0.4 ms of the computation.
 */
export function createAutocorrelate(essentia: EssentiaModule): Autocorrelate {
  const algorithms = new essentia.EssentiaJS(false);
  const input = new essentia.VectorFloat();
  let result = new Float32Array(0);
  return (frame) => {
    if (frame.length === 0) throw new RangeError('There is no autocorrelation of an empty frame.');
    if (input.size() !== frame.length) {
      input.resize(frame.length, 0);
      result = new Float32Array(frame.length);
    }
    essentia.HEAPF32.set(frame, dataIndex(essentia, input));
    let output: VectorFloat | undefined;
    try {
      output = algorithms.AutoCorrelation(input, 0.5, false, 'standard').autoCorrelation;
      const start = dataIndex(essentia, output);
      result.set(essentia.HEAPF32.subarray(start, start + frame.length));
      return result;
    } catch (cause) {
      throw new Error(`essentia.js AutoCorrelation: ${essentiaMessage(essentia, cause)}`, {
        cause,
      });
    } finally {
      output?.delete();
    }
  };
}

/** Where a vector's floats begin in `HEAPF32`. */
function dataIndex(essentia: EssentiaModule, vector: VectorFloat): number {
  return (essentia.HEAPU32[vector.$$.ptr >> 2] ?? 0) >> 2;
}

/**
 * The text of what essentia threw. C++ exceptions arrive as the address of a
 * `{ vtable, std::string }`; libc++ keeps strings of up to 11 bytes inside, others by pointer.
 */
export function essentiaMessage(essentia: EssentiaModule, thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown !== 'number') return String(thrown);
  const at = thrown + 4;
  const tag = essentia.HEAPU8[at + 11] ?? 0;
  const isLong = (tag & 0x80) !== 0;
  const start = isLong ? (essentia.HEAPU32[at >> 2] ?? 0) : at;
  const length = isLong ? (essentia.HEAPU32[(at >> 2) + 1] ?? 0) : tag;
  if (length > 4096) return `C++ exception at ${thrown}`;
  return Buffer.from(essentia.HEAPU8.subarray(start, start + length)).toString('latin1');
}
