import { hasTextAt } from './foreign-format.ts';

/** Kinds of recordings that are told apart; `other` is decoded by nobody here. */
export type RecordingFormat = 'wav' | 'flac' | 'mp3' | 'ogg' | 'webm' | 'm4a' | 'other';

const id3HeaderBytes = 10;
/** Writers add at most two; each is looked at once. */
const mostTags = 8;

/**
 * Tells the format by the first bytes, never by a name or a content type: at most ten bytes for each
 * tag in front and twelve more are looked at. No bytes at all, and every RIFF file, are `wav`'s to judge.
 */
export function recordingFormatOf(bytes: Uint8Array): RecordingFormat {
  const at = id3Length(bytes);
  if (bytes.length === 0 || hasTextAt(bytes, 0, 'RIFF')) return 'wav';
  if (hasTextAt(bytes, at, 'fLaC')) return 'flac';
  if (at > 0 || isMp3Frame(bytes)) return 'mp3';
  if (hasTextAt(bytes, 0, 'OggS')) return 'ogg';
  if (hasTextAt(bytes, 0, '\x1a\x45\xdf\xa3')) return 'webm';
  if (hasTextAt(bytes, 4, 'ftyp')) return 'm4a';
  return 'other';
}

/** How many bytes of ID3v2 tags (titles, cover art) stand in front; may be more than the file has. */
export function id3Length(bytes: Uint8Array): number {
  let at = 0;
  for (let tag = 0; tag < mostTags && hasTextAt(bytes, at, 'ID3'); tag++) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at + 6, at + id3HeaderBytes);
    const hasFooter = ((bytes[at + 5] ?? 0) & 0x10) !== 0;
    at += id3HeaderBytes + (hasFooter ? id3HeaderBytes : 0);
    at += ((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f);
  }
  return at;
}

/** The header of an MPEG audio frame of layer III, with a bit rate and a sample rate that exist. */
function isMp3Frame(bytes: Uint8Array): boolean {
  const [sync = 0, kind = 0, rates = 0] = bytes;
  const isLayer3 = sync === 0xff && (kind & 0xe0) === 0xe0 && ((kind >> 1) & 3) === 1;
  const isVersion = ((kind >> 3) & 3) !== 1;
  return isLayer3 && isVersion && rates >> 4 !== 15 && ((rates >> 2) & 3) !== 3;
}
