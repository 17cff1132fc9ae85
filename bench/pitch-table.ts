import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AudioError } from '../src/audio/audio-error.ts';
import { decodeSpeech } from '../src/audio/decode-speech.ts';

/** Contours of a reference tracker, by file name relative to the table. */
export interface ReferenceContour {
  /** Time of the first frame and distance of frames, seconds. */
  t0: number;
  dt: number;
  /** 0 is unvoiced. */
  hz: number[];
}

export interface ReferenceRecording {
  name: string;
  /** Mono, 16 kHz. */
  samples: Float32Array;
  reference: ReferenceContour;
}

/** A table that cannot be used; the message says which part and what is expected. */
export class PitchTableError extends Error {
  override readonly name = 'PitchTableError';
}

/**
 * Reads `{"files": {"name.wav": {"t0", "dt", "hz"}}}` and the recordings it names.
 * Throws a PitchTableError for anything missing or malformed.
 */
export function readPitchTable(path: string): ReferenceRecording[] {
  const table = parse(path);
  const files = isRecord(table) ? table['files'] : undefined;
  if (!isRecord(files) || Object.keys(files).length === 0) {
    throw new PitchTableError(`${path}: expected {"files": {"name.wav": {"t0", "dt", "hz"}}}.`);
  }
  return Object.entries(files).map(([name, reference]) => {
    if (!isReferenceContour(reference)) {
      throw new PitchTableError(
        `${path}: the entry of ${name} needs the numbers "t0" and "dt" (seconds, dt above 0) and the list "hz".`,
      );
    }
    return { name, samples: readSamples(resolve(dirname(path), name)), reference };
  });
}

function parse(path: string): unknown {
  const text = readOrExplain(path).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PitchTableError(`${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
}

function readSamples(path: string): Float32Array {
  const bytes = readOrExplain(path);
  try {
    return decodeSpeech(bytes, { maxSeconds: 3600 });
  } catch (cause) {
    if (!(cause instanceof AudioError)) throw cause;
    throw new PitchTableError(`${path}: ${cause.message}`, { cause });
  }
}

function readOrExplain(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new PitchTableError(`Cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}

function isReferenceContour(value: unknown): value is ReferenceContour {
  if (!isRecord(value)) return false;
  const { t0, dt, hz } = value;
  return (
    typeof t0 === 'number' &&
    typeof dt === 'number' &&
    dt > 0 &&
    Array.isArray(hz) &&
    hz.every((frame) => typeof frame === 'number' && frame >= 0)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
