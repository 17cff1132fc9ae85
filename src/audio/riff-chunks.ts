import { AudioError } from './audio-error.ts';
import { hasTextAt, nameForeignFormat } from './foreign-format.ts';

/** A stretch of the file, in bytes; always within it. */
export interface ByteRange {
  start: number;
  length: number;
}

export interface WavChunks {
  format: ByteRange;
  data: ByteRange;
}

const preambleBytes = 12;
const chunkHeaderBytes = 8;
/** What recorders write behind the samples. */
const trailingChunks = ['LIST', 'id3 ', 'ID3 ', 'fact', 'cue ', 'smpl', 'bext', 'iXML', 'JUNK'];

/**
 * Finds the `fmt ` and the first `data` chunk of a RIFF/WAVE file. Sizes are clamped to the bytes
 * present, and a data chunk that claims none has all that follow: recorders that stream write 0,
 * 0x7FFFFFFF or 0xFFFFFFFF because they do not know the size yet. Allocates nothing that grows
 * with the file and looks at no byte twice. Throws an AudioError where either chunk is missing.
 */
export function findWavChunks(bytes: Uint8Array): WavChunks {
  requireWave(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: ByteRange | undefined;
  let data: ByteRange | undefined;
  let at = preambleBytes;
  while (at + chunkHeaderBytes <= bytes.length && (format === undefined || data === undefined)) {
    const start = at + chunkHeaderBytes;
    const declared = view.getUint32(at + 4, true);
    const present = bytes.length - start;
    const length = Math.min(declared, present);
    if (hasTextAt(bytes, at, 'fmt ')) {
      format ??= { start, length };
    } else if (hasTextAt(bytes, at, 'data')) {
      const unknown = declared === 0 && !isTrailingChunk(bytes, view, start);
      data ??= { start, length: unknown ? present : length };
    }
    at = nextChunk(bytes, start + length, declared);
  }
  if (format === undefined) {
    throw damaged('it has no complete format chunk');
  }
  if (data === undefined) {
    throw damaged('it has no data chunk');
  }
  return { format, data };
}

function requireWave(bytes: Uint8Array): void {
  if (bytes.length === 0) {
    throw new AudioError(
      'empty',
      'The file holds no bytes. Check that the recorder finished before the upload began.',
    );
  }
  if (hasTextAt(bytes, 0, 'RIFF')) {
    if (bytes.length < preambleBytes) throw damaged('it ends within the first 12 bytes');
    if (hasTextAt(bytes, 8, 'WAVE')) return;
  }
  const name = nameForeignFormat(bytes);
  throw new AudioError(
    'unsupported',
    `This is not a WAV file${name === undefined ? '' : ` but ${name}`}. Have the application upload PCM, A-law or µ-law WAV.`,
  );
}

/** Chunks begin at even offsets, behind a padding byte; some writers forget it. */
function nextChunk(bytes: Uint8Array, end: number, declared: number): number {
  if (declared % 2 === 0) return end;
  const isPadded = hasTextAt(bytes, end + 1, 'data') || hasTextAt(bytes, end + 1, 'fmt ');
  return !isPadded && isChunkName(bytes, end) ? end : end + 1;
}

/** Four printable ASCII characters; the padding byte is zero, so it never begins a name. */
function isChunkName(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}

/** A data chunk of 0 bytes is empty, rather than unfinished, if a known chunk fits behind it. */
function isTrailingChunk(bytes: Uint8Array, view: DataView, at: number): boolean {
  return (
    at + chunkHeaderBytes <= bytes.length &&
    trailingChunks.some((name) => hasTextAt(bytes, at, name)) &&
    view.getUint32(at + 4, true) <= bytes.length - at - chunkHeaderBytes
  );
}

function damaged(what: string): AudioError {
  return new AudioError('damaged', `The WAV file is damaged: ${what}. Record or upload it again.`);
}
